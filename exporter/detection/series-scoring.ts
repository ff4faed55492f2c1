import type { SecurityEvent } from '../../core/event.ts'
import { scoreSeverities } from '../../core/score-severity.ts'
import type { BackfilledMinutes, Completeness, MinuteKey } from '../contracts/subscriber.ts'
import { MINUTE } from '../pipeline/minute-series.ts'
import { AnomalyEpisodes } from './anomaly-episodes.ts'
import { Entities, type EntityLimits } from './entities.ts'
import type { FeedbackStore } from './feedback/feedback-store.ts'
import { type KeyBudget, KeyJournal } from './key-journal.ts'
import { anomalyConstants } from './model/constants.ts'
import type { RhythmShape } from './model/profile/rhythm.ts'
import type { AlertPresetName } from './model/series/alert-presets.ts'
import type { Explanation, ScoreResult } from './model/series/score-result.ts'
import { createSeriesScorer, type SeriesScorer } from './model/series/series-scorer.ts'
import type { SnapshotRefusal } from './model/state/snapshot.ts'
import { RecentScores } from './recent-scores.ts'
import { decodeSnapshot, encodeSnapshot } from './series-snapshot.ts'

/** What all scored series share. */
export interface ScoringContext {
  readonly preset: AlertPresetName
  readonly seed: number
  readonly feedbackStore: FeedbackStore
  readonly keyBudget: KeyBudget
  readonly entityLimits: EntityLimits
  /** How far back counts of minutes are kept, seconds; before that a missing count is no zero. */
  readonly retention: number
  /** The newest run of zeros that was scored before a first event: series that are new in one minute begin in the same way. */
  readonly scoredZeros: ScoredZeros
  /** The shape of the day that a series of other gateways of its zone has learnt; undefined where none knows it. */
  readonly shapeFor: (key: MinuteKey) => RhythmShape | undefined
  /** A saved state was not taken. */
  readonly refused: (reason: SnapshotRefusal) => void
}

/** What a series that is new knows of the zeros before its first event. */
export interface ScoredZeros {
  /** First minute and end. */
  run: string
  /** As of a series that has scored them. */
  snapshot: Uint8Array | undefined
}

/** A closed minute, or late events of one, kept while earlier minutes are still being scored. */
interface WaitingMinute {
  readonly start: number
  readonly count: number
  /** Undefined: `count` more events of a minute that came before. */
  readonly completeness?: Completeness
}

interface Backfill {
  readonly minutes: BackfilledMinutes
  /** Start of the minute that is scored next; undefined until the first turn, which takes up the snapshot. */
  next: number | undefined
}

/** A journal of that many keys is worth a snapshot out of turn. */
const LARGE_JOURNAL = 500
/** Seconds. */
const WARM_UP = anomalyConstants.count.warmUp * MINUTE
/** Seconds between two snapshots of one series. */
const SNAPSHOT_EVERY = 600

/**
 * One series with its scorer. Minutes are scored in order: what comes while a backfill is still being scored waits for
 * its turn, so that live minutes and backfilled ones take the same way.
 */
export class SeriesScoring {
  readonly key: MinuteKey
  trail = new RecentScores()
  episodes = new AnomalyEpisodes()
  readonly #context: ScoringContext
  readonly #name: string
  #scorer: SeriesScorer
  #entities: Entities
  readonly #journal: KeyJournal
  #saved: Uint8Array | undefined
  #backfill: Backfill | undefined
  /** Undefined while nothing waits, as for most series at most times. */
  #waiting: WaitingMinute[] | undefined
  /** Keys of backfilled events are held whose minutes are still to come. */
  #holdsBackfilledKeys = false
  /** Start of the minute after those of the newest backfill. */
  #liveFrom = Number.NEGATIVE_INFINITY
  /** With it the series had its first event. */
  #isFirstEvent = false
  /** Minute that the newest snapshot covers. */
  #covered = Number.NEGATIVE_INFINITY
  /** The result of the newest minute. */
  latest: ScoreResult | undefined
  /** Active, and not suppressed by feedback. */
  active = false
  /** Of the newest minute, where its result is active. */
  #explanation: Explanation | undefined

  constructor(key: MinuteKey, context: ScoringContext) {
    this.key = key
    this.#context = context
    this.#name = `${key.signal} in ${key.trustZone} of ${key.gateway}`
    this.#journal = new KeyJournal(context.keyBudget)
    this.#scorer = this.#newScorer()
    this.#entities = this.#newEntities()
  }

  /** False while earlier minutes wait to be scored. */
  get isLive(): boolean {
    return this.#backfill === undefined && this.#waiting === undefined
  }

