import { anomalyConstants } from '../constants.ts'
import { TailSketch } from '../sketch/tail-sketch.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { MarkRing } from './mark-ring.ts'
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
  readonly #seasonal: SeasonalMean
  readonly #envelope: ValueEnvelope
  readonly #residuals: ValueRing
  readonly #changes: ValueRing
  readonly #values: ValueRing
  readonly #highs: MarkRing
  readonly #unusuals: MarkRing
  /** Marks the top decile of the values and of the residuals' sizes; learnt without habituation. */
  readonly #valueDecile: TailSketch
  readonly #residualDecile: TailSketch
  readonly #sketches: readonly TailSketch[]
  readonly #previous: number
  /** 1 once there is a previous value. */
  readonly #started: number
  readonly #surprises: number
  readonly #terms: number
  readonly #raw: number
  readonly #expected: number
  readonly #lower: number
  readonly #upper: number

  constructor(layout: Layout) {
    this.#seasonal = new SeasonalMean(layout)
    this.#envelope = new ValueEnvelope(layout)
    this.#residuals = new ValueRing(layout, 6)
    this.#changes = new ValueRing(layout, 6)
    this.#values = new ValueRing(layout, 36)
    this.#highs = new MarkRing(layout, 12)
    this.#unusuals = new MarkRing(layout, 72)
    this.#valueDecile = new TailSketch(layout, 1)
    this.#residualDecile = new TailSketch(layout, 1)
    this.#sketches = shapeViews.map(() => new TailSketch(layout, habituation))
    this.#previous = layout.numbers()
    this.#started = layout.wholes()
    this.#surprises = layout.numbers(shapeViews.length)
    this.#terms = layout.numbers(shapeViews.length)
    this.#raw = layout.numbers()
    this.#expected = layout.numbers()
    this.#lower = layout.numbers()
    this.#upper = layout.numbers()
  }

  /** Surprise A of each view, in the order of `shapeViews`, of the last value. */
  surprises({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#surprises, this.#surprises + shapeViews.length)
  }

  /** The part of each view of `raw`. */
  terms({ numbers }: ScorerState): Float64Array {
    return numbers.subarray(this.#terms, this.#terms + shapeViews.length)
  }

  /** Fused surprise R of the last value. */
  raw(state: ScorerState): number {
    return state.get(this.#raw)
  }

  /** What was expected of the last value, and the range that its time of day had seen. */
  band(state: ScorerState): { readonly expected: number; readonly lower: number; readonly upper: number } {
    return { expected: state.get(this.#expected), lower: state.get(this.#lower), upper: state.get(this.#upper) }
  }

  /**
   * Scores a value, then learns it.
   * @param time seconds; time of day is taken as it is, so a time that runs backwards does no harm
   * @param value finite, within ±1e300
   */
  step(state: ScorerState, time: number, value: number): number {
    const expected = this.#seasonal.expected(state, time, value)
    const residual = value - expected
    this.#seasonal.learn(state, time, value)
    const { lowest, highest } = this.#envelope.range(state, time)
    this.#envelope.learn(state, time, value)

    const started = state.wholes[this.#started] === 1
    this.#residuals.push(state, residual)
    this.#changes.push(state, started ? Math.abs(value - state.get(this.#previous)) : 0)
    this.#values.push(state, value)
    this.#highs.push(state, this.#valueDecile.step(state, value) > highFrom)
    this.#unusuals.push(state, this.#residualDecile.step(state, Math.abs(residual)) > highFrom)
    state.set(this.#previous, value)
    state.wholes[this.#started] = 1

    this.#look(state, 0, distanceOutside(value, lowest, highest))
    this.#look(state, 1, Math.abs(this.#residuals.mean(state)))
    this.#look(state, 2, this.#unusuals.mean(state))
    this.#look(state, 3, this.#changes.mean(state))
    this.#look(state, 4, this.#highs.mean(state))
    if (this.#values.isFull(state)) this.#look(state, 5, -this.#values.largest(state))
    if (this.#changes.isFull(state)) this.#look(state, 6, -this.#changes.mean(state))

    const known = highest >= lowest
    state.set(this.#expected, expected)
    state.set(this.#lower, known ? lowest : expected)
    state.set(this.#upper, known ? highest : expected)
    state.set(this.#raw, fuseShape(this.surprises(state), this.terms(state)))
    return this.raw(state)
  }

  /** The newest stretch of time was not observed: says nothing until the next value. */
  forgetOutput(state: ScorerState): void {
    state.set(this.#raw, 0)
    this.surprises(state).fill(0)
    this.terms(state).fill(0)
  }

  save(state: ScorerState, to: StateWriter): void {
    to.flag(state.wholes[this.#started] === 1)
    to.f64(state.get(this.#previous))
    for (const part of this.#parts()) part.save(state, to)
    to.f64s(this.surprises(state))
    to.f64s(this.terms(state))
    for (const place of this.#outputs()) to.f64(state.get(place))
  }

  load(state: ScorerState, from: StateReader): void {
    state.wholes[this.#started] = from.flag() ? 1 : 0
    state.set(this.#previous, from.f64())
    for (const part of this.#parts()) part.load(state, from)
    from.f64sInto(this.surprises(state))
    from.f64sInto(this.terms(state))
    for (const place of this.#outputs()) state.set(place, from.f64())
  }

  #look(state: ScorerState, view: number, value: number): void {
    state.set(this.#surprises + view, (this.#sketches[view] as TailSketch).step(state, value))
  }

  #outputs(): readonly number[] {
    return [this.#raw, this.#expected, this.#lower, this.#upper]
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
