import { anomalyConstants } from '../constants.ts'
import { type Expectation, Profile, type ProfilePart } from '../profile/profile.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { CountWindow, type ProfileUncertainty, type WindowExpectation } from './count-window.ts'
import { MinuteRing } from './minute-ring.ts'
import { Silence, type SilentRun } from './silence.ts'

const { windows, warmUp, shortfallFrom } = anomalyConstants.count
const LONGEST = Math.max(...windows)
/** Sums of counts up to this one are exact in every window; what larger ones leave behind is summed again. */
const EXACT_COUNT = Number.MAX_SAFE_INTEGER / LONGEST

/**
 * Scores a count a minute: how surprising the last 4 to 360 minutes and the present silence are against the profile of
 * the series. Every minute is scored before it is learnt.
 */
export class CountModel {
  readonly windows: readonly CountWindow[]
  readonly profile: Profile
  readonly #ring: MinuteRing
  readonly #silence: Silence
  readonly #hasGuard: boolean
  readonly #surprises: number
  readonly #silenceSurprise: number
  readonly #shortfall: number
  /** Width of the window that falls short most. */
  readonly #shortMinutes: number
  /** Of the last minute: expected events, and their relative variance beyond that of counts. */
  readonly #expected: number
  readonly #spread: number

  /** @param without a part to be left out, to measure what it brings */
  constructor(layout: Layout, without?: ProfilePart | 'guard') {
    this.#hasGuard = without !== 'guard'
    this.profile = new Profile(layout, without === 'guard' ? undefined : without)
    this.#ring = new MinuteRing(layout)
    this.#silence = new Silence(layout)
    this.windows = windows.map(minutes => new CountWindow(layout, minutes))
    this.#surprises = layout.numbers(windows.length)
    this.#silenceSurprise = layout.numbers()
    this.#shortfall = layout.numbers()
    this.#shortMinutes = layout.numbers()
    this.#expected = layout.numbers()
    this.#spread = layout.numbers()
  }

