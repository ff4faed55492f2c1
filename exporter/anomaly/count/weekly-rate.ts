import { anomalyConstants } from '../constants.ts'
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
/** Keeps the expectation above zero. */
const MINIMUM_RATE = 0.0001

/**
 * Expected count of a minute: a mean by hour of the week, shrunk to the mean by hour of the day, shrunk to the mean of
 * all, times a slow level that follows drifts:
 * μ = (b·how + (1−b)·(a·hod + (1−a)·g))·e^ℓ + .0001, a = dn/(dn + 60), b = hn/(hn + 180), dn and hn the minutes that hour has.
 *
 * Learnt after scoring from the winsorised count c = min(x, μ + 8·sd + 1), so that a burst cannot move the mean much.
 * All hours are UTC: a change to daylight saving moves the habits of people by an hour and is learnt like any other drift.
 */
export class WeeklyRate {
  readonly #hourOfWeek = new Float64Array(168)
  readonly #hourOfWeekMinutes = new Uint32Array(168)
  readonly #hourOfDay = new Float64Array(24)
  readonly #hourOfDayMinutes = new Uint32Array(24)
  #mean = 0
  #level = 0
  #minutes = 0

  /** Minutes learnt. */
  get minutes(): number {
    return this.#minutes
  }

  /** Expected count of the minute that begins at this time (seconds). */
  expected(time: number): number {
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    const dayMinutes = this.#hourOfDayMinutes[day] as number
    const weekMinutes = this.#hourOfWeekMinutes[week] as number
    const a = dayMinutes / (dayMinutes + shrinkHourOfDay)
    const b = weekMinutes / (weekMinutes + shrinkHourOfWeek)
    const daily = a * (this.#hourOfDay[day] as number) + (1 - a) * this.#mean
    return (b * (this.#hourOfWeek[week] as number) + (1 - b) * daily) * Math.exp(this.#level) + MINIMUM_RATE
  }

  /**
   * Counts the minute as seen, before it is scored.
   * @returns minutes seen, this one included
   */
  count(): number {
    return ++this.#minutes
  }

  /** Learns a minute's count. @param expected μ of that minute @param dispersion φ of single minutes */
  learn(time: number, count: number, expected: number, dispersion: number): void {
    const clipped = winsorised(count, expected, dispersion)
    const levelled = clipped * Math.exp(-this.#level)
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    this.#hourOfDayMinutes[day] = (this.#hourOfDayMinutes[day] as number) + 1
    this.#hourOfWeekMinutes[week] = (this.#hourOfWeekMinutes[week] as number) + 1
    this.#mean += this.#meanRate() * (clipped - this.#mean)
    this.#hourOfDay[day] = drawn(this.#hourOfDay[day] as number, this.#dayRate(day), levelled)
    this.#hourOfWeek[week] = drawn(this.#hourOfWeek[week] as number, this.#weekRate(week), levelled)
    const pull = Math.max(-1, Math.min(1, (clipped - expected) / (expected + 0.2)))
    this.#level = Math.max(-levelLimit, Math.min(levelLimit, levelPull * (this.#level + levelStep * pull)))
  }

  /** Learns that a minute already learnt had more events: each mean moves by its rate times what the clipped count grew. */
  amend(time: number, count: number, delta: number, expected: number, dispersion: number): void {
    const grown = winsorised(count + delta, expected, dispersion) - winsorised(count, expected, dispersion)
    const levelled = grown * Math.exp(-this.#level)
    const day = hourOfDay(time)
    const week = hourOfWeek(time)
    this.#mean += this.#meanRate() * grown
    this.#hourOfDay[day] = (this.#hourOfDay[day] as number) + this.#dayRate(day) * levelled
    this.#hourOfWeek[week] = (this.#hourOfWeek[week] as number) + this.#weekRate(week) * levelled
  }

  save(to: StateWriter): void {
    for (const cells of this.#cells()) to.f64s(cells)
    to.f64(this.#mean)
    to.f64(this.#level)
    to.f64(this.#minutes)
  }

  load(from: StateReader): void {
    for (const cells of this.#cells()) from.f64sInto(cells)
    this.#mean = from.f64()
    this.#level = from.f64()
    this.#minutes = from.f64()
  }

  #meanRate(): number {
    return Math.max(slowRate, 1 / this.#minutes)
  }

  #dayRate(hour: number): number {
    return Math.max(hourOfDayRate, 1 / (this.#hourOfDayMinutes[hour] as number))
  }

  #weekRate(hour: number): number {
    return Math.max(hourOfWeekRate, 1 / (this.#hourOfWeekMinutes[hour] as number))
  }

  #cells() {
    return [this.#hourOfWeek, this.#hourOfWeekMinutes, this.#hourOfDay, this.#hourOfDayMinutes]
  }
}

function drawn(mean: number, rate: number, value: number): number {
  return mean + rate * (value - mean)
}

function winsorised(count: number, expected: number, dispersion: number): number {
  return Math.min(count, expected + winsorDeviations * Math.sqrt(expected + dispersion * expected * expected) + 1)
}
