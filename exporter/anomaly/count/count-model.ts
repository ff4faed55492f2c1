import { anomalyConstants } from '../constants.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { CountWindow } from './count-window.ts'
import { MinuteRing } from './minute-ring.ts'
import { Silence } from './silence.ts'
import { WeeklyRate } from './weekly-rate.ts'

const { windows, warmUp } = anomalyConstants.count

/**
 * Scores a count a minute: what was expected of this hour of the week, and how surprising the last 1, 5, 20, 90 and 360
 * minutes and the present silence are against it. Every minute is scored before it is learnt.
 */
export class CountModel {
  readonly #rate = new WeeklyRate()
  readonly #ring = new MinuteRing()
  readonly #silence = new Silence()
  readonly windows: readonly CountWindow[] = windows.map(minutes => new CountWindow(minutes))

  /** Surprise of each window. */
  readonly surprises = new Float64Array(windows.length)
  silenceSurprise = 0
  /** μ of the last minute. */
  expected = 0

  /** Minutes learnt; partial ones that showed no excess do not count. */
  get minutesSeen(): number {
    return this.#rate.minutes
  }

  /** True when enough minutes were seen for a score. */
  get warm(): boolean {
    return this.#rate.minutes > warmUp
  }

  /** φ of single minutes. */
  get dispersion(): number {
    return (this.windows[0] as CountWindow).dispersion
  }

  /** The present run of empty minutes. */
  get silence(): { readonly minutes: number; readonly missed: number } {
    return this.#silence
  }

  /** Expected count of the minute that begins at this time (seconds). */
  expectedAt(time: number): number {
    return this.#rate.expected(time)
  }

  /** Scores and learns a minute that was fully observed. */
  step(time: number, count: number): void {
    this.#enter(count, this.#rate.expected(time))
    const minutesSeen = this.#rate.count()
    const warm = this.warm
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      this.surprises[i] = warm ? window.score(this.#ring, true) : 0
      if (warm) window.learnDispersion(this.#ring, minutesSeen)
    }
    this.silenceSurprise = this.#silence.step(count, this.expected, this.dispersion, warm)
    this.#rate.learn(time, count, this.expected, this.dispersion)
  }

  /**
   * A minute that was observed in part. Its count is a lower bound: it may prove an excess and is then scored, but
   * nothing is learnt from it. Without an excess it is left out: no count, no expectation, no silence.
   * @returns true when the count was an excess and took part
   */
  stepPartial(time: number, count: number): boolean {
    const expected = this.#rate.expected(time)
    const excess = count > expected
    this.#enter(excess ? count : 0, excess ? expected : 0)
    this.expected = expected
    for (let i = 0; i < this.windows.length; i++) {
      const window = this.windows[i] as CountWindow
      this.surprises[i] = this.warm && excess ? window.score(this.#ring, false) : 0
    }
    this.#silence.stepPartial(count)
    this.silenceSurprise = 0
    return excess
  }

  /** Minutes of which nothing is known pass; more of them than the ring holds are as good as just that many. */
  skip(minutes: number): void {
    for (let left = Math.min(minutes, Math.max(...windows)); left > 0; left--) this.#enter(0, 0)
    this.surprises.fill(0)
    this.silenceSurprise = 0
  }

  /**
   * Late events of a minute already scored, `age` minutes before the newest: the next minute's sums see them, the means
   * learn the difference. Older than the ring, or in a minute that was left out: not learnt.
   * @returns true when learnt
   */
  amend(newest: number, age: number, delta: number): boolean {
    const expected = this.#ring.expected(age)
    if (expected === 0) return false
    this.#rate.amend(newest - age * MINUTE_SECONDS, this.#ring.count(age), delta, expected, this.dispersion)
    this.#ring.amend(age, delta)
    for (const window of this.windows) window.amend(age, delta)
    return true
  }

  save(to: StateWriter): void {
    for (const part of this.#parts()) part.save(to)
    to.f64s(this.surprises)
    to.f64(this.silenceSurprise)
    to.f64(this.expected)
  }

  load(from: StateReader): void {
    for (const part of this.#parts()) part.load(from)
    from.f64sInto(this.surprises)
    this.silenceSurprise = from.f64()
    this.expected = from.f64()
  }

  #enter(count: number, expected: number): void {
    this.expected = expected
    for (const window of this.windows) window.slide(this.#ring, count, expected)
    this.#ring.push(count, expected)
    for (const window of this.windows) window.refresh(this.#ring)
  }

  #parts() {
    return [this.#rate, this.#ring, this.#silence, ...this.windows]
  }
}
