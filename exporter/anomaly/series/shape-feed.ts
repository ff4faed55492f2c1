import { anomalyConstants } from '../constants.ts'
import type { ShapeScorer } from '../shape/shape-scorer.ts'
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
  #sum = 0
  #minutes = 0
  #whole = true

  constructor(scorer: ShapeScorer) {
    this.#scorer = scorer
  }

  step(minuteStart: number, count: number, complete: boolean): void {
    this.#sum += count
    this.#minutes++
    this.#whole &&= complete
    if ((minuteStart / MINUTE_SECONDS + 1) % shapeMinutes !== 0) return
    if (this.#whole && this.#minutes === shapeMinutes) this.#scorer.step(minuteStart, this.#sum)
    else this.#scorer.forgetOutput()
    this.#open()
  }

  /** Late events of a minute, if its sum is still open. @param age minutes before the newest */
  amend(age: number, delta: number): void {
    if (age < this.#minutes) this.#sum += delta
  }

  /** Minutes that nobody saw: the open sum is dropped. */
  skip(): void {
    this.#open()
    this.#scorer.forgetOutput()
  }

  save(to: StateWriter): void {
    to.f64(this.#sum)
    to.u32(this.#minutes)
    to.flag(this.#whole)
  }

  load(from: StateReader): void {
    this.#sum = from.f64()
    this.#minutes = from.u32()
    this.#whole = from.flag()
  }

  #open(): void {
    this.#sum = 0
    this.#minutes = 0
    this.#whole = true
  }
}
