import type { Clock } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type SignalName, signals } from '../../core/signals.ts'
import type { Logger } from '../../service/log/logger.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type { ChangedRow, Persistent, SavedRow } from '../contracts/persistent.ts'
import type {
  BackfilledMinutes,
  Completeness,
  EventPhase,
  EventSubscriber,
  MinuteKey,
} from '../contracts/subscriber.ts'
import { minuteOf } from '../pipeline/minute-series.ts'
import { SHARED_GATEWAY } from '../pipeline/series-table.ts'
import { BackfillQueue } from './backfill-queue.ts'
import type { EntityLimits } from './entities.ts'
import type { Feedback } from './feedback/feedback.ts'
import { FeedbackStore, matches } from './feedback/feedback-store.ts'
import type { KeyBudget } from './key-journal.ts'
import { medianShape, type RhythmShape } from './model/profile/rhythm.ts'
import type { AlertPresetName } from './model/series/alert-presets.ts'
import type { SnapshotRefusal } from './model/state/snapshot.ts'
import { ScoreMetrics } from './score-metrics.ts'
import { type ScoringContext, SeriesScoring } from './series-scoring.ts'
import { TierMetrics } from './tier-metrics.ts'

/** A new series begins with the median of what at most so many others know. */
const MOST_SHAPES = 16

export interface ScoringOptions {
  readonly store: SeriesStore
  readonly clock: Clock
  readonly logger: Pick<Logger, 'info' | 'warn'>
  readonly preset: AlertPresetName
  /** Most series with a full scorer. */
  readonly seriesLimit: number
  /** Most tables of entities, over all series, and most entities of each. */
  readonly entityTables: number
  readonly entitiesPerTable: number
  readonly feedback: readonly Feedback[]
  /** How long counts of minutes are kept, seconds. */
  readonly retention: number
  /** Seed of the hashes of entities, so that an attacker cannot make two of them collide. */
  readonly seed: number
}

/** Names of entities in minutes that no snapshot covers yet, over all series. */
const MAX_KEYS = 500_000
/** Snapshots that one commit takes along, and series that it looks at for them: there may be thousands. */
const SNAPSHOTS_PER_COMMIT = 3
const LOOKS_PER_COMMIT = 500
/** Milliseconds of a turn of the background work. */
const TURN_MS = 5

/**
 * Scores every closed minute of every series, once and in order. Backfills are scored in the background, in turns that
 * let the event loop breathe; the minutes that close meanwhile wait for their turn.
 */
export class Scoring implements EventSubscriber {
  readonly feedbackStore: FeedbackStore
  readonly #options: ScoringOptions
  readonly #metrics: ScoreMetrics
  readonly #tiers: TierMetrics
  readonly #context: ScoringContext
  readonly #keyBudget: KeyBudget = { left: MAX_KEYS, dropped: 0 }
  readonly #entityLimits: EntityLimits
  readonly #series = new LabelTree<SeriesScoring>(3)
  readonly #byZone = new LabelTree<SeriesScoring[]>(2)
  readonly #byKey = new Map<MinuteKey, SeriesScoring>()
  readonly #all: SeriesScoring[] = []
  readonly #overflow = new LabelTree<true>(3)
  readonly #backfills = new BackfillQueue()
  /** Saved snapshots by series, until their series begins. */
  readonly #snapshots = new Map<string, Uint8Array>()
  /** Series whose journal may have to be saved again. */
  readonly #keysChanged = new Set<SeriesScoring>()
  /** Saved keys by series. */
  readonly #keys = new Map<string, SavedRow<Uint8Array>[]>()
  /** Names of rows of keys that are saved in parts from now on. */
  #superseded: string[] = []
  #overflowed = 0
  /** A backfill is being scored, and not only the zeros of new series. */
  #isReplaying = false
  #snapshotAt = 0
  #refusalLogged = false

