import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import { type GuardMode, guardModes } from '../../core/labels/guards.ts'
import { closedSet } from '../../decoding/toolkit/claims.ts'
import type { GuardReport } from '../../decoding/toolkit/guard-report.ts'
import type { Json } from '../../service/state/state.ts'
import type { Acts, GuardExpectation, GuardFacts } from './guard-assessment.ts'

/** How long what a part reports of itself holds without being reported again. A decision without inspection is over at once, and the next one is reported too. */
const HOLDS_MS = { degraded: 24 * HOUR_MS, fail_open: HOUR_MS } as const

/** Most parts of one guard whose condition is remembered; the one that was reported longest ago goes first. */
const MAX_PARTS = 64
/** Most sources that are remembered of one guard. */
const MAX_SOURCES = 32

const knownMode = closedSet(guardModes)

type Trouble = keyof typeof HOLDS_MS

/** One guard of one gateway: what its records said, and what the gateway's agents did meanwhile. */
export class WatchedGuard {
  readonly expected: GuardExpectation
  /** Names of the sources that brought a record of it, or of its gateway's agents. */
  readonly sources = new Set<string>()
  #lastRecord: EpochMs | undefined
  /** Time of the record that said it; older records say nothing new. */
  #saidAt = { version: Number.NEGATIVE_INFINITY, mode: Number.NEGATIVE_INFINITY }
  #version: string | undefined
  #mode: GuardMode | undefined
  readonly #troubles = new Map<string, { readonly state: Trouble; readonly since: EpochMs }>()
  readonly #acts = new Map<number, { inspected: number; seenByOthers: number }>()

  constructor(expected: GuardExpectation) {
    this.expected = expected
  }

  get lastRecord(): EpochMs | undefined {
    return this.#lastRecord
  }

  /** A record of the guard. @param time not after the clock */
  report({ version, mode, condition, inspects }: GuardReport, source: string, time: EpochMs): void {
    this.#cameFrom(source)
    if (this.#lastRecord === undefined || time > this.#lastRecord) this.#lastRecord = time
    if (version !== undefined && time >= this.#saidAt.version) {
      this.#version = version
      this.#saidAt.version = time
    }
    if (mode !== undefined && time >= this.#saidAt.mode) {
      this.#mode = mode
      this.#saidAt.mode = time
    }
    if (condition !== undefined) this.#condition(condition.part, condition.state, time)
    if (inspects) this.#actsAt(time).inspected++
  }

  /** An agent of the gateway did something that others than this guard saw. @param time not after the clock */
  act(source: string, time: EpochMs, count: number): void {
    this.#cameFrom(source)
    this.#actsAt(time).seenByOthers += count
  }

  factsAt(at: EpochMs): GuardFacts {
    const holds = (wanted: Trouble) =>
      [...this.#troubles.values()].some(({ state, since }) => state === wanted && at - since < HOLDS_MS[wanted])
    return {
      ...(this.#lastRecord !== undefined && { lastRecord: this.#lastRecord }),
      ...(this.#version !== undefined && { version: this.#version }),
      ...(this.#mode !== undefined && { mode: this.#mode }),
      isDegraded: holds('degraded'),
      isFailOpen: holds('fail_open'),
    }
  }

  /** What happened in the period before, in whole minutes. */
  actsBefore(at: EpochMs): Acts {
    const first = minuteOf(at - this.expected.silence)
    const last = minuteOf(at)
    const sum = { inspected: 0, seenByOthers: 0 }
    for (const [minute, { inspected, seenByOthers }] of this.#acts) {
      if (minute < first || minute > last) continue
      sum.inspected += inspected
      sum.seenByOthers += seenByOthers
    }
    return sum
  }

  /**
   * Forgets acts that no assessment can ask for any more: a guard is assessed where its sources are read up to a period
   * before the clock, by the period before that. While a long log is read these would be all of its minutes.
   */
  clockReached(now: EpochMs): void {
    const first = minuteOf(now - 2 * this.expected.silence)
    for (const minute of this.#acts.keys()) if (minute < first) this.#acts.delete(minute)
  }

  toJson(): Json {
    return {
      lastRecord: this.#lastRecord ?? null,
      version: this.#version ?? null,
      mode: this.#mode ?? null,
      sources: [...this.sources],
      troubles: [...this.#troubles].map(([part, { state, since }]) => [part, state, since]),
      acts: [...this.#acts].map(([minute, { inspected, seenByOthers }]) => [minute, inspected, seenByOthers]),
    }
  }

  restore(saved: SavedGuard): void {
    const { lastRecord, version, mode, sources, troubles, acts } = saved
    this.#lastRecord = lastRecord ?? undefined
    this.#version = version ?? undefined
    this.#mode = knownMode(mode)
    for (const source of sources) this.sources.add(source)
    for (const [part, state, since] of troubles) this.#troubles.set(part, { state, since })
    for (const [minute, inspected, seenByOthers] of acts) this.#acts.set(minute, { inspected, seenByOthers })
  }

  #condition(part: string, state: Trouble | 'ready', time: EpochMs): void {
    const held = this.#troubles.get(part)
    if (held !== undefined && held.since > time) return
    this.#troubles.delete(part)
    if (state === 'ready') return
    this.#troubles.set(part, { state, since: time })
    const [oldest] = this.#troubles.size > MAX_PARTS ? this.#troubles.keys() : []
    if (oldest !== undefined) this.#troubles.delete(oldest)
  }

  #cameFrom(source: string): void {
    if (this.sources.size < MAX_SOURCES) this.sources.add(source)
  }

  #actsAt(time: EpochMs) {
    const minute = minuteOf(time)
    let acts = this.#acts.get(minute)
    if (acts === undefined) {
      acts = { inspected: 0, seenByOthers: 0 }
      this.#acts.set(minute, acts)
    }
    return acts
  }
}

/** As a row of the state. */
export interface SavedGuard {
  readonly lastRecord: EpochMs | null
  readonly version: string | null
  readonly mode: string | null
  readonly sources: readonly string[]
  readonly troubles: readonly (readonly [part: string, state: Trouble, since: EpochMs])[]
  readonly acts: readonly (readonly [minute: number, inspected: number, seenByOthers: number])[]
}

const minuteOf = (time: EpochMs): number => Math.floor(time / MINUTE_MS)
