import { DAY_MS, HOUR_MS } from '../../core/clock.ts'
import type { Persistent } from '../contracts/persistent.ts'
import { contentHash } from './excess.ts'
import { type TimedRow, TimedRows } from './timed-rows.ts'

/** Observations of a key within this period, seconds, count as one: a key is saved at most once in it. */
const PERIOD = (6 * HOUR_MS) / 1000
/** Periods for which a key is known after the one in which it was last seen: 30 days. */
const KNOWN_PERIODS = (DAY_MS / 1000 / PERIOD) * 30
/** Periods for which it is kept beyond, for gateways that are derived later than others: 5 days. */
const SPARE_PERIODS = (DAY_MS / 1000 / PERIOD) * 5

const same = (key: string) => key

interface KnownKey extends TimedRow<KnownKey> {
  readonly gateway: string
  readonly key: string
  period: number
}

/**
 * The keys that each gateway has seen in the last 30 days, by the minutes of the events. Bounded: when it is full, the
 * keys that were seen longest ago make room.
 */
export class FirstSeen {
  readonly #capacity: number
  readonly #present: (key: string) => string
  readonly #byGateway = new Map<string, Map<string, KnownKey>>()
  readonly #rows: TimedRows<KnownKey>
  readonly persistents: readonly Persistent[]

  /**
   * @param key of its rows in the state
   * @param present the present form of a key that was saved: states up to 0.1 know single addresses, others the
   *   networks of another configuration
   */
  constructor(key: string, capacity: number, present: (key: string) => string = same) {
    this.#capacity = capacity
    this.#present = present
    this.#rows = new TimedRows({
      key,
      encode: knownKey => [knownKey.gateway, knownKey.key],
      decode: (row, period) => this.#adopt(...(row as [string, string]), period),
    })
    this.persistents = [this.#rows]
  }

  /**
   * Notes that a key was seen, in whatever order minutes arrive.
   *
   * @returns true where the gateway had seen it in the 30 days before, or has since
   */
  see(gateway: string, seen: string, minute: number): boolean {
    const key = this.#present(seen)
    const period = Math.floor(minute / PERIOD)
    const known = this.#byGateway.get(gateway)?.get(key)
    if (known === undefined) {
      const knownKey = this.#add(gateway, key, period)
      this.#rows.put(knownKey, period)
      return false
    }
    const isKnown = period - known.period <= KNOWN_PERIODS
    if (period > known.period) {
      known.period = period
      this.#rows.put(known, period)
    }
    return isKnown
  }

  /** Forgets keys that no gateway with a lag of at most five days can ask for. */
  expire(minute: number): void {
    const oldest = Math.floor(minute / PERIOD) - KNOWN_PERIODS - SPARE_PERIODS
    for (const knownKey of this.#rows.expire(oldest)) this.#forget(knownKey)
  }

  /** Makes room after a minute. @returns the number of evicted keys */
  shrink(): number {
    const evicted = this.#rows.shrink(this.#capacity)
    for (const knownKey of evicted) this.#forget(knownKey)
    return evicted.length
  }

  /** A saved key; undefined where another one that has the same present form was seen later. */
  #adopt(gateway: string, saved: string, period: number): KnownKey | undefined {
    const key = this.#present(saved)
    const known = this.#byGateway.get(gateway)?.get(key)
    return known !== undefined && known.period >= period ? undefined : this.#add(gateway, key, period)
  }

  #add(gateway: string, key: string, period: number): KnownKey {
    const knownKey = { gateway, key, period, place: undefined, hash: contentHash([gateway, key]) }
    const keys = this.#byGateway.get(gateway)
    if (keys === undefined) this.#byGateway.set(gateway, new Map([[key, knownKey]]))
    else keys.set(key, knownKey)
    return knownKey
  }

  /** A key that was adopted in two forms has two rows: the one that was seen later stays. */
  #forget(forgotten: KnownKey): void {
    const { gateway, key } = forgotten
    const keys = this.#byGateway.get(gateway)
    if (keys?.get(key) === forgotten) keys.delete(key)
    if (keys?.size === 0) this.#byGateway.delete(gateway)
  }
}
