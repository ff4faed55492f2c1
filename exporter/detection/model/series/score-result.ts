import type { EntityKind } from '../../../../core/labels/event.ts'
import type { Completeness } from '../../../contracts/subscriber.ts'
import type { DayKind } from '../profile/calendar.ts'
import type { AnomalyView } from './views.ts'

/** Result of the scorer for one minute. Every number is finite. */
export interface ScoreResult {
  /** Seconds since 1970. */
  readonly minuteStart: number
  readonly completeness: Completeness
  /** Minutes learnt so far. */
  readonly samplesSeen: number
  /** 0 to 100, never rewritten; undefined in the first 720 minutes learnt. */
  readonly score: number | undefined
  /** Fused surprise from which the score is made, 0 or more; 0 while there is no score. */
  readonly raw: number
  readonly active: boolean
  /** True in the minute in which a notice is due. */
  readonly notify: boolean
  readonly observed: number
  readonly expected: number
  /** 1% and 99% quantiles of the expectation. */
  readonly lower: number
  readonly upper: number
}

/** The window of minutes with the largest surprise, with its own band. */
export interface WindowExplanation {
  readonly minutes: number
  readonly observed: number
  readonly expected: number
  readonly lower: number
  readonly upper: number
}

export interface FirstSeenExplanation {
  readonly kind: EntityKind
  /** New keys within the last `minutes`. */
  readonly newKeys: number
  readonly minutes: number
  readonly surprise: number
  /** One event in that many has a new key here. */
  readonly oneEventIn: number
  /** The newest keys: for the log and JSON, never a label. */
  readonly newest: readonly string[]
}

/** What is expected of the minute, part by part: people and the larger one of the other two, times the level. */
export interface ExpectationExplanation {
  /** Events of people's rhythm. */
  readonly people: number
  /** The kind of day that the day looks like, and whether the calendar says another. */
  readonly day: DayKind
  readonly isOtherDay: boolean
  /** The job that is due, with its usual events and its minute of the day (UTC). */
  readonly job: { readonly minuteOfDay: number; readonly minutes: number; readonly events: number } | undefined
  /** Events of what is repeated at this minute of the hour. */
  readonly hourly: number
  /** Factor by which the last hours were above or below what was expected of them. */
  readonly level: number
  /** By how much the strongest window's surprise is held down, because the model is measurably wrong; 0 where it is right. */
  readonly guard: number
}

/** Why the last minute has its score. */
export interface Explanation extends ScoreResult {
  /** `raw` split by view; the sum is raw. */
  readonly contributions: Readonly<Record<AnomalyView, number>>
  readonly window: WindowExplanation
  /** The window with too few events; undefined where none falls short. */
  readonly shortfall: WindowExplanation | undefined
  readonly silence: { readonly minutes: number; readonly missed: number; readonly surprise: number }
  readonly expectation: ExpectationExplanation
  readonly firstSeen: readonly FirstSeenExplanation[]
  /** The strongest view expects this once in that many minutes, rounded to two digits, at most 10^12. */
  readonly oneIn: number
}
