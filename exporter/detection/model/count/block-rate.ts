import { anomalyConstants } from '../constants.ts'
import { negativeBinomialSurprise } from './negative-binomial-tail.ts'

const { minutes, priorStrength, dispersion, winsorDeviations, halfLife } = anomalyConstants.block

/** State of a Gamma-Poisson rate: decayed events S and decayed exposure D (events that a profile expected). */
export interface BlockRate {
  readonly events: number
  readonly exposure: number
}

export interface BlockScore {
  readonly surprise: number
  /** M: events expected of the block. */
  readonly expected: number
  /** The count to be learnt: winsorised. */
  readonly learnable: number
}

export const startingRate: BlockRate = { events: 0, exposure: 0 }

/** Part that is left of a memory after this many blocks: half-life 7 days. */
export function decayOver(blocks: number): number {
  return 2 ** ((-minutes * blocks) / halfLife)
}

/**
 * Scores a block of X events with exposure E: α = 1 + S, β = 1 + D, M = E·α/β, φ = .3 + 1/α,
 * A = negative binomial surprise of X. The count that may be learnt is min(X, M + 8·sd + 1).
 */
export function scoreBlock(rate: BlockRate, count: number, exposure: number): BlockScore {
  const alpha = priorStrength + rate.events
  const expected = (exposure * alpha) / (priorStrength + rate.exposure)
  const phi = dispersion + 1 / alpha
  const limit = expected + winsorDeviations * Math.sqrt(expected + phi * expected * expected) + 1
  return {
    surprise: exposure > 0 ? negativeBinomialSurprise(count, expected, phi) : 0,
    expected,
    learnable: Math.min(count, limit),
  }
}

/** The rate after `blocks` blocks have passed, the newest of them with these events and this exposure. */
export function learnBlock(rate: BlockRate, events: number, exposure: number, blocks: number): BlockRate {
  const kept = decayOver(blocks)
  return { events: rate.events * kept + events, exposure: rate.exposure * kept + exposure }
}
