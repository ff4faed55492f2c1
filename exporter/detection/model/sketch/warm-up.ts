import { anomalyConstants } from '../constants.ts'
import type { ScorerState } from '../state/scorer-state.ts'

const { warmUpValues } = anomalyConstants.sketch

/**
 * The first values of a sketch, or the last 32 while all are equal. Kept as runs (value, times): a quiet series waits
 * long for a value that differs.
 */
export class WarmUp {
  readonly #sketch: number

  /** @param sketch number of the sketch */
  constructor(sketch: number) {
    this.#sketch = sketch
  }

  /** Takes a value in. @returns the last 32 values where there are 32 and they are not all the same */
  add(state: ScorerState, value: number): number[] | undefined {
    const runs = this.#runs(state)
    if (Object.is(runs.at(-2), value)) runs[runs.length - 1] = (runs.at(-1) as number) + 1
    else runs.push(value, 1)
    if (runs.length === 2) {
      // From 32 equal values nothing can be learnt: the oldest makes room.
      runs[1] = Math.min(runs[1] as number, warmUpValues - 1)
      return undefined
    }
    const values = expanded(runs)
    return values.length < warmUpValues ? undefined : values
  }

  /** The oldest value makes room: the last 32 have shown no scale. */
  dropFirst(state: ScorerState): void {
    const runs = this.#runs(state)
    runs[1] = (runs[1] as number) - 1
    if (runs[1] === 0) runs.splice(0, 2)
  }

  values(state: ScorerState): number[] {
    return expanded(state.warmUps?.get(this.#sketch) ?? [])
  }

  set(state: ScorerState, values: readonly number[]): void {
    this.clear(state)
    for (const value of values) this.add(state, value)
  }

  clear(state: ScorerState): void {
    state.warmUps?.delete(this.#sketch)
    if (state.warmUps?.size === 0) state.warmUps = undefined
  }

  #runs(state: ScorerState): number[] {
    state.warmUps ??= new Map()
    let runs = state.warmUps.get(this.#sketch)
    if (runs === undefined) {
      runs = []
      state.warmUps.set(this.#sketch, runs)
    }
    return runs
  }
}

function expanded(runs: readonly number[]): number[] {
  const values: number[] = []
  for (let at = 0; at < runs.length; at += 2) {
    for (let times = runs[at + 1] as number; times > 0; times--) values.push(runs[at] as number)
  }
  return values
}
