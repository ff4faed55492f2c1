import { anomalyConstants } from '../constants.ts'
import { levelForecast } from '../profile/level.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { MinuteRing, MinuteSums } from './minute-ring.ts'
import { ModelGuard } from './model-guard.ts'
import { negativeBinomialShortfall, negativeBinomialSurprise } from './negative-binomial-tail.ts'

const { fullFrom, dispersionFloor, correctionWeight, correctionMemory, momentLimit, observedPart, shortfallPenalty } =
  anomalyConstants.count

/** What the profile knows of itself, for all windows of a minute. */
export interface ProfileUncertainty {
  /** s² of the level. */
  readonly levelVariance: number
  /** Relative variance of the expectation itself. */
  readonly shape: number
  /** Events of which the rate is known. */
  readonly eventsSeen: number
}

/** What is expected of a window. */
export interface WindowExpectation {
  readonly events: number
  /** φ: the variance is M + φM². */
  readonly dispersion: number
}

/**
 * The last w minutes as one count X against its expectation M, under a negative binomial. M is the sum of the profile
 * times the level as it was known when the window began; φ is made of the dispersion of single minutes, what the level
 * may do within the window, and the uncertainty of the profile, times a correction that is learnt for this width.
 * Short windows see bursts, long ones see drips.
 */
export class CountWindow {
  readonly minutes: number
  readonly #forecast: ReturnType<typeof levelForecast>
  /** What a window gives away for the chances to err that its shortness brings. */
  readonly #handicap: number
  /** Minutes between two moments that the correction is learnt from. */
  readonly #period: number
  readonly #observedMinutes: number
  readonly #count: number
  readonly #profile: number
  readonly #variance: number
  /** Clipped count. */
  readonly #learnt: number
  /** Weighted squares of residuals over what was expected of them, and their weights. */
  readonly #guard: ModelGuard
  readonly #squares: number
  readonly #weights: number

  constructor(layout: Layout, minutes: number) {
    this.minutes = minutes
    this.#forecast = levelForecast(minutes)
    this.#handicap = Math.max(0, Math.log10(fullFrom / minutes))
    this.#period = Math.max(1, Math.floor(minutes / 2))
    this.#guard = new ModelGuard(layout, minutes)
    this.#observedMinutes = layout.numbers()
    this.#count = layout.numbers()
    this.#profile = layout.numbers()
    this.#variance = layout.numbers()
    this.#learnt = layout.numbers()
    this.#squares = layout.numbers()
    this.#weights = layout.numbers()
  }

