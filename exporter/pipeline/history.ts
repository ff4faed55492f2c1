import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { CursorValue, Json } from '../../service/state/state.ts'
import type { Batch } from '../sources/source.ts'
import type { Gateways } from './gateways.ts'
import type { Minutes } from './minutes.ts'
import { type Pairing, RELEASED_AT_ONCE } from './pairing.ts'
import { type Understanding, understand } from './understanding.ts'

/** Cursor key that is there as long as the past is not read to its end. */
const UNDER_WAY = 'past'
const PREFIX = `${UNDER_WAY}/`

export interface HistoryOptions {
  readonly source: string
  readonly pairing: Pairing
  readonly how: Understanding
  readonly gateways: Gateways
  readonly minutes: Minutes
  /** Told of every event. */
  readonly listener: (event: SecurityEvent) => void
}

/** Whether an entry of a source's cursor belongs to the reading of its past. */
export const isOfHistory = (key: string) => key === UNDER_WAY || key.startsWith(PREFIX)

/**
 * The past of one source, counted into minutes and never into counters, while live reading goes on beside it. Its
 * cursor is saved with the minutes that it covers, so that a reading that was broken off goes on where it stood.
 */
export class History {
  readonly #options: HistoryOptions
  readonly #pairing: Pairing
  readonly #cursor = new Map<string, Json>()
  readonly #moved = new Map<string, Json>()
  #watermark = Number.NEGATIVE_INFINITY
  #isComplete = false

  constructor(options: HistoryOptions) {
    this.#options = options
    this.#pairing = options.pairing
    this.#move(UNDER_WAY, {})
  }

  /** How far the source has read its past, by its own keys. */
  get cursor(): ReadonlyMap<string, Json> {
    const own = [...this.#cursor].filter(([key]) => key.startsWith(PREFIX))
    return new Map(own.map(([key, value]) => [key.slice(PREFIX.length), value]))
  }

  /** @param end where a series that was not heard of live begins to be read live */
  add(batch: Batch, end: EpochMs): void {
    const { source, how, gateways } = this.#options
    for (const record of batch.records) {
      const understood = understand(source, record, how)
      if (understood.kind !== 'event') continue
      const { claim, event } = understood
      gateways.hear(event.gateway, source, claim)
      if (this.#pairing.admit(claim, event, this.#watermark)) this.#count(event, end)
    }
    for (const { key, value } of batch.cursor) this.#move(PREFIX + key, value)
    if (batch.watermark > this.#watermark) {
      this.#watermark = batch.watermark
      this.#move(UNDER_WAY, { watermark: batch.watermark })
    }
    for (const event of this.#pairing.release(this.#watermark, RELEASED_AT_ONCE)) this.#count(event, end)
  }

  /** The past was read to its end: its minutes are told. */
  finish(end: EpochMs): void {
    for (const event of this.#pairing.finish()) this.#count(event, end)
    this.#options.minutes.concludePast(this.#options.source)
    for (const key of this.#cursor.keys()) this.#moved.set(key, null)
    this.#isComplete = true
  }

  /** True when nothing is left of it but its last `changes`. */
  get isComplete(): boolean {
    return this.#isComplete
  }

  /** What must be saved anew since it was last asked for. */
  changes(): readonly CursorValue[] {
    const cursors = [...this.#moved].map(([key, value]) => ({ source: this.#options.source, key, value }))
    this.#moved.clear()
    return cursors
  }

  /** Goes on where an earlier process stood. */
  restore(cursors: readonly CursorValue[]): void {
    this.#moved.clear()
    for (const { key, value } of cursors) this.#cursor.set(key, value)
    const { watermark } = this.#cursor.get(UNDER_WAY) as { watermark?: number }
    this.#watermark = watermark ?? Number.NEGATIVE_INFINITY
  }

  #move(key: string, value: Json): void {
    if (value === null) this.#cursor.delete(key)
    else this.#cursor.set(key, value)
    this.#moved.set(key, value)
  }

  #count(event: SecurityEvent, end: EpochMs): void {
    const { source, minutes, listener } = this.#options
    minutes.addPast(source, minutes.admit(event), end)
    listener(event)
  }
}
