import { anomalyConstants } from '../constants.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { SeasonalMean } from './seasonal-mean.ts'
import { fuseShape, shapeViews } from './shape-views.ts'
import { distanceOutside, ValueEnvelope } from './value-envelope.ts'
import { ValueRing } from './value-ring.ts'

const { habituation, highFrom } = anomalyConstants.shape

/**
 * Scores the shape of any series of values, at any spacing: seven views, each a number that grows when something is odd,
 * each made a surprise by its own tail sketch, and fused to R ≥ 0. Every value is scored before it is learnt.
 */
export class ShapeScorer {
  readonly #seasonal = new SeasonalMean()
  readonly #envelope = new ValueEnvelope()
  readonly #residuals = new ValueRing(6)
  readonly #changes = new ValueRing(6)
  readonly #values = new ValueRing(36)
  readonly #highs = new ValueRing(12)
  readonly #unusuals = new ValueRing(72)
  /** Marks the top decile of the values and of the residuals' sizes; learnt without habituation. */
  readonly #valueDecile = new TailSketch(1)
  readonly #residualDecile = new TailSketch(1)
  readonly #sketches = shapeViews.map(() => new TailSketch(habituation))
  #previous: number | undefined

  /** Surprise A of each view and its part of `raw`, in the order of `shapeViews`, of the last value. */
  readonly surprises = new Float64Array(shapeViews.length)
  readonly terms = new Float64Array(shapeViews.length)
  /** Fused surprise R of the last value. */
  raw = 0
  /** What was expected of the last value, and the range that its time of day had seen. */
  expected = 0
  lower = 0
  upper = 0

  /**
   * Scores a value, then learns it.
   * @param time seconds; time of day is taken as it is, so a time that runs backwards does no harm
   * @param value finite, within ±1e300
   */
  step(time: number, value: number): number {
    const expected = this.#seasonal.expected(time, value)
    const residual = value - expected
    this.#seasonal.learn(time, value)
    const { lowest, highest } = this.#envelope.range(time)
    this.#envelope.learn(time, value)

    this.#residuals.push(residual)
    this.#changes.push(this.#previous === undefined ? 0 : Math.abs(value - this.#previous))
    this.#values.push(value)
    this.#highs.push(this.#valueDecile.step(value) > highFrom ? 1 : 0)
    this.#unusuals.push(this.#residualDecile.step(Math.abs(residual)) > highFrom ? 1 : 0)
    this.#previous = value

    this.#look(0, distanceOutside(value, lowest, highest))
    this.#look(1, Math.abs(this.#residuals.mean()))
    this.#look(2, this.#unusuals.mean())
    this.#look(3, this.#changes.mean())
    this.#look(4, this.#highs.mean())
    if (this.#values.full) this.#look(5, -this.#values.largest())
    if (this.#changes.full) this.#look(6, -this.#changes.mean())

    const known = highest >= lowest
    this.expected = expected
    this.lower = known ? lowest : expected
    this.upper = known ? highest : expected
    this.raw = fuseShape(this.surprises, this.terms)
    return this.raw
  }

  /** The newest stretch of time was not observed: says nothing until the next value. */
  forgetOutput(): void {
    this.raw = 0
    this.surprises.fill(0)
    this.terms.fill(0)
  }

  save(to: StateWriter): void {
    to.flag(this.#previous !== undefined)
    to.f64(this.#previous ?? 0)
    for (const part of this.#parts()) part.save(to)
    to.f64s(this.surprises)
    to.f64s(this.terms)
    for (const value of [this.raw, this.expected, this.lower, this.upper]) to.f64(value)
  }

  load(from: StateReader): void {
    const started = from.flag()
    const previous = from.f64()
    this.#previous = started ? previous : undefined
    for (const part of this.#parts()) part.load(from)
    from.f64sInto(this.surprises)
    from.f64sInto(this.terms)
    this.raw = from.f64()
    this.expected = from.f64()
    this.lower = from.f64()
    this.upper = from.f64()
  }

  #look(view: number, value: number): void {
    this.surprises[view] = (this.#sketches[view] as TailSketch).step(value)
  }

  #parts() {
    return [
      this.#seasonal,
      this.#envelope,
      this.#residuals,
      this.#changes,
      this.#values,
      this.#highs,
      this.#unusuals,
      this.#valueDecile,
      this.#residualDecile,
      ...this.#sketches,
    ]
  }
}
