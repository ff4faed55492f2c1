import type { Completeness } from '../../../contracts/subscriber.ts'
import { anomalyConstants } from '../constants.ts'
import { BlockView } from '../count/block-view.ts'
import { CountModel } from '../count/count-model.ts'
import type { CountWindow } from '../count/count-window.ts'
import { negativeBinomialBand } from '../count/negative-binomial-band.ts'
import { ShapeScorer } from '../shape/shape-scorer.ts'
import { Layout } from '../state/layout.ts'
import { ScorerState } from '../state/scorer-state.ts'
import { openSnapshot, type SnapshotRefusal, wrapSnapshot } from '../state/snapshot.ts'
import { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { type AlertPreset, type AlertPresetName, alertPresets } from './alert-presets.ts'
import { AlertState } from './alert-state.ts'
import { contributionsOf, indexOfLargest, oneIn, type ViewSurprises } from './contributions.ts'
import { EntityViews } from './entity-views.ts'
import { checkLate, checkMinute, type MinuteKeys } from './minute-input.ts'
import { fuseRaw, scoreOf } from './score.ts'
import type { Explanation, ScoreResult } from './score-result.ts'
import { ShapeFeed } from './shape-feed.ts'

const COMPLETENESS: readonly Completeness[] = ['complete', 'partial']
const KIND = 'series'
const HOLD_OFF_MINUTES = anomalyConstants.shape.holdOffSeconds / MINUTE_SECONDS

/** The parts of the full tier, one set for all series: they know their places in a state and hold nothing. */
const layout = new Layout()
const counts = new CountModel(layout)
const block = new BlockView(layout)
const shape = new ShapeScorer(layout)
const feed = new ShapeFeed(layout, shape)
const alert = new AlertState(layout)
const entities = new EntityViews(layout)
/** In the order of a snapshot. */
const parts = [counts, block, shape, feed, entities, alert]

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
  /** Everything as bytes: a scorer restored from them continues bit for bit like this one. */
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
  readonly #preset: AlertPreset
  readonly #seed: number
  #state = new ScorerState(layout)
  #lastMinute: number | undefined
  #observed = 0
  #completeness: Completeness = 'complete'

  constructor({ series, preset = 'default', seed = 0 }: SeriesScorerOptions) {
    this.#series = series
    this.#preset = alertPresets[preset]
    this.#seed = seed
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
    const state = this.#state
    const complete = completeness === 'complete'
    let takesPart = true
    if (complete) counts.step(state, minuteStart, count)
    else takesPart = counts.stepPartial(state, minuteStart, count)
    const isWarm = counts.isWarm(state)
    const expected = takesPart ? counts.expected(state) : 0
    block.step(state, minuteStart / MINUTE_SECONDS, takesPart ? count : 0, expected, isWarm)
    feed.step(state, minuteStart, count, complete)
    entities.step(state, minuteStart, keys, this.#seed)
    this.#lastMinute = minuteStart
    this.#observed = count
    this.#completeness = completeness
    const raw = this.#raw()
    if (isWarm) alert.step(state, this.#preset, minuteStart, raw, scoreOf(raw), complete)
    return this.#result(minuteStart, raw)
  }

  late(minuteStart: number, delta: number, keys: MinuteKeys = {}): boolean {
    checkLate(this.#series, this.#lastMinute, minuteStart, delta)
    const state = this.#state
    const newest = this.#lastMinute as number
    const age = (newest - minuteStart) / MINUTE_SECONDS
    entities.learnLate(state, keys, this.#seed)
    if (!counts.amend(state, newest, age, delta)) return false
    block.amend(state, age, delta)
    feed.amend(state, age, delta)
    return true
  }

  explain(): Explanation | undefined {
    if (this.#lastMinute === undefined) return undefined
    const state = this.#state
    const surprises = this.#surprises()
    const contributions = contributionsOf(surprises)
    const window = counts.windows[indexOfLargest(counts.surprises(state))] as CountWindow
    return {
      ...this.#result(this.#lastMinute, this.#raw()),
      contributions,
      window: {
        minutes: window.minutes,
        observed: window.count(state),
        expected: window.expected(state),
        ...negativeBinomialBand(window.expected(state), window.dispersion(state)),
      },
      silence: { ...counts.silence(state), surprise: counts.silenceSurprise(state) },
      block: { observed: block.count(state), expected: block.expected(state) },
      firstSeen: entities.explain(state),
      oneIn: oneIn(surprises, contributions),
    }
  }

  snapshot(): Uint8Array {
    const to = new StateWriter()
    to.flag(this.#lastMinute !== undefined)
    to.f64(this.#lastMinute ?? 0)
    to.f64(this.#observed)
    to.u32(COMPLETENESS.indexOf(this.#completeness))
    for (const part of parts) part.save(this.#state, to)
    return wrapSnapshot(KIND, to.bytes())
  }

  restore(snapshot: Uint8Array): SnapshotRefusal | undefined {
    const { state: from, refused } = openSnapshot(KIND, snapshot)
    if (refused !== undefined) return refused
    const started = from.flag()
    const lastMinute = from.f64()
    const observed = from.f64()
    const completeness = COMPLETENESS[from.u32()] as Completeness
    const state = new ScorerState(layout)
    for (const part of parts) part.load(state, from)
    if (!counts.isSound(state)) return 'damaged'
    this.#lastMinute = started ? lastMinute : undefined
    this.#observed = observed
    this.#completeness = completeness
    this.#state = state
    return undefined
  }

  #skip(minutes: number): void {
    if (minutes === 0) return
    counts.skip(this.#state, minutes)
    block.skip(this.#state, minutes)
    feed.skip(this.#state)
    if (minutes > HOLD_OFF_MINUTES) alert.reset(this.#state)
  }

  /** 0 in the warm-up. */
  #raw(): number {
    const state = this.#state
    if (!counts.isWarm(state)) return 0
    const leading = Math.max(counts.largestSurprise(state), entities.surprise(state))
    return fuseRaw(leading, shape.raw(state), block.surprise(state))
  }

  #result(minuteStart: number, raw: number): ScoreResult {
    const state = this.#state
    const expected = counts.expected(state)
    const { lower, upper } = negativeBinomialBand(expected, counts.dispersion(state))
    return {
      minuteStart,
      completeness: this.#completeness,
      samplesSeen: counts.minutesSeen(state),
      score: counts.isWarm(state) ? scoreOf(raw) : undefined,
      raw,
      active: alert.active(state),
      notify: alert.notify(state),
      observed: this.#observed,
      expected,
      lower,
      upper,
    }
  }

  /** The parts of raw; none in the warm-up. */
  #surprises(): ViewSurprises {
    const state = this.#state
    const warm = counts.isWarm(state) ? 1 : 0
    return {
      leading: [...counts.surprises(state), counts.silenceSurprise(state), entities.surprise(state) * warm],
      shapeRaw: shape.raw(state) * warm,
      shape: shape.surprises(state),
      shapeTerms: shape.terms(state),
      block: block.surprise(state),
    }
  }
}
