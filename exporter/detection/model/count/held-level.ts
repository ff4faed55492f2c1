import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { hourOfDay } from '../time.ts'

const { shrinkHourOfWeek: shrinkage, slowRate, hourOfDayRate } = anomalyConstants.count
const DAY_HOURS = 24
const MAX_MINUTES = 65_535
/** An hour's level has held where at most this share of its minutes was empty. */
const MOST_EMPTY = 0.5

/**
 * How far the level of an hour of the day has held, so that silence is not scored against a level that a flood has set.
 * The means of an hour follow the size of a flood; here only minutes are counted: the share of empty ones, and the share
 * of those that end a run of empty ones. Both are means by hour of the day, shrunk to the mean of all with the weight of
 * 180 minutes. Where at least half of the minutes had events, the level holds. Elsewhere an empty minute adds at most
 * −ln(1 − h) to a silence, h the probability that a run of empty minutes ends with the next minute: a flood ends one
 * run, whatever its size and length.
 */
export class HeldLevel {
  readonly #hourMinutes: number
  readonly #minutes: number
  readonly #empty: ShareByHour
  readonly #ending: ShareByHour

  constructor(layout: Layout) {
    this.#hourMinutes = layout.wholes(DAY_HOURS)
    this.#minutes = layout.numbers()
    this.#empty = new ShareByHour(layout)
    this.#ending = new ShareByHour(layout)
  }

  /** The most that an empty minute at this time (seconds) adds to −ln P of a silence; infinite where the level holds. */
  limit(state: ScorerState, time: number): number {
    const hour = hourOfDay(time)
    const minutes = this.#minutesOf(state, hour)
    const empty = this.#empty.at(state, hour, minutes)
    if (empty <= MOST_EMPTY) return Number.POSITIVE_INFINITY
    const oneMore = 1 / (minutes + shrinkage)
    return -Math.log1p(-(this.#ending.at(state, hour, minutes) + oneMore) / (empty + oneMore))
  }

  /** Learns a minute that was fully observed. @param afterEmpty whether the observed minute before it was empty */
  learn(state: ScorerState, time: number, count: number, afterEmpty: boolean): void {
    const hour = hourOfDay(time)
    state.wholes[this.#hourMinutes + hour] = Math.min(MAX_MINUTES, this.#minutesOf(state, hour) + 1)
    state.add(this.#minutes, 1)
    const rate = Math.max(slowRate, 1 / state.get(this.#minutes))
    const hourRate = Math.max(hourOfDayRate, 1 / this.#minutesOf(state, hour))
    this.#empty.learn(state, hour, count === 0, rate, hourRate)
    this.#ending.learn(state, hour, count > 0 && afterEmpty, rate, hourRate)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64s(state.wholes.subarray(this.#hourMinutes, this.#hourMinutes + DAY_HOURS))
    to.f64(state.get(this.#minutes))
    for (const share of [this.#empty, this.#ending]) to.f64s(share.numbers(state))
  }

  /** A snapshot of version 0.2.0 or older ends before: then nothing is known, and the shares are learnt from there on. */
  load(state: ScorerState, from: StateReader): void {
    if (from.isAtEnd) return
    from.f64sInto(state.wholes.subarray(this.#hourMinutes, this.#hourMinutes + DAY_HOURS))
    state.set(this.#minutes, from.f64())
    for (const share of [this.#empty, this.#ending]) from.f64sInto(share.numbers(state))
  }

  #minutesOf({ wholes }: ScorerState, hour: number): number {
    return wholes[this.#hourMinutes + hour] as number
  }
}

/** Share of the minutes of which something is true: by hour of the day, then of all. */
class ShareByHour {
  readonly #first: number

  constructor(layout: Layout) {
    this.#first = layout.numbers(DAY_HOURS + 1)
  }

  numbers({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#first, this.#first + DAY_HOURS + 1)
  }

  /** @param minutes minutes learnt of that hour */
  at(state: ScorerState, hour: number, minutes: number): number {
    const own = minutes / (minutes + shrinkage)
    return own * state.get(this.#first + hour) + (1 - own) * state.get(this.#first + DAY_HOURS)
  }

  learn(state: ScorerState, hour: number, holds: boolean, rate: number, hourRate: number): void {
    draw(state, this.#first + DAY_HOURS, rate, holds)
    draw(state, this.#first + hour, hourRate, holds)
  }
}

function draw(state: ScorerState, place: number, rate: number, holds: boolean): void {
  state.add(place, rate * ((holds ? 1 : 0) - state.get(place)))
}
