import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { relaxation, varianceStart, limit, winsorDeviations, heldFrom, heldFor } = anomalyConstants.level
/** Part of a deviation that is left after a minute. */
const KEPT = Math.exp(-1 / relaxation)
/** Minutes of surprise beyond those for which the level is held are forgotten as fast, however long an attack went on. */
const MOST_HELD = 2 * heldFor

/** ln of the level and its variance. */
export interface LevelEstimate {
  readonly log: number
  readonly variance: number
}

/** What the level will be in the mean over the next minutes. */
export interface LevelForecast {
  /** Factor of the expected events. */
  readonly factor: number
  /** Variance of the logarithm of the mean level. */
  readonly variance: number
}

/**
 * The level of the last hours against the profile, with its uncertainty: an Ornstein-Uhlenbeck process around 0 with a
 * relaxation of eight hours, followed by a Kalman filter with clipped innovations. A mean of e^ℓ is 1.
 */
export class Level {
  readonly #log: number
  readonly #variance: number
  /** Minutes for which the level is held because of what it is surprised by. */
  readonly #held: number

  constructor(layout: Layout) {
    this.#log = layout.numbers()
    this.#variance = layout.numbers(1, varianceStart)
    this.#held = layout.numbers()
  }

  /** As expected of the next minute, before its count is known. @param stationary variance of the level at any time */
  ahead(state: ScorerState, stationary: number): LevelEstimate {
    return {
      log: state.get(this.#log) * KEPT,
      variance: KEPT * KEPT * state.get(this.#variance) + stationary * (1 - KEPT * KEPT),
    }
  }

  /**
   * Learns a minute.
   * @param deviation (count − expected)/expected, of the clipped count
   * @param noise relative variance of the count at a known level
   * @param surprise of the series in this minute: an attack must not become the level that it is measured against
   */
  learn(state: ScorerState, ahead: LevelEstimate, deviation: number, noise: number, surprise: number): void {
    const held = state.get(this.#held)
    const isSurprised = surprise >= heldFrom
    const gain = isSurprised && held < heldFor ? 0 : ahead.variance / (ahead.variance + noise)
    state.set(this.#held, isSurprised ? Math.min(MOST_HELD, held + 1) : Math.max(0, held - 2))
    const spread = Math.sqrt(ahead.variance + noise)
    const innovation = spread * Math.max(-winsorDeviations, Math.min(winsorDeviations, deviation / spread))
    state.set(this.#log, Math.max(-limit, Math.min(limit, ahead.log + gain * innovation)))
    state.set(this.#variance, (1 - gain) * ahead.variance)
  }

  /** A minute of which nothing was learnt. */
  pass(state: ScorerState, ahead: LevelEstimate): void {
    state.set(this.#log, ahead.log)
    state.set(this.#variance, ahead.variance)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (const place of this.#places()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    for (const place of this.#places()) state.set(place, from.f64())
  }

  #places(): readonly number[] {
    return [this.#log, this.#variance, this.#held]
  }
}

/**
 * Forecasts the mean level over a window from what was known at its beginning. With θ = w/τ, the mean over the window
 * keeps a = (1 − e^−θ)/θ of the deviation at its beginning; its variance at an unknown beginning is s²·b with
 * b = 2(θ − 1 + e^−θ)/θ², so given ℓ₀ ± V₀ it is s²·(b − a²) + a²·V₀ (Ornstein-Uhlenbeck, integrated).
 * Returns the forecast of a width as a function, because a and b are the same for every window.
 */
export function levelForecast(minutes: number): (from: LevelEstimate, stationary: number) => LevelForecast {
  const theta = minutes / relaxation
  const kept = (1 - Math.exp(-theta)) / theta
  const wander = (2 * (theta - 1 + Math.exp(-theta))) / (theta * theta)
  return (from, stationary) => {
    const variance = Math.max(0, stationary * (wander - kept * kept) + kept * kept * from.variance)
    return { factor: Math.exp(kept * from.log + (variance - wander * stationary) / 2), variance }
  }
}
