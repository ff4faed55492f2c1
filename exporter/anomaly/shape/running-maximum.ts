import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'

const { holdOffSeconds } = anomalyConstants.shape

/**
 * Hold-off: lets a surprise through only when it is a strict maximum of the last 16 hours of time (not of rows), so that
 * one trouble speaks once, and again only when it gets worse. A queue of times and surprises, falling in surprise: each
 * value is put in and taken out once.
 */
export class RunningMaximum {
  #times: number[] = []
  #values: number[] = []

  /** The value itself when it exceeds everything of the last 16 hours, else 0. Values that are 0 leave no trace. */
  step(time: number, value: number): number {
    if (value <= 0) return 0
    let outdated = 0
    while (outdated < this.#times.length && (this.#times[outdated] as number) < time - holdOffSeconds) outdated++
    if (outdated > 0) {
      this.#times.splice(0, outdated)
      this.#values.splice(0, outdated)
    }
    const strict = this.#values.length === 0 || (this.#values[0] as number) < value
    while (this.#values.length > 0 && (this.#values[this.#values.length - 1] as number) <= value) {
      this.#times.pop()
      this.#values.pop()
    }
    this.#times.push(time)
    this.#values.push(value)
    return strict ? value : 0
  }

  save(to: StateWriter): void {
    to.f64s(this.#times)
    to.f64s(this.#values)
  }

  load(from: StateReader): void {
    this.#times = from.f64s()
    this.#values = from.f64s()
  }
}
