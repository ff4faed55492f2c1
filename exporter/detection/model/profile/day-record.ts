import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { DAY_MINUTES } from './calendar.ts'

/** The clipped counts of the last 1,440 minutes, by the minute of the day. What was not fully observed is no count. */
export class DayRecord {
  /** Count + 1; 0 for a minute that was not observed. */
  readonly #counts: number

  constructor(layout: Layout) {
    this.#counts = layout.wholes(DAY_MINUTES)
  }

  set(state: ScorerState, minute: number, count: number): void {
    state.setCount(this.#counts + minute, count + 1)
  }

  forget(state: ScorerState, minute: number): void {
    state.setCount(this.#counts + minute, 0)
  }

  isObserved({ wholes }: ScorerState, minute: number): boolean {
    return wholes[this.#counts + minute] !== 0
  }

  /** 0 where the minute was not observed. */
  count(state: ScorerState, minute: number): number {
    return Math.max(0, state.count(this.#counts + minute) - 1)
  }

  save(state: ScorerState, to: StateWriter): void {
    for (let minute = 0; minute < DAY_MINUTES; minute++) to.count(state.count(this.#counts + minute))
  }

  load(state: ScorerState, from: StateReader): void {
    for (let minute = 0; minute < DAY_MINUTES; minute++) state.setCount(this.#counts + minute, from.count())
  }
}
