import type { Logger } from '../../../service/log/logger.ts'
import type { Batch, Delivery, Receipt, Source, SourceHealth, SourceStart } from '../../contracts/source.ts'
import type { Sleep } from '../../contracts/source-kind.ts'
import { Deliveries, stopped, type WaitingDelivery } from './deliveries.ts'
import { Intake, type IntakeDependencies, type IntakeOptions, NOTHING } from './intake.ts'
import { RequestRefused } from './request.ts'

export interface OtlpSourceDependencies extends IntakeDependencies {
  readonly logger: Pick<Logger, 'error'>
  readonly sleep: Sleep
}

/** Milliseconds between two batches while nothing is delivered. */
const PACE_MS = 1_000
export function createOtlpSource(options: IntakeOptions, dependencies: OtlpSourceDependencies): Source {
  return new OtlpSource(options, dependencies)
}

/**
 * Log records that senders deliver by OTLP. A delivery is answered when the state holds its records; one that is
 * repeated, because its answer was lost, counts once: the ids of its records are remembered in the same transaction.
 */
class OtlpSource implements Source {
  readonly kind = 'otlp'
  readonly durable = true
  readonly name: string
  readonly #options: IntakeOptions
  readonly #dependencies: OtlpSourceDependencies
  readonly #deliveries = new Deliveries()
  #intake: Intake | undefined
  #hasReceived = false

  constructor(options: IntakeOptions, dependencies: OtlpSourceDependencies) {
    this.name = options.name
    this.#options = options
    this.#dependencies = dependencies
  }

  health(): SourceHealth {
    const ids = this.#intake?.ids
    const notices = [
      ...(this.#hasReceived ? [] : ['no request of a sender was received since the start']),
      ...(ids?.isShortened === true
        ? ['more records come than ids can be remembered for the horizon: a request that is repeated late counts again']
        : []),
    ]
    return { up: true, notices, ...(ids && { details: { rememberedIds: ids.size } }) }
  }

  receive(delivery: Delivery): Promise<Receipt> {
    this.#hasReceived = true
    return this.#deliveries.add(delivery)
  }

  async *read(start: SourceStart): AsyncGenerator<Batch> {
    const { sleep } = this.#dependencies
    const { signal } = start
    const intake = new Intake(this.#options, this.#dependencies, start.cursor)
    this.#intake = intake
    this.#deliveries.open()
    try {
      while (!signal.aborted) {
        const waiting = this.#deliveries.take()
        if (waiting !== undefined) {
          yield* this.#taken(waiting, intake, start)
          continue
        }
        yield intake.batch(NOTHING, true)
        const arrived = new AbortController()
        void this.#deliveries.arrived.then(() => arrived.abort())
        await sleep(PACE_MS, AbortSignal.any([signal, arrived.signal]))
      }
    } finally {
      this.#deliveries.close()
    }
  }

  /** The batches of a delivery. It is answered after the commit that holds the last of them, which is not waited for. */
  async *#taken({ delivery, answer }: WaitingDelivery, intake: Intake, start: SourceStart): AsyncGenerator<Batch> {
    const { signal, committed = async () => undefined } = start
    let malformed = 0
    try {
      for (const piece of intake.piecesOf(delivery)) {
        malformed += piece.malformed + piece.tooLong
        yield intake.batch(piece, this.#deliveries.isEmpty)
        // The rest is repeated by the sender, and only the rest is new then.
        if (signal.aborted) return answer(stopped)
      }
    } catch (error) {
      return answer(this.#refusal(error))
    }
    void committed().then(() => answer(signal.aborted ? stopped : { outcome: 'committed', malformed }))
  }

  /** Nothing that is sent may end the reading: an error of our own is one of this request. */
  #refusal(error: unknown): Receipt {
    if (error instanceof RequestRefused) return { outcome: error.fault, sentence: error.sentence }
    this.#dependencies.logger.error('A request with log records could not be read; report it.', { error })
    return { outcome: 'malformed', sentence: 'The request cannot be read.' }
  }
}
