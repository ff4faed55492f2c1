import type { Completeness } from '../../../contracts/subscriber.ts'
import { anomalyConstants } from '../constants.ts'
import { CountModel } from '../count/count-model.ts'
import type { CountWindow } from '../count/count-window.ts'
import { negativeBinomialBand } from '../count/negative-binomial-band.ts'
import { calendarKind, DAY_MINUTES, dayOf } from '../profile/calendar.ts'
import type { RhythmShape } from '../profile/rhythm.ts'
import { hashText } from '../state/hash.ts'
import { Layout } from '../state/layout.ts'
import { ScorerState } from '../state/scorer-state.ts'
import { openSnapshot, readState, type SnapshotRefusal, wrapSnapshot } from '../state/snapshot.ts'
import { StateWriter } from '../state/state-writer.ts'
import { MINUTE_SECONDS } from '../time.ts'
import { type AlertPreset, type AlertPresetName, alertPresets } from './alert-presets.ts'
import { AlertState } from './alert-state.ts'
import { contributionsOf, indexOfLargest, oneIn } from './contributions.ts'
import { EntityViews } from './entity-views.ts'
import { checkLate, checkMinute, type MinuteKeys } from './minute-input.ts'
import { scoreOf } from './score.ts'
import type { ExpectationExplanation, Explanation, ScoreResult, WindowExplanation } from './score-result.ts'

const COMPLETENESS: readonly Completeness[] = ['complete', 'partial']
const KIND = 'series'
const HOLD_OFF_MINUTES = anomalyConstants.shape.holdOffSeconds / MINUTE_SECONDS

/** The parts of the full tier, one set for all series: they know their places in a state and hold nothing. */
const layout = new Layout()
const counts = new CountModel(layout)
const alert = new AlertState(layout)
const entities = new EntityViews(layout)
/** In the order of a snapshot. */
const parts = [counts, entities, alert]

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
  /** Takes the shape of the day of another series of the zone, which counts while this one knows little. */
  beginWith(shape: RhythmShape): void
  /** What a series of the same zone may begin with; undefined while fewer than seven days are known. */
  shape(): RhythmShape | undefined
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
  #state: ScorerState
  #lastMinute: number | undefined
  #observed = 0
  #completeness: Completeness = 'complete'

  constructor({ series, preset = 'default', seed = 0 }: SeriesScorerOptions) {
    this.#series = series
    this.#preset = alertPresets[preset]
    this.#seed = seed
    this.#state = this.#newState()
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
    if (this.#lastMinute !== undefined) this.#skip(minuteStart, (minuteStart - this.#lastMinute) / MINUTE_SECONDS - 1)
    const state = this.#state
    const complete = completeness === 'complete'
    if (complete) counts.step(state, minuteStart, count)
    else counts.stepPartial(state, minuteStart, count)
    entities.step(state, minuteStart, keys, this.#seed)
    this.#lastMinute = minuteStart
    this.#observed = count
    this.#completeness = completeness
    const raw = this.#raw()
    if (counts.isWarm(state)) alert.step(state, this.#preset, minuteStart, raw, scoreOf(raw), complete)
    return this.#result(minuteStart, raw)
  }

  late(minuteStart: number, delta: number, keys: MinuteKeys = {}): boolean {
    checkLate(this.#series, this.#lastMinute, minuteStart, delta)
    const state = this.#state
    const newest = this.#lastMinute as number
    const age = (newest - minuteStart) / MINUTE_SECONDS
    entities.learnLate(state, keys, this.#seed)
    return counts.amend(state, newest, age, delta)
  }

  explain(): Explanation | undefined {
    if (this.#lastMinute === undefined) return undefined
    const state = this.#state
    const surprises = this.#surprises()
    const window = counts.windows[indexOfLargest(counts.surprises(state))] as CountWindow
    const short = counts.shortWindow(state)
    return {
      ...this.#result(this.#lastMinute, this.#raw()),
      contributions: contributionsOf(surprises),
      window: this.#window(window),
      shortfall: short && this.#window(short),
      silence: { ...counts.silence(state), surprise: counts.silenceSurprise(state) },
      expectation: this.#expectation(this.#lastMinute),
      firstSeen: entities.explain(state),
      oneIn: oneIn(Math.max(...surprises)),
    }
  }

  beginWith(shape: RhythmShape): void {
    counts.profile.beginWith(this.#state, shape)
  }

  shape(): RhythmShape | undefined {
    return counts.profile.shape(this.#state)
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
    const read = readState(() => {
      const started = from.flag()
      const lastMinute = from.f64()
      const observed = from.f64()
      const completeness = COMPLETENESS[from.below(COMPLETENESS.length)] as Completeness
      const state = this.#newState()
      for (const part of parts) part.load(state, from)
      return { lastMinute: started ? lastMinute : undefined, observed, completeness, state }
    })
    if (!read?.state.isSound()) return 'damaged'
    this.#lastMinute = read.lastMinute
    this.#observed = read.observed
    this.#completeness = read.completeness
    this.#state = read.state
    return undefined
  }

  #newState(): ScorerState {
    const state = new ScorerState(layout)
    // Series are fitted at different times, so that no minute brings the fits of all.
    counts.profile.begin(state, hashText(this.#series) % DAY_MINUTES)
    return state
  }

  /** @param next start of the minute after those that were left out */
  #skip(next: number, minutes: number): void {
    if (minutes === 0) return
    counts.skip(this.#state, next, minutes)
    if (minutes > HOLD_OFF_MINUTES) alert.reset(this.#state)
  }

  /** 0 in the warm-up. */
  #raw(): number {
    const state = this.#state
    return counts.isWarm(state) ? Math.max(counts.largestSurprise(state), entities.surprise(state)) : 0
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

  /** A of each view, in the order of `anomalyViews`; 0 in the warm-up. */
  #surprises(): number[] {
    const state = this.#state
    const warm = counts.isWarm(state) ? 1 : 0
    return [
      ...counts.surprises(state),
      counts.shortfall(state),
      counts.silenceSurprise(state),
      entities.surprise(state) * warm,
    ]
  }

  #window(window: CountWindow): WindowExplanation {
    const { events, dispersion } = counts.windowExpectation(this.#state, window)
    const observed = window.count(this.#state)
    return { minutes: window.minutes, observed, expected: events, ...negativeBinomialBand(events, dispersion) }
  }

  #expectation(minuteStart: number): ExpectationExplanation {
    const state = this.#state
    const { profile } = counts
    const strongest = counts.windows[indexOfLargest(counts.surprises(state))] as CountWindow
    const { people, hourly, level } = profile.expected(state, minuteStart)
    const job = profile.job(state, minuteStart)
    const day = profile.kindOfDay(state)
    return {
      people,
      day,
      isOtherDay: day !== calendarKind(dayOf(minuteStart)),
      job: job && { minuteOfDay: Math.round(job.at) % DAY_MINUTES, minutes: job.minutes, events: job.events },
      hourly,
      level: Math.exp(level.log),
      guard: counts.heldDown(state, strongest),
    }
  }
}
