import { type Clock, DAY_MS, type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { BoundedMap } from '../../core/collections/bounded-map.ts'
import { type Hash128, TextHasher } from '../../core/collections/text-hash.ts'
import type { SecurityEvent, TraceReference } from '../../core/event.ts'
import type { Claim, Pair } from '../../decoding/toolkit/record.ts'
import type { Json } from '../../service/state/state.ts'
import type { Persistent, SavedRow } from '../contracts/persistent.ts'
import { CountedKeys, type KeyOverflow } from './counted-keys.ts'
import { EarlierRows } from './earlier-rows.ts'
import { WaitingEvents } from './waiting-events.ts'

/** How far the watermark must pass a lone partner before it is counted. */
export const PAIR_WAIT_MS = 60_000
/** How long a counted key is remembered at least. */
export const DEFAULT_PAIR_HORIZON_MS = 60 * MINUTE_MS
/** Shorter horizons are lengthened: a saved event may outlast its waiting by some minutes. */
const MIN_HORIZON_MS = 10 * MINUTE_MS
/** An event dated further ahead of the clock is remembered as if it were dated this far ahead. */
const MAX_AHEAD_MS = DAY_MS
/** Lines with a reused key are of one event in the same part of time of this length, and in neighbouring ones. */
const REUSE_MS = 30_000
/** Lone partners that are counted in one turn: about 10 ms of work. */
export const RELEASED_AT_ONCE = 2_000
/** Most lines of a console in plain text that wait: any client can write them, at any rate. */
const MAX_TEXTS = 100_000
/** Gateways and streams whose beginnings of keys are kept hashed. */
const MAX_HASHERS = 10_000

/**
 * What pairing cannot decide exactly, by name.
 *
 * - `leading_after_partner`: the leading line came after its partner had waited in vain and was counted. The
 *   connection counts once; reason and repeats are those of the partner. A denied flow counts also as denied.
 * - `beyond_horizon`: a line of a pair was counted whose time is further before the watermark, or ahead of the clock, than
 *   keys are remembered. If its other line was counted before, the event counts twice.
 */
export const pairExceptions = ['leading_after_partner', 'beyond_horizon'] as const
export type PairException = (typeof pairExceptions)[number]

export interface PairingOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Name of the source; of its keys in the state too. */
  readonly source: string
  /** How long the second line of an event may come after the first, milliseconds of the watermark. */
  readonly horizon?: number
  readonly overflow?: KeyOverflow
  readonly onException?: (exception: PairException) => void
  /** Most counted keys in memory. */
  readonly maxKeys?: number
  /** Most lines of a console in plain text that wait. */
  readonly maxTexts?: number
}

/**
 * Two lines may describe one event. The leading one counts at once and its partner is dropped, in whatever order they
 * are read; a partner that stays alone counts when the watermark has passed it by `PAIR_WAIT_MS`. A counted key is
 * remembered over the source's horizon, so the second line is dropped whenever the source brings it.
 *
 * The wait and the memory run from the event's time or from the watermark at its arrival, whichever is later. One
 * instance per source, because the watermark is the source's.
 *
 * Lines of a console in plain text, with their times, may be any client's. So they wait from their own time only, which
 * would hold its minute open otherwise, and a limited number of them waits: beyond it, those that wait longest count.
 * No count depends on that capacity, but the address of a leading line that comes later is not counted.
 */
export class Pairing {
  readonly #clock: Pick<Clock, 'now'>
  readonly #horizon: number
  readonly #onException: (exception: PairException) => void
  readonly #maxTexts: number
  readonly #counted: CountedKeys
  readonly #waiting: WaitingEvents
  /** The counted keys first: a counted event does not wait. */
  readonly persistents: readonly Persistent[]
  readonly #hashers = new BoundedMap<string, TextHasher>(MAX_HASHERS)
  /** The hasher that was used last: neighbouring lines are of one gateway and stream. */
  #last: { readonly gateway: string; readonly stream: string; readonly hasher: TextHasher } | undefined
  /** The key of a line; after it, where its key is reused, those of the part of time before and after. */
  readonly #keys: readonly [Hash128, Hash128, Hash128] = [new Int32Array(4), new Int32Array(4), new Int32Array(4)]

