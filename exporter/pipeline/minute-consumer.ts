import type { SignalName } from '../../core/signals.ts'
import type { Memory } from './memory.ts'
import type { MinuteCounts } from './minute-counts.ts'

/** How an event counts: `live` in its minute, `ahead` in no minute because it is dated too far ahead, `past` as a history brings it. */
export type EventPhase = 'live' | 'ahead' | 'past'

/** What is counted by the minute: one signal of one gateway and trust zone. One object a series, equal by identity. */
export interface MinuteKey {
  readonly gateway: string
  readonly trustZone: string
  readonly signal: SignalName
}

/** `partial`: records of that minute are known to be lost, its count is a lower bound and its zero no zero. */
export type Completeness = 'complete' | 'partial'

/** Minutes that a series has lived through, without gaps: what `counts` does not hold is an explicit zero. */
export interface MinuteRun {
  readonly key: MinuteKey
  /** Start of the first minute, seconds since 1970. */
  readonly first: number
  /** Start of the minute behind the last. */
  readonly end: number
  readonly counts: MinuteCounts
  readonly partial: ReadonlySet<number>
}

/** Who listens to closed minutes: the scorer. All starts are seconds since 1970, divisible by 60. */
export interface MinuteConsumer extends Memory {
  /** A minute has closed. Each minute of a series comes exactly once, in order, none left out. */
  minute(key: MinuteKey, start: number, count: number, completeness: Completeness): void
  /** Events came for a minute that had closed, at most `LATE_MINUTES` ago; `count` more than was told. */
  late(key: MinuteKey, start: number, count: number): void
  /**
   * All that is known of the series before its next minute, after a restart or a replay of history. It stands in the
   * place of everything told of the series before; nothing of it is exposed. A consumer that defers the work keeps
   * the minutes that follow until it is done.
   */
  history(run: MinuteRun): void
}

/** How long a closed minute can still be corrected; the longest window of the count model. */
export const LATE_MINUTES = 360
