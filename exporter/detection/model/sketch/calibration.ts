import { anomalyConstants } from '../constants.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { TailSketch } from './tail-sketch.ts'

const { sketchTrustedAt, modelWeight, modelLimit } = anomalyConstants.count

/**
 * Corrects a model's surprise by what the model's surprises of this series have been: a wrong model is wrong every day,
 * and its sketch learns that. A = (1 − l)·.7·min(A_model, 4) + l·A_sketch with l = min(1, n/3000), n the weight that
 * the sketch has learnt; until then the model carries the score, held down.
 */
export function calibratedSurprise(state: ScorerState, sketch: TailSketch, modelSurprise: number): number {
  return blend(modelSurprise, sketch.step(state, modelSurprise), sketch.weight(state))
}

/** The same, without teaching the sketch. */
export function peekedSurprise(state: ScorerState, sketch: TailSketch, modelSurprise: number): number {
  return blend(modelSurprise, sketch.score(state, modelSurprise), sketch.weight(state))
}

function blend(modelSurprise: number, sketchSurprise: number, weight: number): number {
  const trust = Math.min(1, weight / sketchTrustedAt)
  return (1 - trust) * modelWeight * Math.min(modelSurprise, modelLimit) + trust * sketchSurprise
}
