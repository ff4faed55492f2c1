import { createHash } from 'node:crypto'
import type { Clock, EpochMs } from '../../../core/clock.ts'
import { failureReason } from '../../../core/errors.ts'
import type { Decoding } from '../../../decoding/toolkit/record.ts'
import type { Logger } from '../../../service/log/logger.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, CursorChange, Source, SourceHealth, SourceRecord, SourceStart } from '../../contracts/source.ts'
import type { Sleep } from '../../contracts/source-kind.ts'

/** What one thing that is looked at brought. */
export interface Found {
  /** Identifies it within the source. */
  readonly key: string
  readonly decodings: readonly Decoding[]
  /** What the next look is compared with; null where it is gone. */
  readonly state: Json
}

/** What one look brought. */
export interface Look {
  readonly found: readonly Found[]
  /** One sentence for each thing that could not be looked at. */
  readonly troubles: readonly string[]
}

export interface ObservedSourceOptions {
  readonly name: string
  readonly kind: string
  /** Value of the label `decoder` of what it finds. */
  readonly decoder: string
  readonly gateway?: string | undefined
  /** Between the beginnings of two looks, milliseconds. */
  readonly interval: number
  /** Sentences on what should be configured otherwise, although the source works. */
  readonly notices?: readonly string[]
  /** Looks once. @param states what was found last, by key */
  readonly look: (states: ReadonlyMap<string, Json>, signal: AbortSignal) => Promise<Look>
}

export interface ObservedSourceDependencies {
  readonly clock: Pick<Clock, 'now'>
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly sleep: Sleep
}

const ID_DIGITS = 16
/** Between two batches, milliseconds: while nothing is found, the watermark follows the clock. */
const PAUSE_MS = 2_000

/**
 * Looks at things of the configuration at an interval, and hands on what has changed since the last look. What it
 * compares with is its cursor, which is committed with the changes: a change counts once, also over restarts. It decodes
 * what it has seen itself, so that no line of a log can pass for it.
 */
export function createObservedSource(options: ObservedSourceOptions, dependencies: ObservedSourceDependencies): Source {
  const { name, kind, interval, notices = [] } = options
  const { clock, logger, sleep } = dependencies
  let health: SourceHealth = { up: true, backlog: 0, notices }

  function report([trouble, ...others]: readonly string[]): void {
    const reason = trouble !== undefined && others.length > 0 ? `${trouble} (${others.length} more)` : trouble
    if (reason !== undefined && reason !== health.reason) logger.warn(reason)
    if (reason === undefined && !health.up) logger.info('All that is configured can be looked at again.')
    health = { up: reason === undefined, backlog: 0, notices, ...(reason !== undefined && { reason }) }
  }

  return {
    name,
    kind,
    durable: true,
    isIntermittent: true,
    health: () => health,
    async *read({ cursor, signal }: SourceStart): AsyncIterable<Batch> {
      const states = new Map(cursor)
      let due = Number.NEGATIVE_INFINITY
      let looking: Promise<Look> | undefined
      let done: Look | undefined
      let watermark = 0
      let hasLooked = false
      while (!signal.aborted) {
        const now = clock.now()
        // Where the clock was set back it is due by the interval at the latest.
        if (looking === undefined && (now >= due || due - now > interval)) {
          due = now + interval
          looking = options.look(new Map(states), signal).catch(failedLook)
        }
        const pause = sleep(PAUSE_MS, signal)
        if (looking !== undefined) {
          // A server that does not answer must not hold open the minutes of all sources.
          done = await Promise.race([looking, pause.then(() => undefined)])
        }
        if (signal.aborted) return
        watermark = Math.max(watermark, clock.now())
        hasLooked ||= done !== undefined
        yield { ...batchOf(options, done, states, watermark), caughtUp: hasLooked }
        if (done !== undefined) {
          report(done.troubles)
          looking = undefined
          done = undefined
        }
        await pause
      }
    },
  }
}

/** A defect of the program: it must not pass for a look that found nothing. */
const failedLook = (error: unknown): Look => ({ found: [], troubles: [`The look failed (${failureReason(error)}).`] })

function batchOf(
  { decoder, gateway }: ObservedSourceOptions,
  look: Look | undefined,
  states: Map<string, Json>,
  now: EpochMs,
): Omit<Batch, 'caughtUp'> {
  const cursor: CursorChange[] = []
  const records: SourceRecord[] = []
  for (const { key, decodings, state } of look?.found ?? []) {
    const before = createHash('sha256')
      .update(JSON.stringify(states.get(key) ?? null))
      .digest('hex')
    if (state === null) states.delete(key)
    else states.set(key, state)
    cursor.push({ key, value: state })
    records.push(
      ...decodings.map((decoding, index) => ({
        // What follows a state is the same record when it is looked at again from there.
        id: `${key}@${before.slice(0, ID_DIGITS)}#${index}`,
        body: '',
        decoded: { decoder, decoding },
        ...(gateway !== undefined && { gateway }),
      })),
    )
  }
  return { records, tally: { skipped: 0, undecoded: {}, lostBytes: 0 }, cursor, watermark: now }
}
