import { anomalyConstants } from '../constants.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { holdOffSeconds } = anomalyConstants.shape

/**
 * Hold-off: lets a surprise through only when it is a strict maximum of the last 16 hours of time (not of rows), so that
 * one trouble speaks once, and again only when it gets worse. A queue of times and surprises, falling in surprise: each
 * value is put in and taken out once.
 */
export class RunningMaximum {
  /** The value itself when it exceeds everything of the last 16 hours, else 0. Values that are 0 leave no trace. */
  step({ holdOff }: ScorerState, time: number, value: number): number {
    if (value <= 0) return 0
    let outdated = 0
    while (outdated < holdOff.length && (holdOff[outdated] as number) < time - holdOffSeconds) outdated += 2
    if (outdated > 0) holdOff.splice(0, outdated)
    const strict = holdOff.length === 0 || (holdOff[1] as number) < value
    while (holdOff.length > 0 && (holdOff[holdOff.length - 1] as number) <= value) holdOff.length -= 2
    holdOff.push(time, value)
    return strict ? value : 0
  }

  save({ holdOff }: ScorerState, to: StateWriter): void {
    for (const turn of [0, 1]) to.f64s(holdOff.filter((_, at) => at % 2 === turn))
  }

  load({ holdOff }: ScorerState, from: StateReader): void {
    const times = from.f64s()
    const values = from.f64s()
    holdOff.length = 0
    for (const [at, time] of times.entries()) holdOff.push(time, values[at] as number)
  }
}