  constructor(options: PairingOptions) {
    const { clock, source, horizon = DEFAULT_PAIR_HORIZON_MS, overflow, onException, maxKeys, maxTexts } = options
    this.#clock = clock
    this.#maxTexts = maxTexts ?? MAX_TEXTS
    this.#horizon = Math.max(horizon, MIN_HORIZON_MS)
    this.#onException = onException ?? (() => undefined)
    this.#counted = new CountedKeys(source, overflow, maxKeys)
    this.#waiting = new WaitingEvents(source, 2 * PAIR_WAIT_MS, key => this.#counted.get(key) !== undefined)
    const earlier = new EarlierRows(this.#counted.key, rows => this.#restoreEarlier(rows))
    this.persistents = [this.#counted, this.#waiting, earlier]
  }

  /** Number of partners that wait. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** The event that counts now, with the trace of its partner if it has none; undefined where it waits or was counted. */
  admit(claim: Claim, event: SecurityEvent, watermark: EpochMs): SecurityEvent | undefined {
    if (claim.pair === undefined) return event
    const { role } = claim.pair
    const keys = this.#keysOf(claim.pair, claim.stream, event)
    const counted = this.#countedOf(keys)
    if (counted !== undefined) {
      if (role !== 'leading' || !counted.byPartner) return undefined
      this.#onException('leading_after_partner')
      // The end that denies a flow may be read long after the end that allowed it: no denial is lost by that.
      if (claim.pair.isReused === undefined || event.outcome !== 'denied') return undefined
    }
    const from = Math.max(watermark, Math.min(event.eventTime, this.#clock.now() + MAX_AHEAD_MS))
    const key = keys[0]
    if (role !== 'leading') {
      const held = keys.find(each => this.#waiting.has(each)) ?? key
      this.#wait(held, claim.pair, event, (isText(event) ? event.eventTime : from) + PAIR_WAIT_MS)
      return undefined
    }
    const trace = event.trace === undefined ? this.#traceOf(keys) : undefined
    const waited = this.#dropAll(keys)
    if (!waited && this.#isBeyond(event.eventTime, watermark)) this.#onException('beyond_horizon')
    this.#counted.add(key, from + this.#horizon, { byPartner: false })
    return trace === undefined ? event : { ...event, trace }
  }

  /** Of several lines of one event, the one that says most of it waits; in any order, not longer than the first would. */
  #wait(key: Hash128, { role, isReused }: Pair, event: SecurityEvent, until: EpochMs): void {
    const waiting = this.#waiting.addressOf(key)
    if (waiting === undefined) this.#waiting.add(key, event, until)
    else if (isReused) {
      if (role === 'deputy') this.#waiting.replace(key, event)
    } else if (waiting.addressUnknown !== CONSOLE_TEXT) return
    else if (role === 'deputy' || !isText(event)) this.#waiting.replace(key, event)
  }

  /** True where `release` has something to give. */
  isDue(watermark: EpochMs): boolean {
    return this.#waiting.isDue(watermark) || this.#waiting.countOf(CONSOLE_TEXT) > this.#maxTexts
  }

  /** Lone partners that have waited long enough, at most `limit`, and lines in plain text that are too many. */
  release(watermark: EpochMs, limit = Number.POSITIVE_INFINITY): SecurityEvent[] {
    const due = this.#waiting.takeDue(watermark, limit)
    const excess = this.#waiting.countOf(CONSOLE_TEXT) - this.#maxTexts
    if (excess > 0) due.push(...this.#waiting.takeFirst(CONSOLE_TEXT, excess))
    for (const { key, until, event } of due) {
      if (this.#isBeyond(event.eventTime, until - PAIR_WAIT_MS)) this.#onException('beyond_horizon')
      this.#counted.add(key, Math.max(until, watermark) + this.#horizon, { byPartner: true })
    }
    this.#counted.expire(watermark)
    return due.map(({ event }) => event)
  }

  /** All partners that still wait: nothing follows. Forgets everything. */
  finish(): SecurityEvent[] {
    const waiting = this.#waiting.takeDue(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
    this.#counted.clear()
    return waiting.map(({ event }) => event)
  }

  /**
   * Start of the earliest minute of an event that may still be counted; Infinity when none waits.
   *
   * @param from minutes before that of this time have closed and need not be held open
   */
  oldestWaiting(from: EpochMs = Number.NEGATIVE_INFINITY): EpochMs {
    return this.#waiting.oldest(from)
  }

  /** Moves keys that are too many for the memory out of it. @throws what the overflow throws */
  bound(): void {
    this.#counted.bound()
  }

  /** Pairs as clawtrust 0.1 saved them: by the second in which they ended, a minute after they were counted. */
  #restoreEarlier(rows: readonly SavedRow<Json>[]): void {
    const hasher = new TextHasher()
    for (const { name, value } of rows) {
      const until = Number(name) * 1000
      for (const [text, event] of value as unknown as EarlierPairs) {
        const key = new Int32Array(4)
        hasher.hash(text, key)
        if (event === null) this.#counted.add(key, until - PAIR_WAIT_MS + this.#horizon, { byPartner: false })
        else if (!this.#waiting.has(key)) this.#waiting.add(key, event, until)
      }
    }
  }

  /** Whether the key of an event of this time may have been counted and forgotten by now. */
  #isBeyond(eventTime: EpochMs, watermark: EpochMs): boolean {
    return eventTime + this.#horizon <= watermark || eventTime > this.#clock.now() + MAX_AHEAD_MS
  }

  /**
   * Gateway and pair key may be an attacker's text: the length in front says where one ends, which a separator could
   * not.
   */
  #hash(gateway: string, stream: string, key: string, into: Hash128): Hash128 {
    if (this.#last?.gateway !== gateway || this.#last.stream !== stream) {
      this.#last = { gateway, stream, hasher: this.#hasher(gateway, stream) }
    }
    this.#last.hasher.hash(key, into)
    return into
  }

  /** Its own key first. They are valid until the next call. */
  #keysOf({ key, isReused }: Pair, stream: string, { gateway, eventTime }: SecurityEvent): PairKeys {
    const [own, before, after] = this.#keys
    if (!isReused) return [this.#hash(gateway, stream, key, own)]
    const part = Math.floor(eventTime / REUSE_MS)
    this.#hash(gateway, stream, `${part} ${key}`, own)
    this.#hash(gateway, stream, `${part - 1} ${key}`, before)
    this.#hash(gateway, stream, `${part + 1} ${key}`, after)
    return this.#keys
  }

  #countedOf(keys: PairKeys) {
    for (const key of keys) {
      const counted = this.#counted.get(key)
      if (counted !== undefined) return counted
    }
    return undefined
  }

  /** The trace of a line that waits. */
  #traceOf(keys: PairKeys): TraceReference | undefined {
    for (const key of keys) {
      const trace = this.#waiting.traceOf(key)
      if (trace !== undefined) return trace
    }
    return undefined
  }

  /** True where one of them waited. */
  #dropAll(keys: PairKeys): boolean {
    let waited = false
    for (const key of keys) waited = this.#waiting.drop(key) || waited
    return waited
  }

  #hasher(gateway: string, stream: string): TextHasher {
    const beginning = `${gateway.length} ${gateway} ${stream} `
    let hasher = this.#hashers.get(beginning)
    if (hasher === undefined) {
      hasher = new TextHasher(beginning)
      this.#hashers.set(beginning, hasher)
    }
    return hasher
  }
}

type PairKeys = readonly [own: Hash128, ...neighbours: Hash128[]]

const CONSOLE_TEXT = 'console_text'

const isText = ({ actor }: SecurityEvent): boolean => actor.addressUnknown === CONSOLE_TEXT

type EarlierPairs = readonly (readonly [key: string, event: SecurityEvent | null])[]
