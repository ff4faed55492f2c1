import { anomalyConstants } from '../constants.ts'
import type { ShapeScorer } from '../shape/shape-scorer.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'

const { shapeMinutes } = anomalyConstants.fusion

/**
 * Sums five minutes (minute number divisible by 5) for the shape scorer. Five minutes that were not all fully observed
 * are not a value: the shape scorer is not fed and says nothing until the next five.
 */
export class ShapeFeed {
  readonly #scorer: ShapeScorer
  readonly #sum: number
  readonly #minutes: number
  /** 1 where a minute of the open sum was not fully observed. */
  readonly #broken: number

  constructor(layout: Layout, scorer: ShapeScorer) {
    this.#scorer = scorer
    this.#sum = layout.numbers()
    this.#minutes = layout.wholes()
    this.#broken = layout.wholes()
  }

  step(state: ScorerState, minuteStart: number, count: number, complete: boolean): void {
    const { wholes } = state
    state.add(this.#sum, count)
    wholes[this.#minutes] = (wholes[this.#minutes] as number) + 1
    if (!complete) wholes[this.#broken] = 1
    if ((minuteStart / MINUTE_SECONDS + 1) % shapeMinutes !== 0) return
    const isWhole = wholes[this.#broken] === 0 && wholes[this.#minutes] === shapeMinutes
    if (isWhole) this.#scorer.step(state, minuteStart, state.get(this.#sum))
    else this.#scorer.forgetOutput(state)
    this.#open(state)
  }

  /** Late events of a minute, if its sum is still open. @param age minutes before the newest */
  amend(state: ScorerState, age: number, delta: number): void {
    if (age < (state.wholes[this.#minutes] as number)) state.add(this.#sum, delta)
  }

  /** Minutes that were not observed: the open sum is dropped. */
  skip(state: ScorerState): void {
    this.#open(state)
    this.#scorer.forgetOutput(state)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f64(state.get(this.#sum))
    to.u32(state.wholes[this.#minutes] as number)
    to.flag(state.wholes[this.#broken] === 0)
  }

  load(state: ScorerState, from: StateReader): void {
    state.set(this.#sum, from.f64())
    state.wholes[this.#minutes] = from.u32()
    state.wholes[this.#broken] = from.flag() ? 0 : 1
  }

  #open(state: ScorerState): void {
    state.set(this.#sum, 0)
    state.wholes[this.#minutes] = 0
    state.wholes[this.#broken] = 0
  }
}