  /** False while the newest result is of a backfill, which is not exposed. */
  get hasLiveResult(): boolean {
    return this.latest !== undefined && this.latest.minuteStart >= this.#liveFrom
  }

  /** The first event of the series is less than the warm-up of a scorer ago. */
  get isNew(): boolean {
    const { lastMinute } = this.#scorer
    return this.#isFirstEvent && (lastMinute === undefined || lastMinute - this.#liveFrom < WARM_UP)
  }

  /** Minutes still to be scored before the live ones; an upper bound while a snapshot waits to be restored. */
  get minutesLeft(): number {
    const backfill = this.#backfill
    const left =
      backfill === undefined ? 0 : (backfill.minutes.end - (backfill.next ?? this.#firstOf(backfill.minutes))) / MINUTE
    return left + (this.#waiting?.length ?? 0)
  }

  get anomalousEntities() {
    return this.#entities.anomalous
  }

  /** What a series of another gateway may begin with. */
  shape(): RhythmShape | undefined {
    return this.isLive ? this.#scorer.shape() : undefined
  }

  explain(): Explanation | undefined {
    return this.#scorer.explain()
  }

  /** The explanation of `latest`, made once a minute: late events that came since are not in it. */
  explainLatest(): Explanation | undefined {
    return this.#explanation ?? this.#scorer.explain()
  }

  /** @returns the result; undefined where the minute waits for its turn */
  minute(start: number, count: number, completeness: Completeness): ScoreResult | undefined {
    if (this.isLive) return this.#step(start, count, completeness)
    this.#wait({ start, count, completeness })
    return undefined
  }

  late(start: number, count: number): void {
    if (this.isLive) this.#late(start, count)
    else this.#wait({ start, count })
  }

  /** Keeps the event's keys for its minute; those of a scored minute become known at once. */
  learn(minute: number, event: SecurityEvent, phase: 'live' | 'backfill'): void {
    const backfill = this.#backfill
    // A snapshot may cover the minute.
    if (phase === 'live' && backfill !== undefined && minute < backfill.minutes.end) {
      backfill.next ??= this.#takeUp(backfill.minutes)
    }
    const { lastMinute } = this.#scorer
    if (phase === 'live' && lastMinute !== undefined && minute <= lastMinute) {
      const keys = new KeyJournal({ left: Number.POSITIVE_INFINITY, dropped: 0 })
      keys.add(minute, event)
      this.#scorer.late(minute, 0, keys.of(minute))
      return
    }
    this.#holdsBackfilledKeys ||= phase === 'backfill'
    this.#journal.add(minute, event)
  }

  /** A snapshot; taken up by the next `backfill`. */
  restore(blob: Uint8Array): void {
    this.#saved = blob
  }

  /** @param isPart see `KeyJournal.restore` */
  restoreKeys(blob: Uint8Array, isPart: boolean): void {
    this.#journal.restore(blob, isPart)
  }

  /** Everything before the next minute; `advance` does the work. */
  backfill(minutes: BackfilledMinutes): void {
    // A snapshot belongs to the first backfill: a later one may begin earlier.
    if (this.#backfill !== undefined) this.#saved = undefined
    this.#waiting = undefined
    this.#begin()
    this.#holdsBackfilledKeys = this.#journal.holdsBefore(minutes.first)
    this.#backfill = { minutes, next: undefined }
    this.#liveFrom = minutes.end
    this.#isFirstEvent = minutes.isNew === true
  }

  /** Scores at most that many of the minutes that wait; true where none is left. */
  advance(limit: number): boolean {
    let left = limit
    const backfill = this.#backfill
    if (backfill !== undefined) {
      const { counts, partial, end } = backfill.minutes
      let next = backfill.next ?? this.#takeUp(backfill.minutes)
      for (; next < end && left > 0; next += MINUTE, left--) {
        this.#step(next, counts.get(next) ?? 0, partial.has(next) ? 'partial' : 'complete')
      }
      backfill.next = next
      if (next < end) return false
      this.#backfill = undefined
      this.#shareZeros(backfill.minutes)
      if (backfill.minutes.isNew === true) this.#beginWithShape()
    }
    const turn = this.#waiting?.splice(0, left) ?? []
    if (this.#waiting?.length === 0) this.#waiting = undefined
    for (const { start, count, completeness } of turn) {
      if (completeness === undefined) this.#late(start, count)
      else this.#step(start, count, completeness)
    }
    return this.#waiting === undefined
  }

  /** True where a snapshot is worth its bytes. */
  get isSnapshotDue(): boolean {
    const { lastMinute } = this.#scorer
    if (!this.isLive || this.#holdsBackfilledKeys || lastMinute === undefined || lastMinute === this.#covered)
      return false
    return lastMinute - this.#covered >= SNAPSHOT_EVERY || this.#journal.size > LARGE_JOURNAL
  }

  snapshot(): Uint8Array {
    this.#covered = this.#scorer.lastMinute ?? this.#covered
    this.#journal.forget(this.#covered)
    return this.#encoded()
  }

  /** Keys that no snapshot covers, part by part, where they have changed since they were last asked for. */
  keyChanges(): (readonly [part: number, keys: Uint8Array | null])[] {
    return this.#journal.changes()
  }

  #step(start: number, count: number, completeness: Completeness): ScoreResult {
    const keys = this.#journal.of(start)
    const result = this.#scorer.step(start, count, completeness, keys)
    this.#entities.step(start, keys, result.expected)
    this.trail.add(result)
    const explanation = result.active ? this.#scorer.explain() : undefined
    this.episodes.step(result, explanation, this.trail)
    const isUnsaid = explanation !== undefined && !this.#context.feedbackStore.suppresses(this.key, explanation)
    // At the end of a suppressed time another kind of surprise may lead for a minute, at a score that begins nothing.
    this.active = isUnsaid && (this.active || (result.score ?? 0) >= scoreSeverities.low)
    this.latest = result
    this.#explanation = explanation
    return result
  }

  #encoded(): Uint8Array {
    return encodeSnapshot({
      scorer: this.#scorer.snapshot(),
      entities: this.#entities.snapshots(),
      episodes: this.episodes.saved(),
      trail: this.trail.points(),
    })
  }

  /** What this series is of the other gateways of its zone, while little is known of itself. */
  #beginWithShape(): void {
    const shape = this.#context.shapeFor(this.key)
    if (shape !== undefined) this.#scorer.beginWith(shape)
  }

  #shareZeros(minutes: BackfilledMinutes): void {
    const { scoredZeros } = this.#context
    const run = runOfZeros(minutes)
    if (run === undefined || run === scoredZeros.run) return
    Object.assign(scoredZeros, { run, snapshot: this.#encoded() })
  }

  /** The same run of zeros, where another series has scored it. */
  #zeros(minutes: BackfilledMinutes): Uint8Array | undefined {
    const { run, snapshot } = this.#context.scoredZeros
    return runOfZeros(minutes) === run ? snapshot : undefined
  }

  #late(start: number, count: number): void {
    const { lastMinute } = this.#scorer
    if (lastMinute !== undefined && start <= lastMinute) this.#scorer.late(start, count)
  }

  #wait(minute: WaitingMinute): void {
    this.#waiting ??= []
    this.#waiting.push(minute)
  }

  /**
   * Goes on from the snapshot where it belongs to these minutes, otherwise from nothing. @returns the first minute to
   * score
   */
  #takeUp(minutes: BackfilledMinutes): number {
    const own = this.#saved
    const blob = own ?? this.#zeros(minutes)
    this.#saved = undefined
    const saved = blob && decodeSnapshot(blob)
    if (blob !== undefined) {
      const refused = saved === undefined ? 'damaged' : this.#scorer.restore(saved.scorer)
      if (refused !== undefined) this.#context.refused(refused)
    }
    const { lastMinute } = this.#scorer
    if (saved === undefined || lastMinute === undefined || lastMinute >= minutes.end) {
      this.#begin()
      return this.#firstOf(minutes)
    }
    for (const [kind, snapshot] of saved.entities) this.#entities.restore(kind, snapshot)
    this.episodes.restore(saved.episodes)
    this.trail.restore(saved.trail)
    this.#context.feedbackStore.review(this.key, this.episodes.list(lastMinute))
    if (own !== undefined) this.#covered = lastMinute
    return lastMinute + MINUTE
  }

  /** The first minute that can be scored: before the counts that are kept, a missing one is no zero. */
  #firstOf({ first, end }: BackfilledMinutes): number {
    return Math.max(first, end - this.#context.retention)
  }

  #begin(): void {
    this.#scorer = this.#newScorer()
    this.#entities.clear()
    this.#entities = this.#newEntities()
    this.trail = new RecentScores()
    this.episodes = new AnomalyEpisodes()
    this.#covered = Number.NEGATIVE_INFINITY
    this.latest = undefined
    this.#explanation = undefined
    this.active = false
  }

  #newScorer(): SeriesScorer {
    const { preset, seed } = this.#context
    return createSeriesScorer({ series: this.#name, preset, seed })
  }

  #newEntities(): Entities {
    return new Entities(this.#name, this.#context.entityLimits, this.#context.seed)
  }
}

/** Undefined where not all of the minutes are zeros that were observed completely. */
function runOfZeros({ first, end, partial, isNew }: BackfilledMinutes): string | undefined {
  return isNew && partial.size === 0 ? `${first} ${end}` : undefined
}
