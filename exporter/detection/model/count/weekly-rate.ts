import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { hourOfDay, hourOfWeek } from '../time.ts'

const {
  shrinkHourOfDay,
  shrinkHourOfWeek,
  slowRate,
  hourOfDayRate,
  hourOfWeekRate,
  winsorDeviations,
  levelStep,
  levelPull,
  levelLimit,
} = anomalyConstants.count
const DAY_HOURS = 24
const WEEK_HOURS = 168
/** Minutes of one hour of the week that are distinguished: 21 years of them. */
const MAX_MINUTES = 65_535
/** Keeps the expectation above zero. */
const MINIMUM_RATE = 0.0001

/**
 * Expected count of a minute: a mean by hour of the week, shrunk to the mean by hour of the day, shrunk to the mean of
 * all, times a slow level that follows drifts:
 * μ = (b·how + (1−b)·(a·hod + (1−a)·g))·e^ℓ + .0001, a = dn/(dn + 60), b = hn/(hn + 180), dn and hn the minutes that
 * hour has.
 *
 * Learnt after scoring from the winsorised count c = min(x, μ + 8·sd + 1), so that a burst cannot move the mean much.
 * All hours are UTC: a change to daylight saving moves the habits of people by an hour and is learnt like any other
 * drift.
 */
export class WeeklyRate {
  readonly #hourOfWeek: number
  readonly #hourOfWeekMinutes: number
  readonly #hourOfDay: number
  readonly #mean: number
  readonly #level: number
  readonly #minutes: number

  constructor(layout: Layout) {
    this.#hourOfWeek = layout.numbers(WEEK_HOURS)
    this.#hourOfWeekMinutes = layout.wholes(WEEK_HOURS)
    this.#hourOfDay = layout.numbers(DAY_HOURS)
    this.#mean = layout.numbers()
    this.#level = layout.numbers()
    this.#minutes = layout.numbers()
  }