  /** X, events in the window. */
  count(state: ScorerState): number {
    return state.get(this.#count)
  }

  /** M and φ of the window's observed minutes. */
  expected(state: ScorerState, ring: MinuteRing, uncertainty: ProfileUncertainty): WindowExpectation {
    const { events, dispersion } = this.#modelled(state, ring, uncertainty)
    return { events, dispersion: Math.max(dispersionFloor, dispersion * this.#correction(state)) }
  }

  /** Lets go of the minute that leaves, before the ring takes the next one. */
  leave(state: ScorerState, minute: MinuteSums): void {
    this.#add(state, minute, -1)
  }

  /** Takes in the newest minute of the ring. */
  enter(state: ScorerState, minute: MinuteSums): void {
    this.#add(state, minute, 1)
  }

  /** Sums again, so that rounding cannot drift. */
  refresh(state: ScorerState, ring: MinuteRing): void {
    let count = 0
    let learnt = 0
    let profile = 0
    let variance = 0
    for (let age = this.minutes - 1; age >= 0; age--) {
      const minute = ring.minute(state, age)
      count += minute.count
      learnt += minute.learnt
      profile += minute.profile
      variance += minute.variance
    }
    state.set(this.#count, count)
    state.set(this.#learnt, learnt)
    state.set(this.#profile, profile)
    state.set(this.#variance, variance)
  }

  /**
   * Surprise of the window at this time; 0 while too few of its minutes were observed.
   * @param expected of the window @param eventsSeen events of which the rate is known
   * @param isGuarded false to measure what the guard brings @param teach false scores without learning
   */
  score(
    state: ScorerState,
    ring: MinuteRing,
    expected: WindowExpectation,
    eventsSeen: number,
    isGuarded: boolean,
    teach: boolean,
  ): number {
    const surprise = this.#modelSurprise(state, ring, expected, eventsSeen)
    const guarded = isGuarded ? this.#guard.guarded(state, surprise) : surprise
    if (teach) this.#guard.learn(state, surprise)
    return Math.max(0, guarded - this.#handicap)
  }

  /** By how much the guard holds this surprise down: 0 where the model is right. */
  heldDown(state: ScorerState, ring: MinuteRing, expected: WindowExpectation, eventsSeen: number): number {
    const surprise = this.#modelSurprise(state, ring, expected, eventsSeen)
    return surprise - this.#guard.guarded(state, surprise)
  }

  /** Surprise of too few events; 0 while not all of its minutes were observed. */
  shortfall(state: ScorerState, { events, dispersion }: WindowExpectation): number {
    if (state.get(this.#observedMinutes) < this.minutes) return 0
    return Math.max(0, negativeBinomialShortfall(this.count(state), events, dispersion) - shortfallPenalty)
  }

  /**
   * Learns the correction from one squared residual, r = X′ − M of clipped counts: it is the mean of (r² − M)/φM²,
   * limited, weighted by the part that φ has of the variance, drawn to 1 by a prior; due every half width.
   */
  learn(state: ScorerState, ring: MinuteRing, uncertainty: ProfileUncertainty, minutesSeen: number): void {
    if (minutesSeen % this.#period !== 0 || !this.#isObserved(state, ring)) return
    const { events, dispersion } = this.#modelled(state, ring, uncertainty)
    const square = dispersion * events * events
    const residual = state.get(this.#learnt) - events
    const moment = Math.min(residual * residual - events, momentLimit * (events + square)) / square
    const weight = (square / (events + square)) ** 2
    state.set(this.#squares, state.get(this.#squares) * correctionMemory + weight * moment)
    state.set(this.#weights, state.get(this.#weights) * correctionMemory + weight)
  }

  /** Late events in a minute that the window still holds. @param learnt by how much its clipped count grew */
  amend(state: ScorerState, age: number, delta: number, learnt: number): void {
    if (age >= this.minutes) return
    state.add(this.#count, delta)
    state.add(this.#learnt, learnt)
  }

  save(state: ScorerState, to: StateWriter): void {
    this.#guard.save(state, to)
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    this.#guard.load(state, from)
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #add(state: ScorerState, { count, learnt, profile, variance }: MinuteSums, sign: 1 | -1): void {
    if (profile === 0) return
    state.add(this.#count, sign * count)
    state.add(this.#learnt, sign * learnt)
    state.add(this.#profile, sign * profile)
    state.add(this.#variance, sign * variance)
    state.add(this.#observedMinutes, sign)
  }

  #modelSurprise(
    state: ScorerState,
    ring: MinuteRing,
    { events, dispersion }: WindowExpectation,
    eventsSeen: number,
  ): number {
    const count = this.count(state)
    if (count <= events || !this.#isObserved(state, ring)) return 0
    const surprise = negativeBinomialSurprise(count, events, dispersion)
    return Math.min(surprise, clusterSurprise(count, events, eventsSeen))
  }

  #isObserved(state: ScorerState, ring: MinuteRing): boolean {
    return ring.holds(state, this.minutes) && state.get(this.#observedMinutes) >= observedPart * this.minutes
  }

  #modelled(state: ScorerState, ring: MinuteRing, { levelVariance, shape }: ProfileUncertainty): WindowExpectation {
    const profile = state.get(this.#profile)
    const { factor, variance } = this.#forecast(ring.level(state, this.minutes - 1), levelVariance)
    const minutes = profile > 0 ? Math.max(0, state.get(this.#variance)) / (profile * profile) : 0
    return { events: profile * factor, dispersion: minutes + Math.expm1(variance) + shape }
  }

  #correction(state: ScorerState): number {
    return (Math.max(0, state.get(this.#squares)) + correctionWeight) / (state.get(this.#weights) + correctionWeight)
  }

  #places(): readonly number[] {
    return [
      ...[this.#observedMinutes, this.#count, this.#profile, this.#variance, this.#learnt],
      ...[this.#squares, this.#weights],
    ]
  }
}

/**
 * Where hardly an event is known, nothing is known of how many come together: the first cluster's size is taken to have
 * a Pareto tail whose index grows with the events seen, A = −log10(min(1, M)) + (1 + n/2)·log10 X. After some twenty
 * events it limits nothing.
 */
function clusterSurprise(count: number, expected: number, eventsSeen: number): number {
  return -Math.log10(Math.min(1, expected)) + (1 + eventsSeen / 2) * Math.log10(Math.max(1, count))
}
