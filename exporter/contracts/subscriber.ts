import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'

/**
 * How an event counts: `live` in its minute; `ahead` in no minute, because it is dated too far ahead of the clock;
 * `backfill` in a minute of before the first start.
 */
export type EventPhase = 'live' | 'ahead' | 'backfill'

/** Key of a minute series: one signal of one gateway and trust zone. One object a series, equal by identity. */
export interface MinuteKey {
  readonly gateway: string
  readonly trustZone: string
  readonly signal: SignalName
}

/** `partial`: records of that minute are known to be lost, so its count is a lower bound and its zero may be wrong. */
export type Completeness = 'complete' | 'partial'

/** Counts by the start of their minute, seconds since 1970; a Map is one too. A minute that is not held is zero. */
export interface MinuteCounts extends Iterable<readonly [start: number, count: number]> {
  get(start: number): number | undefined
  values(): Iterable<number>
}

/** All minutes of a series up to its next one, without gaps: what `counts` does not hold is an explicit zero. */
export interface BackfilledMinutes {
  readonly key: MinuteKey
  /** Start of the first minute, seconds since 1970. */
  readonly first: number
  /** Start of the minute after the last. */
  readonly end: number
  readonly counts: MinuteCounts
  readonly partial: ReadonlySet<number>
  /** The series is new: none of these minutes, all zeros, was emitted before. */
  readonly isNew?: true
}

/** How long a closed minute can still be corrected: six hours. */
export const LATE_MINUTES = 360

/**
 * Minutes that a series begins before its first event at most, where the gateway was watched that long: 62 hours of zeros
 * show how rare an event is.
 */
export const MOST_ZEROS = 3_720

/**
 * Receives the events and minutes that the pipeline counts. Subscribers are called in the order of their list
 * (exporter/engine.ts), each with the hooks that it has. Starts of minutes are seconds since 1970, divisible by 60. A
 * hook is called for each event, so it must be fast; it must not wait or throw.
 */
export interface EventSubscriber {
  /** Each event, once. During a backfill it comes before the minute that counts it. */
  onEvent?(event: SecurityEvent, phase: EventPhase): void
  /** A minute has closed. Each minute of a series comes exactly once, in order, without gaps. */
  onMinute?(key: MinuteKey, start: number, count: number, completeness: Completeness): void
  /** `count` more events of a minute that closed at most `LATE_MINUTES` ago. */
  onLateEvents?(key: MinuteKey, start: number, count: number): void
  /**
   * All that is known of a series before its next minute: after a restart, at the end of a backfill, and the zeros
   * before the first event of a new series. It replaces everything that was emitted of the series before, and none of it is exposed. A subscriber that defers the work
   * keeps the minutes that follow until it is done.
   */
  onBackfill?(minutes: BackfilledMinutes): void
}