  /** Minutes learnt. */
  minutes(state: ScorerState): number {
    return state.get(this.#minutes)
  }

  /** Expected count of the minute that begins at this time (seconds). */
  expected(state: ScorerState, time: number): number {
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    const dayMinutes = this.#dayMinutes(state, day)
    const weekMinutes = this.#weekMinutes(state, week)
    const a = dayMinutes / (dayMinutes + shrinkHourOfDay)
    const b = weekMinutes / (weekMinutes + shrinkHourOfWeek)
    const daily = a * state.get(this.#hourOfDay + day) + (1 - a) * state.get(this.#mean)
    const weekly = b * state.get(this.#hourOfWeek + week) + (1 - b) * daily
    return weekly * Math.exp(state.get(this.#level)) + MINIMUM_RATE
  }

  /**
   * Counts the minute as seen, before it is scored.
   * @returns minutes seen, this one included
   */
  count(state: ScorerState): number {
    state.add(this.#minutes, 1)
    // As an integer: what follows takes remainders of it.
    return this.minutes(state) | 0
  }

  /** Learns a minute's count. @param expected μ of that minute @param dispersion φ of single minutes */
  learn(state: ScorerState, time: number, count: number, expected: number, dispersion: number): void {
    const level = state.get(this.#level)
    const clipped = winsorised(count, expected, dispersion)
    const levelled = clipped * Math.exp(-level)
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    state.wholes[this.#hourOfWeekMinutes + week] = Math.min(MAX_MINUTES, this.#weekMinutes(state, week) + 1)
    draw(state, this.#mean, this.#meanRate(state), clipped)
    draw(state, this.#hourOfDay + day, this.#dayRate(state, day), levelled)
    draw(state, this.#hourOfWeek + week, this.#weekRate(state, week), levelled)
    const pull = Math.max(-1, Math.min(1, (clipped - expected) / (expected + 0.2)))
    state.set(this.#level, Math.max(-levelLimit, Math.min(levelLimit, levelPull * (level + levelStep * pull))))
  }

  /**
   * Learns that a minute had more events: each mean moves by its rate times what the clipped count grew. One that has
   * learnt no minute stays where it is: the minute was observed in part then.
   */
  amend(state: ScorerState, time: number, count: number, delta: number, expected: number, dispersion: number): void {
    const grown = winsorised(count + delta, expected, dispersion) - winsorised(count, expected, dispersion)
    const levelled = grown * Math.exp(-state.get(this.#level))
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    state.add(this.#mean, this.#meanRate(state) * grown)
    state.add(this.#hourOfDay + day, this.#dayRate(state, day) * levelled)
    state.add(this.#hourOfWeek + week, this.#weekRate(state, week) * levelled)
  }

  /** False where a mean is no number, as earlier versions could save it: no minute can be scored with it. */
  isSound({ numbers }: ScorerState): boolean {
    const areFinite = (from: number, length: number) => numbers.subarray(from, from + length).every(Number.isFinite)
    return (
      areFinite(this.#hourOfWeek, WEEK_HOURS) &&
      areFinite(this.#hourOfDay, DAY_HOURS) &&
      [this.#mean, this.#level, this.#minutes].every(place => areFinite(place, 1))
    )
  }

  save(state: ScorerState, to: StateWriter): void {
    const { numbers, wholes } = state
    to.f64s(numbers.subarray(this.#hourOfWeek, this.#hourOfWeek + WEEK_HOURS))
    to.f64s(wholes.subarray(this.#hourOfWeekMinutes, this.#hourOfWeekMinutes + WEEK_HOURS))
    to.f64s(numbers.subarray(this.#hourOfDay, this.#hourOfDay + DAY_HOURS))
    to.f64s(Array.from({ length: DAY_HOURS }, (_, day) => this.#dayMinutes(state, day)))
    for (const place of [this.#mean, this.#level, this.#minutes]) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    const { numbers, wholes } = state
    from.f64sInto(numbers.subarray(this.#hourOfWeek, this.#hourOfWeek + WEEK_HOURS))
    from.f64sInto(wholes.subarray(this.#hourOfWeekMinutes, this.#hourOfWeekMinutes + WEEK_HOURS))
    from.f64sInto(numbers.subarray(this.#hourOfDay, this.#hourOfDay + DAY_HOURS))
    from.f64s()
    for (const place of [this.#mean, this.#level, this.#minutes]) state.set(place, from.f64())
  }

  #meanRate(state: ScorerState): number {
    return rateAfter(this.minutes(state), slowRate)
  }

  #dayRate(state: ScorerState, hour: number): number {
    return rateAfter(this.#dayMinutes(state, hour), hourOfDayRate)
  }

  #weekRate(state: ScorerState, hour: number): number {
    return rateAfter(this.#weekMinutes(state, hour), hourOfWeekRate)
  }

  #weekMinutes({ wholes }: ScorerState, hour: number): number {
    return wholes[this.#hourOfWeekMinutes + hour] as number
  }

  /** Minutes learnt of an hour of the day: those of the seven hours of the week. */
  #dayMinutes(state: ScorerState, hour: number): number {
    let minutes = 0
    for (let week = hour; week < WEEK_HOURS; week += DAY_HOURS) minutes += this.#weekMinutes(state, week)
    return minutes
  }
}

/** How far a mean moves after that many minutes: as the plain mean at first, later by the slowest rate. */
function rateAfter(minutes: number, slowest: number): number {
  return minutes === 0 ? 0 : Math.max(slowest, 1 / minutes)
}

function draw(state: ScorerState, place: number, rate: number, value: number): void {
  const mean = state.get(place)
  state.set(place, mean + rate * (value - mean))
}

function winsorised(count: number, expected: number, dispersion: number): number {
  return Math.min(count, expected + winsorDeviations * Math.sqrt(expected + dispersion * expected * expected) + 1)
}
