import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { CountWindow } from './count-window.ts'
import { MinuteRing } from './minute-ring.ts'
import { Silence, type SilentRun } from './silence.ts'
import { WeeklyRate } from './weekly-rate.ts'

const { windows, warmUp } = anomalyConstants.count

/**
 * Scores a count a minute: what was expected of this hour of the week, and how surprising the last 1, 5, 20, 90 and 360
 * minutes and the present silence are against it. Every minute is scored before it is learnt.
 */
export class CountModel {
  readonly windows: readonly CountWindow[]
  readonly #rate: WeeklyRate
  readonly #ring: MinuteRing
  readonly #silence: Silence
  readonly #surprises: number
  readonly #silenceSurprise: number
  readonly #expected: number

  constructor(layout: Layout) {
    this.#rate = new WeeklyRate(layout)
    this.#ring = new MinuteRing(layout)
    this.#silence = new Silence(layout)
    this.windows = windows.map(minutes => new CountWindow(layout, minutes))
    this.#surprises = layout.numbers(windows.length)
    this.#silenceSurprise = layout.numbers()
    this.#expected = layout.numbers()
  }

  /** Surprise of each window. */
  surprises({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#surprises, this.#surprises + windows.length)
  }

  /** The largest of the surprises of the windows and of the silence. */
  largestSurprise(state: ScorerState): number {
    let largest = this.silenceSurprise(state)
    for (let i = 0; i < windows.length; i++) largest = Math.max(largest, state.get(this.#surprises + i))
    return largest
  }

  silenceSurprise(state: ScorerState): number {
    return state.get(this.#silenceSurprise)
  }

  /** μ of the last minute. */
  expected(state: ScorerState): number {
    return state.get(this.#expected)
  }

  /** Minutes learnt; partial ones that showed no excess do not count. */
  minutesSeen(state: ScorerState): number {
    return this.#rate.minutes(state)
  }

  /** True when enough minutes were seen for a score. */
  isWarm(state: ScorerState): boolean {
    return this.#rate.minutes(state) > warmUp
  }

  /** φ of single minutes. */
  dispersion(state: ScorerState): number {
    return (this.windows[0] as CountWindow).dispersion(state)
  }

  /** The present run of empty minutes. */
  silence(state: ScorerState): SilentRun {
    return this.#silence.run(state)
  }

  /** Expected count of the minute that begins at this time (seconds). */
  expectedAt(state: ScorerState, time: number): number {
    return this.#rate.expected(state, time)
  }

  /** Scores and learns a minute that was fully observed. */
  step(state: ScorerState, time: number, count: number): void {
    const expected = this.#rate.expected(state, time)
    this.#enter(state, count, expected)
    const minutesSeen = this.#rate.count(state)
    const warm = this.isWarm(state)
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      state.set(this.#surprises + i, warm ? window.score(state, this.#ring, true) : 0)
      if (warm) window.learnDispersion(state, this.#ring, minutesSeen)
    }
    state.set(this.#silenceSurprise, this.#silence.step(state, count, expected, this.dispersion(state), warm))
    this.#rate.learn(state, time, count, expected, this.dispersion(state))
  }

  /**
   * A minute that was observed in part. Its count is a lower bound: it may prove an excess and is then scored, but
   * nothing is learnt from it. Without an excess it is left out: no count, no expectation, no silence.
   * @returns true when the count was an excess and took part
   */
  stepPartial(state: ScorerState, time: number, count: number): boolean {
    const expected = this.#rate.expected(state, time)
    const excess = count > expected
    this.#enter(state, excess ? count : 0, excess ? expected : 0)
    state.set(this.#expected, expected)
    const isScored = excess && this.isWarm(state)
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      state.set(this.#surprises + i, isScored ? window.score(state, this.#ring, false) : 0)
    }
    this.#silence.stepPartial(state, count)
    state.set(this.#silenceSurprise, 0)
    return excess
  }

  /** Minutes of which nothing is known pass; more of them than the ring holds are as good as just that many. */
  skip(state: ScorerState, minutes: number): void {
    for (let left = Math.min(minutes, Math.max(...windows)); left > 0; left--) this.#enter(state, 0, 0)
    this.surprises(state).fill(0)
    state.set(this.#silenceSurprise, 0)
  }

  /**
   * Late events of a minute already scored, `age` minutes before the newest: the next minute's sums see them, the means
   * learn the difference. Older than the ring, or in a minute that was left out: not learnt.
   * @returns true when learnt
   */
  amend(state: ScorerState, newest: number, age: number, delta: number): boolean {
    const expected = this.#ring.expected(state, age)
    if (expected === 0) return false
    const time = newest - age * MINUTE_SECONDS
    this.#rate.amend(state, time, this.#ring.count(state, age), delta, expected, this.dispersion(state))
    this.#ring.amend(state, age, delta)
    for (const window of this.windows) window.amend(state, age, delta)
    return true
  }

  /** False where the expectation of some minute is no number (see `WeeklyRate.isSound`). */
  isSound(state: ScorerState): boolean {
    return this.#rate.isSound(state)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const part of this.#parts()) part.save(state, to)
    to.f64s(this.surprises(state))
    to.f64(this.silenceSurprise(state))
    to.f64(this.expected(state))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const part of this.#parts()) part.load(state, from)
    from.f64sInto(this.surprises(state))
    state.set(this.#silenceSurprise, from.f64())
    state.set(this.#expected, from.f64())
  }

  #enter(state: ScorerState, count: number, expected: number): void {
    state.set(this.#expected, expected)
    for (const window of this.windows) window.slide(state, this.#ring, count, expected)
    this.#ring.push(state, count, expected)
    for (const window of this.windows) window.refresh(state, this.#ring)
  }

  #parts() {
    return [this.#rate, this.#ring, this.#silence, ...this.windows]
  }
}
