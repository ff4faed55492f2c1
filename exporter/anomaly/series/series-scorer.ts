import type { Completeness } from '../../pipeline/minute-consumer.ts'
import { anomalyConstants } from '../constants.ts'
import { BlockView } from '../count/block-view.ts'
import { CountModel } from '../count/count-model.ts'
import type { CountWindow } from '../count/count-window.ts'
import { negativeBinomialBand } from '../count/negative-binomial-band.ts'
import { ShapeScorer } from '../shape/shape-scorer.ts'
import { openSnapshot, type SnapshotRefusal, wrapSnapshot } from '../state/snapshot.ts'
import { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { type AlertPresetName, alertPresets } from './alert-presets.ts'
import { AlertState } from './alert-state.ts'
import { contributionsOf, indexOfLargest, oneIn, type Surprises } from './contributions.ts'
import { EntityViews } from './entity-views.ts'
import { checkLate, checkMinute, type MinuteKeys } from './minute-input.ts'
import { fuseRaw, scoreOf } from './score.ts'
import type { Explanation, ScoreResult } from './score-result.ts'
import { ShapeFeed } from './shape-feed.ts'

const COMPLETENESS: readonly Completeness[] = ['complete', 'partial']
const KIND = 'series'
const HOLD_OFF_MINUTES = anomalyConstants.shape.holdOffSeconds / MINUTE_SECONDS

export interface SeriesScorerOptions {
  /** Names the series in errors. */
  readonly series: string
  /** Default: `default`. */
  readonly preset?: AlertPresetName
  /** Seed of the hash of first-seen keys; a saved one wins. Default: 0. */
  readonly seed?: number
}

/**
 * The full tier: scores one series (gateway, trust zone, signal) minute by minute. Strictly causal: a result depends on
 * the minutes given so far. Deterministic: the same minutes give the same bytes.
 */
export interface SeriesScorer {
  /**
   * Scores a closed minute, then learns it. Minutes come once and in order; minutes left out count as not observed.
   * @param minuteStart seconds since 1970, divisible by 60
   * @param count events in it; of a `partial` minute (a source away, records lost) a lower bound, and its zero no zero
   * @param keys events by key for the first-seen view, where the signal brings keys
   * @throws ClawtrustError ANOMALY_INPUT_INVALID; the state is then unchanged
   */
  step(minuteStart: number, count: number, completeness?: Completeness, keys?: MinuteKeys): ScoreResult
  /**
   * Learns events of a minute that is already scored. No result changes; the next minute's windows see them.
   * @returns false when the minute is too old or was not observed, so that only the counters know them
   * @throws ClawtrustError ANOMALY_INPUT_INVALID; the state is then unchanged
   */
  late(minuteStart: number, delta: number, keys?: MinuteKeys): boolean
  /** Why the last minute has its score; undefined before the first minute. */
  explain(): Explanation | undefined
  /** Everything as bytes: a scorer restored from them goes on bit for bit like this one. */
  snapshot(): Uint8Array
  /** Takes a snapshot's state. @returns why it was refused, with the state unchanged, or undefined */
  restore(snapshot: Uint8Array): SnapshotRefusal | undefined
  /** Start of the newest minute taken; undefined before the first. */
  readonly lastMinute: number | undefined
}

export function createSeriesScorer(options: SeriesScorerOptions): SeriesScorer {
  return new FullScorer(options)
}

class FullScorer implements SeriesScorer {
  readonly #series: string
  readonly #counts = new CountModel()
  readonly #block = new BlockView()
  readonly #shape = new ShapeScorer()
  readonly #feed = new ShapeFeed(this.#shape)
  readonly #entities: EntityViews
  readonly #alert: AlertState
  #lastMinute: number | undefined
  #observed = 0
  #completeness: Completeness = 'complete'

  constructor(options: SeriesScorerOptions) {
    this.#series = options.series
    this.#entities = new EntityViews(options.seed ?? 0)
    this.#alert = new AlertState(alertPresets[options.preset ?? 'default'])
  }

  get lastMinute(): number | undefined {
    return this.#lastMinute
  }

  step(
    minuteStart: number,
    count: number,
    completeness: Completeness = 'complete',
    keys: MinuteKeys = {},
  ): ScoreResult {
    checkMinute(this.#series, this.#lastMinute, minuteStart, count)
    if (this.#lastMinute !== undefined) this.#skip((minuteStart - this.#lastMinute) / MINUTE_SECONDS - 1)
    const complete = completeness === 'complete'
    const counts = this.#counts
    let takesPart = true
    if (complete) counts.step(minuteStart, count)
    else takesPart = counts.stepPartial(minuteStart, count)
    this.#block.step(minuteStart / MINUTE_SECONDS, takesPart ? count : 0, takesPart ? counts.expected : 0, counts.warm)
    this.#feed.step(minuteStart, count, complete)
    this.#entities.step(minuteStart, keys)
    this.#lastMinute = minuteStart
    this.#observed = count
    this.#completeness = completeness
    const raw = this.#raw()
    if (counts.warm) this.#alert.step(minuteStart, raw, scoreOf(raw), complete)
    return this.#result(minuteStart, raw)
  }

  late(minuteStart: number, delta: number, keys: MinuteKeys = {}): boolean {
    checkLate(this.#series, this.#lastMinute, minuteStart, delta)
    const newest = this.#lastMinute as number
    const age = (newest - minuteStart) / MINUTE_SECONDS
    this.#entities.learnLate(keys)
    if (!this.#counts.amend(newest, age, delta)) return false
    this.#block.amend(age, delta)
    this.#feed.amend(age, delta)
    return true
  }

  explain(): Explanation | undefined {
    if (this.#lastMinute === undefined) return undefined
    const surprises = this.#surprises()
    const contributions = contributionsOf(surprises)
    const window = this.#counts.windows[indexOfLargest(this.#counts.surprises)] as CountWindow
    return {
      ...this.#result(this.#lastMinute, this.#raw()),
      contributions,
      window: {
        minutes: window.minutes,
        observed: window.count,
        expected: window.expected,
        ...negativeBinomialBand(window.expected, window.dispersion),
      },
      silence: { ...this.#counts.silence, surprise: this.#counts.silenceSurprise },
      block: { observed: this.#block.count, expected: this.#block.expected },
      firstSeen: this.#entities.explain(),
      oneIn: oneIn(surprises, contributions),
    }
  }

  snapshot(): Uint8Array {
    const to = new StateWriter()
    to.flag(this.#lastMinute !== undefined)
    to.f64(this.#lastMinute ?? 0)
    to.f64(this.#observed)
    to.u32(COMPLETENESS.indexOf(this.#completeness))
    for (const part of this.#parts()) part.save(to)
    return wrapSnapshot(KIND, to.bytes())
  }

  restore(snapshot: Uint8Array): SnapshotRefusal | undefined {
    const { state, refused } = openSnapshot(KIND, snapshot)
    if (refused !== undefined) return refused
    const started = state.flag()
    const lastMinute = state.f64()
    this.#lastMinute = started ? lastMinute : undefined
    this.#observed = state.f64()
    this.#completeness = COMPLETENESS[state.u32()] as Completeness
    for (const part of this.#parts()) part.load(state)
    return undefined
  }

  #skip(minutes: number): void {
    if (minutes === 0) return
    this.#counts.skip(minutes)
    this.#block.skip(minutes)
    this.#feed.skip()
    if (minutes > HOLD_OFF_MINUTES) this.#alert.reset()
  }

  /** 0 in the warm-up. */
  #raw(): number {
    if (!this.#counts.warm) return 0
    const { surprises, silenceSurprise } = this.#counts
    let leading = Math.max(silenceSurprise, this.#entities.surprise)
    for (let i = 0; i < surprises.length; i++) leading = Math.max(leading, surprises[i] as number)
    return fuseRaw(leading, this.#shape.raw, this.#block.surprise)
  }

  #result(minuteStart: number, raw: number): ScoreResult {
    const { expected, dispersion, warm, minutesSeen } = this.#counts
    const { lower, upper } = negativeBinomialBand(expected, dispersion)
    return {
      minuteStart,
      completeness: this.#completeness,
      samplesSeen: minutesSeen,
      score: warm ? scoreOf(raw) : undefined,
      raw,
      active: this.#alert.active,
      notify: this.#alert.notify,
      observed: this.#observed,
      expected,
      lower,
      upper,
    }
  }

  /** The parts of raw; none in the warm-up. */
  #surprises(): Surprises {
    const warm = this.#counts.warm ? 1 : 0
    return {
      leading: [...this.#counts.surprises, this.#counts.silenceSurprise, this.#entities.surprise * warm],
      shapeRaw: this.#shape.raw * warm,
      shape: this.#shape.surprises,
      shapeTerms: this.#shape.terms,
      block: this.#block.surprise,
    }
  }

  #parts() {
    return [this.#counts, this.#block, this.#shape, this.#feed, this.#entities, this.#alert]
  }
}
