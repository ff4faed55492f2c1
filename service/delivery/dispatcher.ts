import type { Clock, EpochMs } from '../../core/clock.ts'
import { backOff } from '../../core/time/back-off.ts'
import type { Logger } from '../log/logger.ts'
import type { Delivery, Outbox } from './outbox.ts'
import type { Senders } from './sender.ts'

/** The final result of a delivery. */
export interface DeliveryResult {
  readonly ok: boolean
  /** The receiver's own reference, its response, or why the delivery became a dead letter. */
  readonly detail: string
}

export interface DispatcherOptions {
  readonly outbox: Outbox
  /** Changes the database of the outbox; resolves when the change is durable. */
  readonly write: (change: () => void) => Promise<void>
  readonly senders: Senders
  /** Records the result of a delivery, inside `write`. */
  readonly settle: (delivery: Delivery, result: DeliveryResult) => void
  /** Called for every attempt with its outcome, after the outcome is written. */
  readonly count: (outcome: 'sent' | 'retried' | 'dead') => void
  /** Called with the duration of every attempt, milliseconds. */
  readonly observe: (milliseconds: number) => void
  /** Between 0 and 1. */
  readonly random: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** Concurrent requests to one destination: a slow destination does not delay others. */
const MAX_CONCURRENT = 4
/** Half of a pause is random. */
const PAUSES = { first: 1_000, longest: 15 * 60_000, spread: 0.5 }

/** Milliseconds before the next attempt, at least as long as the receiver requested. */
function pauseAfter(attempts: number, random: number, retryAfter = 0): number {
  return Math.max(backOff(PAUSES, attempts, 1 - random), Math.min(retryAfter, PAUSES.longest))
}

/** Records the result of an attempt. Rejects where it could not be written; then it may be called again. */
type RecordResult = () => Promise<void>

/** Sends the deliveries of the outbox in the background. */
export class Dispatcher {
  readonly #options: DispatcherOptions
  /** By destination, then by delivery. */
  readonly #underWay = new Map<string, Map<string, Promise<void>>>()
  /**
   * Results that could not be written, by delivery: while the disk is full, a message must not be sent again and again.
   * Such a delivery stays the next one of its destination, so there are few.
   */
  readonly #unrecorded = new Map<string, RecordResult>()

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  /** Starts the attempts that are due; resolves when they have finished. */
  async send(): Promise<void> {
    const { outbox, clock } = this.#options
    const now = clock.now()
    for (const destination of outbox.destinationsDue(now)) this.#sendTo(destination, now)
    await this.idle()
  }

  #sendTo(destination: string, now: EpochMs): void {
    const { outbox } = this.#options
    const underWay = this.#underWay.get(destination) ?? new Map<string, Promise<void>>()
    this.#underWay.set(destination, underWay)
    for (const delivery of outbox.due(destination, now, MAX_CONCURRENT + underWay.size)) {
      if (underWay.size >= MAX_CONCURRENT) return
      if (underWay.has(delivery.id)) continue
      const sending = this.#deliver(delivery).finally(() => underWay.delete(delivery.id))
      underWay.set(delivery.id, sending)
    }
  }

  /** Resolves when all started attempts have finished. */
  async idle(): Promise<void> {
    await Promise.all([...this.#underWay.values()].flatMap(underWay => [...underWay.values()]))
  }

  /** Records the result of an earlier attempt, where that is still to be done; else makes one. */
  async #deliver(delivery: Delivery): Promise<void> {
    const earlier = this.#unrecorded.get(delivery.id)
    try {
      const record = earlier ?? (await this.#attempt(delivery))
      this.#unrecorded.set(delivery.id, record)
      await record()
      this.#unrecorded.delete(delivery.id)
    } catch (error) {
      if (earlier !== undefined) return
      this.#options.logger.error('The result of a delivery could not be recorded; that is tried again.', {
        delivery: delivery.id,
        error,
      })
    }
  }

  async #attempt(delivery: Delivery): Promise<RecordResult> {
    const { outbox, write, senders, count, observe, clock, random } = this.#options
    const sender = senders.get(delivery.destination)
    if (sender === undefined) return () => this.#giveUp(delivery, 'the destination is no longer configured')
    const begun = clock.monotonic()
    const result = await sender.send(delivery)
    if (result === undefined) return () => this.#giveUp(delivery, 'its row in the outbox is damaged')
    observe(clock.monotonic() - begun)
    const now = clock.now()
    if (result.ok) {
      return async () => {
        await write(() => {
          outbox.sent(delivery.id, result.reference ?? '')
          this.#options.settle(delivery, { ok: true, detail: result.reference ?? result.detail })
        })
        count('sent')
      }
    }
    if (!result.retryable || now >= delivery.giveUpAt) return () => this.#giveUp(delivery, result.detail)
    const pause = pauseAfter(delivery.attempts, random(), result.retryAfter)
    return async () => {
      await write(() => outbox.retry(delivery.id, now + pause, result.detail))
      count('retried')
    }
  }

  async #giveUp(delivery: Delivery, error: string): Promise<void> {
    const { outbox, write, settle, count, clock, logger } = this.#options
    await write(() => {
      outbox.giveUp(delivery.id, clock.now(), error)
      settle(delivery, { ok: false, detail: error })
    })
    count('dead')
    logger.error('A delivery failed permanently; it can be replayed.', { delivery: delivery.id, reason: error })
  }
}