  /** Surprise of each window. */
  surprises({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#surprises, this.#surprises + windows.length)
  }

  /** The largest of the surprises of the windows, of too few events and of the silence. */
  largestSurprise(state: ScorerState): number {
    let largest = Math.max(this.silenceSurprise(state), this.shortfall(state))
    for (let i = 0; i < windows.length; i++) largest = Math.max(largest, state.get(this.#surprises + i))
    return largest
  }

  silenceSurprise(state: ScorerState): number {
    return state.get(this.#silenceSurprise)
  }

  /** Surprise of too few events in one of the longer windows. */
  shortfall(state: ScorerState): number {
    return state.get(this.#shortfall)
  }

  /** The window that falls short most; undefined where none does. */
  shortWindow(state: ScorerState): CountWindow | undefined {
    if (this.shortfall(state) === 0) return undefined
    return this.windows.find(({ minutes }) => minutes === state.get(this.#shortMinutes))
  }

  /** Expected events of the last minute. */
  expected(state: ScorerState): number {
    return state.get(this.#expected)
  }

  /** φ of the last minute: the variance of its count is M + φM². */
  dispersion(state: ScorerState): number {
    return Math.max(anomalyConstants.count.dispersionFloor, state.get(this.#spread))
  }

  /** What is expected of a window. */
  windowExpectation(state: ScorerState, window: CountWindow): WindowExpectation {
    return window.expected(state, this.#ring, this.#uncertainty(state))
  }

  /** By how much the surprise of a window is held down, because the model is measurably wrong. */
  heldDown(state: ScorerState, window: CountWindow): number {
    const uncertainty = this.#uncertainty(state)
    const expected = window.expected(state, this.#ring, uncertainty)
    return window.heldDown(state, this.#ring, expected, uncertainty.eventsSeen)
  }

  /** Minutes learnt; partial ones do not count. */
  minutesSeen(state: ScorerState): number {
    return this.profile.minutes(state)
  }

  /** True when enough minutes were seen for a score. */
  isWarm(state: ScorerState): boolean {
    return this.minutesSeen(state) > warmUp
  }

  /** The present run of empty minutes. */
  silence(state: ScorerState): SilentRun {
    return this.#silence.run(state)
  }

  /** Scores and learns a minute that was fully observed. */
  step(state: ScorerState, time: number, count: number): void {
    const { expectation, uncertainty } = this.#expect(state, time)
    const minutes = this.minutesSeen(state) + 1
    const learnt = this.profile.clipped(count, expectation)
    this.#push(state, count, learnt, expectation, true)
    const warm = minutes > warmUp
    state.set(this.#shortfall, 0)
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      state.set(this.#surprises + i, 0)
      if (!warm) continue
      const expected = window.expected(state, this.#ring, uncertainty)
      const surprise = window.score(state, this.#ring, expected, uncertainty.eventsSeen, this.#hasGuard, true)
      state.set(this.#surprises + i, surprise)
      if (window.minutes >= shortfallFrom) this.#fallShort(state, window, expected)
    }
    const dispersion = this.profile.dispersion(state)
    const unknown = Math.expm1(uncertainty.levelVariance) + uncertainty.shape
    const silence = this.#silence.step(state, count, expectation.events, dispersion, unknown)
    state.set(this.#silenceSurprise, warm ? silence : 0)
    const modelled = this.largestSurprise(state)
    this.profile.learn(state, time, learnt, expectation, modelled)
    if (!warm) return
    for (const window of this.windows) window.learn(state, this.#ring, uncertainty, minutes)
  }

  /**
   * A minute that was observed in part. Its count is a lower bound: it may prove an excess and is then scored, but
   * nothing is learnt from it. Without an excess it is left out: no count, no expectation, no silence.
   * @returns true when the count was an excess and took part
   */
  stepPartial(state: ScorerState, time: number, count: number): boolean {
    const { expectation, uncertainty } = this.#expect(state, time)
    const excess = count > expectation.events
    this.#push(state, count, this.profile.clipped(count, expectation), expectation, excess)
    const isScored = excess && this.isWarm(state)
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      state.set(this.#surprises + i, 0)
      if (!isScored) continue
      const expected = window.expected(state, this.#ring, uncertainty)
      const surprise = window.score(state, this.#ring, expected, uncertainty.eventsSeen, this.#hasGuard, false)
      state.set(this.#surprises + i, surprise)
    }
    this.#silence.stepPartial(state, count)
    state.set(this.#silenceSurprise, 0)
    state.set(this.#shortfall, 0)
    this.profile.pass(state, time, expectation)
    return excess
  }

  /** Minutes of which nothing is known pass, up to this one; more than the ring holds are as good as just that many. */
  skip(state: ScorerState, time: number, minutes: number): void {
    this.profile.skip(state, time, minutes)
    const nothing = this.profile.nothing(state)
    for (let left = Math.min(minutes, LONGEST); left > 0; left--) this.#push(state, 0, 0, nothing, false)
    this.surprises(state).fill(0)
    state.set(this.#silenceSurprise, 0)
    state.set(this.#shortfall, 0)
  }

  /**
   * Late events of a minute already scored, `age` minutes before the newest: the next minute's sums see them, the
   * profile learns the difference. Older than the ring, or in a minute that was left out: not learnt.
   * @returns true when learnt
   */
  amend(state: ScorerState, newest: number, age: number, delta: number): boolean {
    const { profile, variance, learnt } = this.#ring.minute(state, age)
    if (profile === 0) return false
    const level = this.#ring.level(state, age)
    const limit = this.profile.limitOf(profile * Math.exp(level.log), variance / (profile * profile) + level.variance)
    const more = Math.min(delta, Math.max(0, Math.round(limit) - learnt))
    this.profile.amend(state, newest - age * MINUTE_SECONDS, more)
    this.#ring.amend(state, age, delta, more)
    for (const window of this.windows) window.amend(state, age, delta, more)
    return true
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const part of this.#parts()) part.save(state, to)
    to.f64s(this.surprises(state))
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const part of this.#parts()) part.load(state, from)
    from.f64sInto(this.surprises(state))
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #expect(state: ScorerState, time: number): { expectation: Expectation; uncertainty: ProfileUncertainty } {
    this.profile.advance(state, time)
    const expectation = this.profile.expected(state, time)
    const uncertainty = this.#uncertainty(state)
    state.set(this.#expected, expectation.events)
    state.set(this.#spread, this.profile.spread(expectation, uncertainty.shape))
    return { expectation, uncertainty }
  }

  #fallShort(state: ScorerState, window: CountWindow, expected: WindowExpectation): void {
    const surprise = window.shortfall(state, expected)
    if (surprise <= this.shortfall(state)) return
    state.set(this.#shortfall, surprise)
    state.set(this.#shortMinutes, window.minutes)
  }

  #uncertainty(state: ScorerState): ProfileUncertainty {
    return {
      levelVariance: this.profile.levelVariance(state),
      shape: this.profile.uncertainty(state),
      eventsSeen: this.profile.eventsSeen(state),
    }
  }

  #push(state: ScorerState, count: number, learnt: number, expectation: Expectation, isCounted: boolean): void {
    let isDue = false
    for (const window of this.windows) {
      const leaving = this.#ring.minute(state, window.minutes - 1)
      window.leave(state, leaving)
      isDue ||= leaving.count > EXACT_COUNT
    }
    this.#ring.push(state, count, learnt, expectation, isCounted)
    const newest = this.#ring.minute(state, 0)
    for (const window of this.windows) window.enter(state, newest)
    if (isDue || this.#ring.isTurn(state)) for (const window of this.windows) window.refresh(state, this.#ring)
  }

  #parts() {
    return [this.profile, this.#ring, this.#silence, ...this.windows]
  }

  #places(): readonly number[] {
    return [this.#silenceSurprise, this.#shortfall, this.#shortMinutes, this.#expected, this.#spread]
  }
}
