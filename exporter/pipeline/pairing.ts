import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { DocumentValue, Json } from '../../service/state/state.ts'
import type { Claim } from '../decoders/decoder.ts'
import { ExpiringKeys } from './expiring-keys.ts'

/** How far the watermark must pass a lone partner before it is counted, and how long a counted key is remembered. */
export const PAIR_WAIT_MS = 60_000

/**
 * Two lines may tell of one event. The leading one counts at once and its partner is dropped, whichever comes first; a
 * partner that stays alone counts when the watermark has passed it by `PAIR_WAIT_MS`.
 *
 * The wait runs from the event's time or from the watermark at its arrival, whichever is later: two late lines that
 * come in neighbouring batches are still one event. One instance per source, because the watermark is the source's.
 */
export class Pairing {
  /** A waiting partner's event, or null once the event of this key was counted. */
  readonly #keys: ExpiringKeys<Json>
  /** Times of the waiting partners, whose minutes must stay open for them. */
  readonly #waiting = new Map<string, EpochMs>()
  /** Waiting partners that had to leave for want of room: counted rather than forgotten. */
  #evicted: SecurityEvent[] = []

  constructor(source: string, capacity = 100_000) {
    this.#keys = new ExpiringKeys(`pairs/${JSON.stringify(source)}`, capacity)
  }

  /** True where the event counts now; otherwise it waits or was told already. */
  admit(claim: Claim, event: SecurityEvent, watermark: EpochMs): boolean {
    if (claim.pair === undefined) return true
    const key = keyOf(event.gateway, claim.stream, claim.pair.key)
    const known = this.#keys.get(key)
    if (known === null) return false
    const until = Math.max(event.eventTime, watermark) + PAIR_WAIT_MS
    if (claim.pair.role === 'leading') {
      this.#remember(key, null, until)
      return true
    }
    if (known === undefined) this.#remember(key, event, until)
    return false
  }

  /** Lone partners that have waited long enough. */
  release(watermark: EpochMs): SecurityEvent[] {
    const released = this.#evicted
    this.#evicted = []
    for (const [key, value] of this.#keys.expire(watermark)) {
      if (value === null) continue
      released.push(value as unknown as SecurityEvent)
      this.#remember(key, null, watermark + PAIR_WAIT_MS)
    }
    return released
  }

  /** The time of the oldest event that may still be counted; Infinity when none waits. */
  oldestWaiting(): EpochMs {
    let oldest = Number.POSITIVE_INFINITY
    for (const time of this.#waiting.values()) oldest = Math.min(oldest, time)
    return oldest
  }

  changes(): DocumentValue[] {
    return this.#keys.changes()
  }

  restore(documents: readonly DocumentValue[]): void {
    this.#keys.restore(documents)
    for (const [key, value] of this.#keys.entries()) {
      if (value !== null) this.#waiting.set(key, (value as unknown as SecurityEvent).eventTime)
    }
  }

  #remember(key: string, event: SecurityEvent | null, until: EpochMs): void {
    if (event === null) this.#waiting.delete(key)
    else this.#waiting.set(key, event.eventTime)
    for (const [left, value] of this.#keys.set(key, event as unknown as Json, until)) {
      this.#waiting.delete(left)
      if (value !== null) this.#evicted.push(value as unknown as SecurityEvent)
    }
  }
}

/** Gateway and pair key are anybody's text: the length in front tells where one ends, which a separator could not. */
const keyOf = (gateway: string, stream: string, key: string) => `${gateway.length} ${gateway} ${stream} ${key}`