  constructor(options: ScoringOptions) {
    const { store, clock, preset, seriesLimit, entityTables, entitiesPerTable, feedback, retention, seed } = options
    this.#options = options
    this.#metrics = new ScoreMetrics(store, seriesLimit)
    this.#tiers = new TierMetrics(store)
    this.feedbackStore = new FeedbackStore(feedback, clock)
    this.#entityLimits = { capacity: entitiesPerTable, tablesLeft: entityTables, overflowed: 0 }
    this.#context = {
      preset,
      seed,
      feedbackStore: this.feedbackStore,
      keyBudget: this.#keyBudget,
      entityLimits: this.#entityLimits,
      retention,
      scoredZeros: { run: '', snapshot: undefined },
      shapeFor: key => this.#shapeFor(key),
      refused: reason => this.#refused(reason),
    }
  }

  onMinute(key: MinuteKey, start: number, count: number, completeness: Completeness): void {
    const series = this.#of(key)
    const result = series?.minute(start, count, completeness)
    if (series !== undefined && result !== undefined) this.#expose(series)
  }

  onLateEvents(key: MinuteKey, start: number, count: number): void {
    this.#of(key)?.late(start, count)
  }

  onBackfill(minutes: BackfilledMinutes): void {
    const series = this.#of(minutes.key)
    if (series === undefined) return
    this.#metrics.withdraw(series.key)
    series.backfill(minutes)
    this.#backfills.add(series, minutes)
    if (minutes.isNew !== true) this.#isReplaying = true
  }

  /** Records the entities of an event; during a backfill, before its minutes are emitted. */
  onEvent(event: SecurityEvent, phase: EventPhase): void {
    if (phase === 'ahead') return
    const series = this.#find(event)
    if (series === undefined) return
    series.learn(minuteOf(event.eventTime), event, phase)
    this.#keysChanged.add(series)
  }

  /** A turn of the background work; true where more is left. */
  advance(): boolean {
    if (this.#backfills.size === 0) return false
    const { clock, logger } = this.#options
    const end = clock.monotonic() + TURN_MS
    const more = this.#backfills.advance(
      () => clock.monotonic() >= end,
      series => {
        if (series.hasLiveResult) this.#expose(series)
      },
    )
    if (!more && this.#isReplaying) {
      this.#isReplaying = false
      logger.info('Backfill scoring finished.', { series: this.#backfills.finished })
    }
    return more
  }

  /** Series that have a scorer. */
  list(): readonly SeriesScoring[] {
    return this.#all
  }

  /** Those of one signal of one trust zone, over its gateways. */
  of(trustZone: string, signal: SignalName): readonly SeriesScoring[] {
    return this.#byZone.get([trustZone, signal]) ?? []
  }

  /** Series whose backfill is still being scored. */
  get backfillsWaiting(): number {
    return this.#backfills.size
  }

  /**
   * Takes feedback of an operator, also on a period in the past. @returns how many series it is about now; undefined
   * where no more can be held
   */
  addFeedback(feedback: Feedback): number | undefined {
    const concerned = this.#all.filter(({ key }) => matches(feedback, key))
    if (!this.feedbackStore.add(feedback)) return undefined
    const now = this.#options.clock.now() / 1000
    for (const { key, episodes } of concerned) this.feedbackStore.review(key, episodes.list(now))
    return concerned.length
  }

  /** The snapshots before the keys: a snapshot covers keys, which need not be saved then. */
  get persistents(): readonly Persistent[] {
    return [
      this.feedbackStore,
      {
        key: 'anomaly/series/',
        format: 'bytes',
        changes: () => this.#snapshotChanges(),
        restore: rows => {
          for (const { name, value } of rows) this.#snapshots.set(name, value)
        },
      },
      {
        key: 'anomaly/keys/',
        format: 'bytes',
        changes: () => this.#keyChanges(),
        restore: rows => this.#holdKeys(rows),
      },
    ]
  }

  #observe(): void {
    this.#tiers.observe({
      fullSeries: this.#all.length,
      seriesOverflow: this.#overflowed,
      entityTables: this.#options.entityTables - this.#entityLimits.tablesLeft,
      entityOverflow: this.#entityLimits.overflowed,
      keysDropped: this.#keyBudget.dropped,
      backfillsWaiting: this.#backfills.size,
      backfillMinutesLeft: this.#backfills.minutesLeft,
    })
  }

  #snapshotChanges(): readonly ChangedRow<Uint8Array>[] {
    this.#observe()
    const rows: ChangedRow<Uint8Array>[] = []
    let taken = 0
    const looks = Math.min(LOOKS_PER_COMMIT, this.#all.length)
    for (let looked = 0; looked < looks && taken < SNAPSHOTS_PER_COMMIT; looked++) {
      const series = this.#all[this.#snapshotAt++ % this.#all.length] as SeriesScoring
      if (!series.isSnapshotDue) continue
      rows.push({ name: nameOf(series.key), value: series.snapshot() })
      this.#keysChanged.add(series)
      taken++
    }
    return rows
  }

  #keyChanges(): readonly ChangedRow<Uint8Array>[] {
    const rows: ChangedRow<Uint8Array>[] = []
    for (const series of this.#keysChanged) {
      for (const [part, value] of series.keyChanges()) {
        rows.push({ name: `${nameOf(series.key)}/${part}`, value })
      }
    }
    this.#keysChanged.clear()
    for (const name of this.#superseded.splice(0)) rows.push({ name, value: null })
    return rows
  }

  #holdKeys(rows: readonly SavedRow<Uint8Array>[]): void {
    for (const row of rows) {
      const series = row.name.slice(0, row.name.lastIndexOf(']') + 1)
      const known = this.#keys.get(series)
      if (known === undefined) this.#keys.set(series, [row])
      else known.push(row)
    }
  }

  #of(key: MinuteKey): SeriesScoring | undefined {
    const held = this.#byKey.get(key)
    if (held !== undefined) return held
    const series = this.#find(key)
    if (series !== undefined) this.#byKey.set(key, series)
    return series
  }

  #find({ gateway, trustZone, signal }: MinuteKey): SeriesScoring | undefined {
    if (signals[signal].tier !== 'full' || gateway === SHARED_GATEWAY) return undefined
    return this.#series.get([gateway, trustZone, signal]) ?? this.#begin({ gateway, trustZone, signal })
  }

  /** The median of what the series of other gateways have learnt of this signal in this zone: a few of them do not decide. */
  #shapeFor({ gateway, trustZone, signal }: MinuteKey): RhythmShape | undefined {
    const shapes: RhythmShape[] = []
    for (const other of this.of(trustZone, signal)) {
      const shape = other.key.gateway === gateway ? undefined : other.shape()
      if (shape !== undefined) shapes.push(shape)
      if (shapes.length === MOST_SHAPES) break
    }
    return medianShape(shapes)
  }

  #begin(key: MinuteKey): SeriesScoring | undefined {
    const labels = [key.gateway, key.trustZone, key.signal]
    if (this.#all.length >= this.#options.seriesLimit) {
      if (this.#overflow.get(labels) === undefined) this.#overflowed++
      this.#overflow.set(labels, true)
      return undefined
    }
    const series = new SeriesScoring(key, this.#context)
    this.#series.set(labels, series)
    this.#all.push(series)
    const zone = this.#byZone.get([key.trustZone, key.signal])
    if (zone === undefined) this.#byZone.set([key.trustZone, key.signal], [series])
    else zone.push(series)
    const snapshot = this.#takeSnapshot(nameOf(key))
    if (snapshot !== undefined) series.restore(snapshot)
    this.#restoreKeys(series)
    return series
  }

  #restoreKeys(series: SeriesScoring): void {
    const of = nameOf(series.key)
    for (const { name, value } of this.#keys.get(of) ?? []) {
      const isPart = name.length > of.length
      series.restoreKeys(value, isPart)
      if (!isPart) this.#superseded.push(name)
    }
    this.#keysChanged.add(series)
    this.#keys.delete(of)
  }

  #expose(series: SeriesScoring): void {
    const { key, latest, active } = series
    if (latest !== undefined) this.#metrics.expose(key, latest, active, () => series.explainLatest())
  }

  #takeSnapshot(name: string): Uint8Array | undefined {
    const snapshot = this.#snapshots.get(name)
    this.#snapshots.delete(name)
    return snapshot
  }

  /** One line for all series: they are all of one version. */
  #refused(reason: SnapshotRefusal): void {
    if (this.#refusalLogged) return
    this.#refusalLogged = true
    this.#options.logger.warn(
      'Saved scorers cannot be loaded and are rebuilt from the retained minute series; scores follow in the background.',
      { reason },
    )
  }
}

const nameOf = ({ gateway, trustZone, signal }: MinuteKey) => JSON.stringify([gateway, trustZone, signal])
