import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { type BlockRate, learnBlock, scoreBlock, startingRate } from './block-rate.ts'

const { minutes: blockMinutes, minimumExposure } = anomalyConstants.block

/**
 * Blocks of 20 minutes (minute number divisible by 20) against the count model's own expectations, by a Gamma-Poisson
 * rate. Nothing stands behind it that gets used to things, except the level: it keeps the strength of "wrong for this
 * hour" that the sketches blur, and so sees off-hours use and spraying.
 */
export class BlockView {
  #rate: BlockRate = startingRate
  #count = 0
  #exposure = 0
  #openMinutes = 0

  /** A of the last whole block. */
  surprise = 0
  /** Events of that block, and how many the rate expected. */
  count = 0
  expected = 0

  /**
   * Takes in a minute.
   * @param minute minutes since 1970
   * @param expected μ of that minute before it was learnt; 0 for one that was not observed
   */
  step(minute: number, count: number, expected: number, warm: boolean): void {
    this.#count += count
    this.#openMinutes++
    if (expected > 0) this.#exposure += Math.max(minimumExposure, expected)
    if ((minute + 1) % blockMinutes === 0) this.#close(warm)
  }

  /** Late events of a minute, if its block is still open. @param age minutes before the newest */
  amend(age: number, delta: number): void {
    if (age < this.#openMinutes) this.#count += delta
  }

  /** Time that nobody saw: the open block is dropped, and old blocks weigh less. */
  skip(minutes: number): void {
    this.#rate = learnBlock(this.#rate, 0, 0, Math.floor(minutes / blockMinutes))
    this.#open()
    this.surprise = 0
    this.count = 0
    this.expected = 0
  }

  save(to: StateWriter): void {
    for (const value of [this.#rate.events, this.#rate.exposure, this.#count, this.#exposure, this.#openMinutes]) {
      to.f64(value)
    }
    for (const value of [this.surprise, this.count, this.expected]) to.f64(value)
  }

  load(from: StateReader): void {
    this.#rate = { events: from.f64(), exposure: from.f64() }
    this.#count = from.f64()
    this.#exposure = from.f64()
    this.#openMinutes = from.f64()
    this.surprise = from.f64()
    this.count = from.f64()
    this.expected = from.f64()
  }

  #close(warm: boolean): void {
    const score = scoreBlock(this.#rate, this.#count, this.#exposure)
    this.surprise = warm ? score.surprise : 0
    this.count = this.#count
    this.expected = score.expected
    this.#rate = learnBlock(this.#rate, score.learnable, this.#exposure, 1)
    this.#open()
  }

  #open(): void {
    this.#count = 0
    this.#exposure = 0
    this.#openMinutes = 0
  }
}
