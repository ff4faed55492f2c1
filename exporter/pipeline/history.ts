import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { Batch } from '../sources/source.ts'
import type { Gateways } from './gateways.ts'
import type { MinuteKey } from './minute-consumer.ts'
import { minuteOf } from './minute-series.ts'
import type { Minutes } from './minutes.ts'
import { Pairing } from './pairing.ts'
import { type Understanding, understand } from './understanding.ts'

interface KeyHistory {
  readonly key: MinuteKey
  readonly counts: Map<number, number>
}

/**
 * The past of one source, gathered into minutes and never into counters. Live reading goes on beside it; the minutes
 * are handed over in one piece when the past is complete, because the scorer needs them in order.
 */
export class History {
  readonly #source: string
  readonly #how: Understanding
  readonly #gateways: Gateways
  readonly #listener: (event: SecurityEvent) => void
  readonly #pairing: Pairing
  readonly #keys = new Map<string, KeyHistory>()
  #watermark = Number.NEGATIVE_INFINITY

  constructor(source: string, how: Understanding, gateways: Gateways, listener: (event: SecurityEvent) => void) {
    this.#gateways = gateways
    this.#listener = listener
    this.#source = source
    this.#how = how
    this.#pairing = new Pairing(`history of ${source}`)
  }

  add(batch: Batch): void {
    for (const record of batch.records) {
      const understood = understand(this.#source, record, this.#how)
      if (understood.kind !== 'event') continue
      const { claim, event } = understood
      this.#gateways.hear(event.gateway, this.#source, claim)
      if (this.#pairing.admit(claim, event, this.#watermark)) this.#count(event)
    }
    this.#watermark = Math.max(this.#watermark, batch.watermark)
    for (const event of this.#pairing.release(this.#watermark)) this.#count(event)
  }

  /** @param end where a series that was not heard of live begins to be read live */
  finish(minutes: Minutes, end: EpochMs): void {
    for (const event of this.#pairing.release(Number.MAX_SAFE_INTEGER)) this.#count(event)
    for (const { key, counts } of this.#keys.values()) minutes.addHistory(this.#source, key, counts, minuteOf(end))
  }

  #count(event: SecurityEvent): void {
    const { gateway, trustZone, signal, eventTime, count } = event
    this.#listener(event)
    const name = JSON.stringify([gateway, trustZone, signal])
    let history = this.#keys.get(name)
    if (history === undefined) {
      history = { key: { gateway, trustZone, signal }, counts: new Map() }
      this.#keys.set(name, history)
    }
    const minute = minuteOf(eventTime)
    history.counts.set(minute, (history.counts.get(minute) ?? 0) + count)
  }
}
