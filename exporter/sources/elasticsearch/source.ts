import type { Clock, EpochMs } from '../../../core/clock.ts'
import type { ClawtrustError } from '../../../core/errors.ts'
import { undatedSentence } from '../../../service/elasticsearch/undated.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Batch, Source, SourceHealth, SourceStart } from '../../contracts/source.ts'
import { BackOff } from './back-off.ts'
import { Backfill } from './backfill.ts'
import { ClientSession, type ClientSessionOptions } from './client-session.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { Reader } from './reader.ts'

export interface ElasticsearchSourceDependencies {
  readonly session: ClientSessionOptions
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** 0 to 1. */
  readonly random: () => number
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export function createElasticsearchSource(
  options: ElasticsearchSourceOptions,
  dependencies: ElasticsearchSourceDependencies,
): Source {
  return new ElasticsearchSource(options, dependencies)
}

/**
 * Reads documents out of Elasticsearch, each once. Rounds follow each other at the interval; a failure is reported by
 * `health` and tried again with a growing pause from the last position that was whole.
 */
class ElasticsearchSource implements Source {
  readonly kind = 'elasticsearch'
  readonly durable = true
  readonly name: string
  readonly horizon: number
  readonly #options: ElasticsearchSourceOptions
  readonly #dependencies: ElasticsearchSourceDependencies
  readonly #began = Promise.withResolvers<EpochMs>()
  #health: SourceHealth = { up: false, reason: 'not connected yet' }
  #reader: Reader | undefined
  #backfill: Backfill | undefined
  #oversized = 0
  #isUndated = false

  constructor(options: ElasticsearchSourceOptions, dependencies: ElasticsearchSourceDependencies) {
    this.name = options.name
    this.horizon = options.horizon
    this.#options = options
    this.#dependencies = dependencies
  }

  health(): SourceHealth {
    const { skew, undated, rememberedIds } = this.#reader ?? {}
    const details = {
      cursorField: this.#options.cursorField,
      ...(skew === undefined ? {} : { clockSkew: skew }),
      ...(undated === undefined ? {} : { undatedDocuments: undated.documents }),
      ...(rememberedIds === undefined ? {} : { rememberedIds }),
      ...(this.#backfill === undefined ? {} : { backfillProgress: this.#backfill.progress }),
    }
    const notices = [this.#tooLarge, this.#undated].filter(notice => notice !== undefined)
    return { ...this.#health, notices, details }
  }

  async *read(start: SourceStart): AsyncGenerator<Batch> {
    const { clock, sleep } = this.#dependencies
    const reader = new Reader(this.#options, clock, start)
    this.#reader = reader
    yield* this.#persistently(start.signal, {
      work: client => reader.round(client),
      succeeded: ({ tally }) => {
        this.#report({ up: true })
        this.#passOver(tally.undecoded.line_too_long ?? 0)
        this.#reportUndated()
        if (reader.began !== undefined) this.#began.resolve(reader.began)
      },
      failed: ({ code, message }) => {
        const isWithoutInput = code === 'ELASTICSEARCH_NO_INDEX'
        this.#report({ up: false, reason: message, isWithoutInput })
        return reader.interrupted(isWithoutInput)
      },
      finished: async () => {
        await sleep(this.#options.interval, start.signal)
        return false
      },
    })
  }

  /** What lies in the index before counting began: for minutes only. Needs `read` to be under way. */
  async *backfill(start: SourceStart): AsyncGenerator<Batch> {
    const { signal } = start
    const aborted = new Promise<undefined>(resolve => signal.addEventListener('abort', () => resolve(undefined)))
    const end = await Promise.race([this.#began.promise, aborted])
    if (end === undefined) return
    const backfill = new Backfill(this.#options, end, start, this.#dependencies)
    this.#backfill = backfill
    yield* this.#persistently(signal, {
      work: client => backfill.rest(client),
      succeeded: () => undefined,
      failed: () => [],
      finished: async () => true,
    })
  }

  /** Does a piece of work again and again, until it is finished for good or the signal aborts. */
  async *#persistently(signal: AbortSignal, task: Task): AsyncGenerator<Batch> {
    const { session: options, clock, random, sleep } = this.#dependencies
    const session = new ClientSession(options)
    const backOff = new BackOff(clock, random)
    try {
      while (!signal.aborted) {
        try {
          const client = await session.client()
          for await (const batch of task.work(client)) {
            task.succeeded(batch)
            yield batch
          }
          backOff.reset()
          if (await task.finished()) return
        } catch (failure) {
          if (signal.aborted) return
          yield* task.failed(await session.failed(failure))
          await sleep(backOff.next(), signal)
        }
      }
    } finally {
      await session.close()
    }
  }

  #passOver(documents: number): void {
    if (documents === 0) return
    const isFirst = this.#oversized === 0
    this.#oversized += documents
    if (isFirst) this.#dependencies.logger.warn(this.#tooLarge ?? '')
  }

  get #tooLarge(): string | undefined {
    if (this.#oversized === 0) return undefined
    const which = this.#oversized === 1 ? '1 document was' : `${this.#oversized} documents were`
    return `${which} skipped because of a text of more than 131,072 characters, which no gateway writes; configure the shipper to truncate such lines, and check their origin`
  }

  /** Logged once, until there are none. */
  #reportUndated(): void {
    const sentence = this.#undated
    if (sentence !== undefined && !this.#isUndated) this.#dependencies.logger.warn(sentence)
    this.#isUndated = sentence !== undefined
  }

  get #undated(): string | undefined {
    const undated = this.#reader?.undated
    if (undated === undefined || undated.documents === 0) return undefined
    return undatedSentence(this.#options.cursorField, undated)
  }

  #report(health: SourceHealth): void {
    const { logger } = this.#dependencies
    if (!health.up && this.#health.reason !== health.reason) logger.warn(health.reason ?? '')
    if (health.up && !this.#health.up) logger.info('Reading from Elasticsearch.')
    this.#health = health
  }
}

interface Task {
  readonly work: (client: Awaited<ReturnType<ClientSession['client']>>) => AsyncIterable<Batch>
  /** A batch came. */
  readonly succeeded: (batch: Batch) => void
  /** What of it must be saved. */
  readonly failed: (failure: ClawtrustError) => Iterable<Batch>
  /** True where there is nothing more to do; false where it is to be done again. */
  readonly finished: () => Promise<boolean>
}
