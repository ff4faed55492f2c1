import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { calendarKind, type DayKind, otherKind } from './calendar.ts'
import type { Rhythm } from './rhythm.ts'

const { otherOdds, shiftOdds, minutes, temper, levelVariances, logLimit, firstDay, decidedFrom } =
  anomalyConstants.dayKind
const HOUR_MINUTES = 60
/** A weight below this changes no expectation. */
const SMALLEST_WEIGHT = 0.01
/** Evidence of one half hour is limited: squared standard deviations. */
const LARGEST_DEVIATION = 9

/** What today may be: as the calendar says, a day of the other kind, or everything an hour later or earlier. */
interface Reading {
  kind(calendar: DayKind): DayKind
  /** Minutes by which people are later than they were. */
  readonly later: number
  readonly odds: number
}

const asCalendar = (kind: DayKind) => kind
const readings: readonly Reading[] = [
  { kind: asCalendar, later: 0, odds: 1 },
  { kind: otherKind, later: 0, odds: otherOdds },
  { kind: asCalendar, later: HOUR_MINUTES, odds: shiftOdds },
  { kind: asCalendar, later: -HOUR_MINUTES, odds: shiftOdds },
]

/** How a day was read in the end. */
export interface DayReading {
  readonly kind: DayKind
  /** Minutes by which people were later than they were, 0 for most days. */
  readonly later: number
}

/**
 * Reads the day while it comes: a public holiday looks like a Sunday, and after a change to or from daylight saving time
 * people are an hour later or earlier (UTC). Every half hour the counts are compared with what each reading expected;
 * the weights are Bayes' rule, tempered, because half hours of a day are not independent.
 */
export class DayKindReader {
  readonly #rhythm: Rhythm
  /** The day that is read. */
  readonly #day: number
  /** ln of the odds of each reading against the calendar's, and its weight. */
  readonly #logs: number
  readonly #weights: number
  /** Of the open half hour: events, minutes, and what each reading expected. */
  readonly #events: number
  readonly #seen: number
  readonly #expected: number

  constructor(layout: Layout, rhythm: Rhythm) {
    this.#rhythm = rhythm
    this.#day = layout.numbers(1, Number.NEGATIVE_INFINITY)
    this.#logs = layout.numbers(readings.length)
    this.#weights = layout.numbers(readings.length)
    this.#events = layout.numbers()
    this.#seen = layout.numbers()
    this.#expected = layout.numbers(readings.length)
  }

  /** True where this day has not begun to be read. */
  isNew(state: ScorerState, day: number): boolean {
    return state.get(this.#day) !== day
  }

  /** Begins a day. */
  begin(state: ScorerState, day: number): void {
    state.set(this.#day, day)
    readings.forEach(({ odds }, at) => {
      state.set(this.#logs + at, Math.log(odds))
      state.set(this.#weights + at, at === 0 ? 1 : 0)
    })
    this.#open(state)
  }

  /** How the day that is being read looks so far. */
  reading(state: ScorerState): DayReading {
    const calendar = calendarKind(state.get(this.#day))
    const decided = readings.findIndex((_, at) => at > 0 && state.get(this.#weights + at) >= decidedFrom)
    const { kind, later } = readings[Math.max(0, decided)] as Reading
    return { kind: kind(calendar), later }
  }

  /** ln of the smooth rate of a minute of the day that is read: the mean over the readings, by weight. */
  logRate(state: ScorerState, minute: number): number {
    const calendar = calendarKind(state.get(this.#day))
    if (state.get(this.#weights) > 1 - SMALLEST_WEIGHT) return this.#rhythm.logRate(state, calendar, minute)
    let sum = 0
    let total = 0
    for (let at = 0; at < readings.length; at++) {
      const weight = state.get(this.#weights + at)
      if (weight < SMALLEST_WEIGHT) continue
      const { kind, later } = readings[at] as Reading
      sum += weight * this.#rhythm.logRate(state, kind(calendar), minute - later)
      total += weight
    }
    return sum / total
  }

  /**
   * Takes in a minute that was fully observed.
   * @param people its clipped events without those of jobs
   * @param level the slow level
   * @param levelVariance variance of the fast level @param dispersion φ of single minutes
   */
  step(
    state: ScorerState,
    minute: number,
    people: number,
    level: number,
    levelVariance: number,
    dispersion: number,
  ): void {
    if (this.#rhythm.fits(state) < firstDay) return
    const calendar = calendarKind(state.get(this.#day))
    state.add(this.#events, people)
    state.add(this.#seen, 1)
    for (let at = 0; at < readings.length; at++) {
      const { kind, later } = readings[at] as Reading
      state.add(this.#expected + at, level * Math.exp(this.#rhythm.logRate(state, kind(calendar), minute - later)))
    }
    if ((minute + 1) % minutes !== 0) return
    if (state.get(this.#seen) === minutes) this.#weigh(state, levelVariances * levelVariance + dispersion / minutes)
    this.#open(state)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #weigh(state: ScorerState, variance: number): void {
    const events = Math.log(state.get(this.#events) + 0.5)
    const evidence = (at: number) => {
      const expected = state.get(this.#expected + at) + 0.5
      const spread = variance + 1 / expected
      const deviation = Math.min(LARGEST_DEVIATION, (events - Math.log(expected)) ** 2 / spread)
      return -0.5 * (deviation + Math.log(spread))
    }
    const calendar = evidence(0)
    let largest = 0
    for (let at = 1; at < readings.length; at++) {
      const log = state.get(this.#logs + at) + temper * (evidence(at) - calendar)
      state.set(this.#logs + at, Math.max(-logLimit, Math.min(logLimit, log)))
      largest = Math.max(largest, state.get(this.#logs + at))
    }
    let total = 0
    for (let at = 0; at < readings.length; at++) total += Math.exp(state.get(this.#logs + at) - largest)
    for (let at = 0; at < readings.length; at++) {
      state.set(this.#weights + at, Math.exp(state.get(this.#logs + at) - largest) / total)
    }
  }

  #open(state: ScorerState): void {
    state.set(this.#events, 0)
    state.set(this.#seen, 0)
    for (let at = 0; at < readings.length; at++) state.set(this.#expected + at, 0)
  }

  #places(): readonly number[] {
    const lists = [this.#logs, this.#weights, this.#expected]
    return [this.#day, this.#events, this.#seen, ...lists.flatMap(from => readings.map((_, at) => from + at))]
  }
}
