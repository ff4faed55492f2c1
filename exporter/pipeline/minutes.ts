import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Series } from '../../service/series/series.ts'
import type { MinuteValue, SavedMinutes } from '../../service/state/state.ts'
import type { Persistent } from '../contracts/persistent.ts'
import type { BackfilledMinutes, MinuteCounts, MinuteKey } from '../contracts/subscriber.ts'
import type { Losses } from './losses.ts'
import { PackedMinutes } from './minute-counts.ts'
import { MINUTE, MinuteSeries, minuteOf } from './minute-series.ts'
import { chooseSeries, type SavedPosition, SeriesPositions } from './series-positions.ts'
import { type SeriesGroup, SeriesTable, SHARED_GATEWAY } from './series-table.ts'
import { SourceSets } from './source-sets.ts'
import type { Subscribers } from './subscribers.ts'
import { derivedSignals, WatchedSince } from './watched-since.ts'

/** An event that is older than this when its series is new does not make the series begin that early: 14 days. */
const EARLIEST_START = 14 * 24 * 60 * MINUTE

/** One way over all series: those that have the same contributing sources are closed up to the same minute. */
interface ClosingPass {
  /** Index of the series that comes next. */
  at: number
  /** By contributing sources, the start of the minute after the last that closes. */
  readonly ends: Map<ReadonlySet<string>, number>
}

/** The minutes as the page reads them. */
export type RetainedMinutes = Pick<Minutes, 'groups' | 'lost'>

/** Callbacks for minutes. */
export type MinuteSubscribers = Pick<Subscribers, 'onMinute' | 'onLateEvents' | 'onBackfill'>

export interface MinutesOptions {
  readonly subscribers: MinuteSubscribers
  readonly losses: Losses
  /**
   * Watermark of a source whose first batch is being counted: a clock that was never set must not make a series begin
   * in 1970. Default: 0.
   */
  readonly readTo?: (source: string) => EpochMs
  /** False of a source of which nothing is saved. Default: true. */
  readonly isDurable?: (source: string) => boolean
  /** Most series of their own; the gateways beyond share one for each trust zone and signal. Default: 50,000. */
  readonly seriesLimit?: number
  /** Moves with the number of series of their own. */
  readonly seriesCount?: Series
}

/**
 * Event counts by gateway, trust zone, signal and minute of event time. A minute closes when the watermarks of all
 * sources that feed its series have passed it; so a source that is unavailable holds up its own series and no others.
 */
export class Minutes {
  readonly #subscribers: MinuteSubscribers
  readonly #losses: Losses
  readonly #table: SeriesTable
  readonly #seriesLimit: number
  readonly #sourceSets = new SourceSets()
  /** Sources that have brought an event of a gateway: what is derived from its events waits for all of them. */
  readonly #contributingSourcesOf = new Map<string, ReadonlySet<string>>()
  readonly #positions: SeriesPositions
  readonly #watchedSince: WatchedSince
  readonly #watermarks = new Map<string, EpochMs>()
  readonly #readTo: (source: string) => EpochMs
  readonly #touched = new Set<MinuteSeries>()
  /** During a backfill, closed minutes are retained so that they can be emitted together with the backfilled ones. */
  #retainsAll = false
  /** Minutes may be due that the pass under way does not close. */
  #due = false
  #pass: ClosingPass | undefined

  constructor({
    subscribers,
    losses,
    readTo = () => 0,
    isDurable,
    seriesLimit = 50_000,
    seriesCount = { value: 0 },
  }: MinutesOptions) {
    this.#subscribers = subscribers
    this.#losses = losses
    this.#readTo = readTo
    this.#watchedSince = new WatchedSince(isDurable)
    this.#seriesLimit = seriesLimit
    this.#table = new SeriesTable(seriesLimit, seriesCount)
    this.#positions = new SeriesPositions(this.#table.all)
  }

  /**
   * The event as its minutes know it: its own, or the same of the shared gateway where it can have no series of its
   * own.
   */
  admit(event: SecurityEvent): SecurityEvent {
    return this.#table.admits(event) ? event : { ...event, gateway: SHARED_GATEWAY }
  }

  /** All series by trust zone and signal. */
  get groups(): readonly SeriesGroup[] {
    return this.#table.groups
  }

  /** Counts an admitted event. @returns false where its minute was closed: the event is late */
  add(source: string, { gateway, trustZone, signal, eventTime, count }: SecurityEvent): boolean {
    const minute = minuteOf(eventTime)
    const series = this.find(gateway, trustZone, signal) ?? this.begin(source, { gateway, trustZone, signal }, minute)
    this.#addSourceOfSeries(source, series)
    // Until its first minute closes, a series may still turn out to have begun earlier.
    if (series.isNew && minute < series.next) {
      const next = Math.min(series.next, this.#start(source, minute))
      series.beginAt(Math.min(series.first, next), next)
      this.#begun(series, source)
    }
    this.#touched.add(series)
    if (minute >= series.next) return series.add(minute, count)
    if (series.add(minute, count)) this.#subscribers.onLateEvents(series.key, minute, count)
    else series.addBackfilled(minute, count)
    return false
  }

  find(gateway: string, trustZone: string, signal: SignalName): MinuteSeries | undefined {
    return this.#table.find(gateway, trustZone, signal)
  }

  begin(source: string, key: MinuteKey, minute: number): MinuteSeries {
    const next = this.#start(source, minute)
    // At the end of a backfill it begins where the backfill does.
    const first = this.#retainsAll ? next : this.#watchedSince.startOf(source, key, next)
    const series = this.#register(new MinuteSeries(key, first, next, this.#sourceSetFor(key, [source])))
    series.isNew = true
    series.readSince = minuteOf(Math.max(0, this.#readUpTo(source)))
    this.#addSourcesOfGateway(series)
    this.#begun(series, source)
    return series
  }

  /** Retains all minutes from now on; before `restore` where the backfill had begun earlier. */
  beginBackfill(): void {
    this.#retainsAll = true
    for (const series of this.#table.all) series.retainAll()
  }

  /**
   * Counts an admitted event of the backfill of a source. Its minutes are emitted when the backfill is complete,
   * because subscribers need them in order.
   *
   * @param end where a series that was not observed live begins to be read live
   */
  addBackfilled(source: string, { gateway, trustZone, signal, eventTime, count }: SecurityEvent, end: EpochMs): void {
    const key = { gateway, trustZone, signal }
    const series = this.find(gateway, trustZone, signal) ?? this.begin(source, key, minuteOf(end))
    this.#addSourceOfSeries(source, series)
    series.addBackfilled(minuteOf(eventTime), count)
    this.#touched.add(series)
  }

  /**
   * Counts an admitted event of before the installation into its minute, where that is open or can still be corrected.
   */
  correct({ gateway, trustZone, signal, eventTime, count }: SecurityEvent): void {
    const series = this.find(gateway, trustZone, signal)
    const minute = minuteOf(eventTime)
    if (series === undefined || !series.add(minute, count)) return
    this.#touched.add(series)
    if (minute < series.next) this.#subscribers.onLateEvents(series.key, minute, count)
  }

  /**
   * The backfill of a source is complete: each series that it contributes to is emitted again, from its oldest minute,
   * but one of which no minute is complete: that stays new.
   */
  concludeBackfill(source: string): void {
    const ofSource = this.#table.all.filter(({ contributingSources }) => contributingSources.has(source))
    // A source that has not been read yet holds nothing back.
    const readTo = (name: string) => this.#watermarks.get(name) ?? Number.POSITIVE_INFINITY
    const completeTo = (names: ReadonlySet<string>) => minuteOf(Math.min(...Array.from(names, readTo)))
    const counts = ofSource.map(series => series.concludeBackfill(completeTo(series.contributingSources)))
    for (const series of ofSource) {
      this.#watchedSince.readFrom(source, series.first)
      this.#watchedSince.follow(series)
    }
    for (const [index, series] of ofSource.entries()) {
      series.first = this.#watchedSince.startOf(source, series.key, series.first)
      this.#positions.moved(series)
      if (!series.isNew || counts[index]?.size) this.#emit(series, counts[index] as MinuteCounts)
    }
  }

  /** No backfill is under way any more. */
  endBackfill(): void {
    this.#retainsAll = false
    for (const series of this.#table.all) series.endBackfill()
  }

  /** The source has delivered everything up to this time. A time that falls is ignored. */
  advance(source: string, watermark: EpochMs): void {
    const before = this.#watermarks.get(source) ?? Number.NEGATIVE_INFINITY
    if (watermark <= before) return
    this.#watermarks.set(source, watermark)
    this.#watchedSince.reached(source, minuteOf(watermark))
    if (minuteOf(watermark) > minuteOf(before)) this.#due = true
  }

  /** The clock was set back to this time: later minutes that are not closed stay open. */
  setBack(source: string, watermark: EpochMs): void {
    this.#watermarks.set(source, watermark)
  }

  /** True where minutes may be complete that were not yet looked at. */
  get isDue(): boolean {
    return this.#due
  }

  /** Sources that have brought an event of a gateway, or of those that share minutes where it has none of its own. */
  contributingSourcesOf(gateway: string): ReadonlySet<string> {
    return (
      this.#contributingSourcesOf.get(gateway) ??
      this.#contributingSourcesOf.get(SHARED_GATEWAY) ??
      this.#sourceSets.of([])
    )
  }

  /** Event time up to which all of these sources have delivered everything. */
  watermarkOf(contributingSources: ReadonlySet<string>): EpochMs {
    let least = contributingSources.size === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    for (const source of contributingSources) {
      least = Math.min(least, this.#watermarks.get(source) ?? Number.NEGATIVE_INFINITY)
    }
    return least
  }

  /** Closes at most about `limit` minutes; true where more are due. */
  close(limit: number): boolean {
    if (this.#pass === undefined && !this.#due) return false
    this.#pass ??= this.#beginPass()
    const pass = this.#pass
    let left = limit
    for (; pass.at < this.#table.all.length; pass.at++) {
      const series = this.#table.all[pass.at] as MinuteSeries
      const end = this.#endOf(series, pass)
      while (series.next < end) {
        if (left-- <= 0) return true
        this.#closeOne(series)
      }
    }
    this.#pass = undefined
    if (!this.#due) this.#positions.level(pass.ends)
    return this.#due
  }

  /** How far each series is closed, and since when its sources are watched. */
  get persistents(): readonly Persistent[] {
    return [...this.#positions.persistents, this.#watchedSince]
  }

  /** Counts that have changed since the last call. */
  changes(): MinuteValue[] {
    const minutes: MinuteValue[] = []
    for (const series of this.#touched) {
      const { gateway, trustZone, signal } = series.key
      for (const [minute, count] of series.changes()) {
        minutes.push({ series: [gateway, trustZone, signal], minute, count })
      }
    }
    this.#touched.clear()
    return minutes
  }

  /**
   * Takes the saved counts, after its `persistents` were restored.
   *
   * @param sources those of the configuration; others that fed a series hold it up no longer
   */
  restore(minutes: readonly SavedMinutes[], sources: ReadonlySet<string>): void {
    const { kept, dropped } = chooseSeries(this.#positions.takeRestored(), minutes, this.#seriesLimit)
    for (const position of kept) this.#restoreSeries(position, sources)
    for (const position of dropped) this.#positions.dropped(position)
    for (const series of this.#table.all) this.#addSourcesOfGateway(series)
    const closed = new Map<MinuteSeries, MinuteCounts>(this.#table.all.map(series => [series, new Map()]))
    for (const { series: labels, starts, counts } of minutes) {
      const [gateway = '', trustZone = '', signal] = labels
      const series = this.find(gateway, trustZone, signal as SignalName)
      if (series === undefined) continue
      const kept = new PackedMinutes(starts, counts)
      for (const [minute, count] of kept) series.set(minute, count)
      // What is before the first minute is of a backfill that is under way.
      closed.set(series, kept.between(series.first, series.next))
    }
    for (const [series, counts] of closed) if (!series.isNew) this.#emit(series, counts)
  }

  /** Minutes from `first` up to, not including, `end` of which one of these sources has lost records. */
  lost(contributingSources: Iterable<string>, first: number, end: number): ReadonlySet<number> {
    return this.#losses.between(contributingSources, first, end)
  }

  #restoreSeries(
    { gateway, trustZone, signal, first, next, contributingSources, isNew, readSince }: SavedPosition,
    sources: ReadonlySet<string>,
  ): void {
    const known = contributingSources.filter(source => sources.has(source))
    const key = { gateway, trustZone, signal }
    const series = this.#register(new MinuteSeries(key, first, next, this.#sourceSets.of(known)))
    series.isNew = isNew
    series.readSince = readSince
    this.#watchedSince.adopt(series)
    // How far it is closed is saved by its contributing sources.
    if (known.length < contributingSources.length) this.#positions.moved(series)
  }

  #register(series: MinuteSeries): MinuteSeries {
    this.#table.add(series)
    if (this.#retainsAll) series.retainAll()
    return series
  }

  /** It has begun, or begins elsewhere. @param source of its oldest event */
  #begun(series: MinuteSeries, source: string): void {
    this.#watchedSince.readFrom(source, series.next)
    this.#watchedSince.follow(series)
    this.#positions.moved(series)
    this.#due = true
  }

  #addSourceOfSeries(source: string, series: MinuteSeries): void {
    if (series.contributingSources.has(source) || derivedSignals.has(series.key.signal)) return
    this.#setContributingSources(series, this.#sourceSets.of([...series.contributingSources, source]))
    this.#addSourcesOfGateway(series)
  }

  #setContributingSources(series: MinuteSeries, contributingSources: ReadonlySet<string>): void {
    series.contributingSources = contributingSources
    this.#positions.moved(series)
    this.#due = true
  }

  #sourceSetFor({ gateway, signal }: MinuteKey, sources: Iterable<string>): ReadonlySet<string> {
    const ofGateway = derivedSignals.has(signal) ? this.#contributingSourcesOf.get(gateway) : undefined
    return ofGateway ?? this.#sourceSets.of(sources)
  }

  /** Whatever feeds a series feeds its gateway, and all that is derived from its events. */
  #addSourcesOfGateway({ key, contributingSources }: MinuteSeries): void {
    if (derivedSignals.has(key.signal)) return
    const before = this.#contributingSourcesOf.get(key.gateway)
    const after = before === undefined ? contributingSources : this.#sourceSets.of([...before, ...contributingSources])
    if (after === before) return
    this.#contributingSourcesOf.set(key.gateway, after)
    for (const { signal, byGateway } of this.#table.groups) {
      const series = derivedSignals.has(signal) ? byGateway.get(key.gateway) : undefined
      if (series !== undefined && series.contributingSources !== after) this.#setContributingSources(series, after)
    }
  }

  #start(source: string, minute: number): number {
    return Math.max(minute, minuteOf(Math.max(0, this.#readUpTo(source))) - EARLIEST_START)
  }

  #readUpTo(source: string): EpochMs {
    return this.#watermarks.get(source) ?? this.#readTo(source)
  }

  #beginPass(): ClosingPass {
    this.#due = false
    return { at: 0, ends: new Map() }
  }

  /** The same for all series with these contributing sources, until the pass is over. */
  #endOf({ contributingSources }: MinuteSeries, { ends }: ClosingPass): number {
    let end = ends.get(contributingSources)
    if (end === undefined) {
      end = minuteOf(this.watermarkOf(contributingSources))
      ends.set(contributingSources, end)
    }
    return end
  }

  #closeOne(series: MinuteSeries): void {
    if (series.isNew) this.#emitZeros(series)
    const start = series.next
    const count = series.close()
    this.#positions.advanced(series)
    const completeness = this.#losses.has(series.contributingSources, start) ? 'partial' : 'complete'
    this.#subscribers.onMinute(series.key, start, count, completeness)
  }

  /** What is before the first minute of a series that is new. */
  #emitZeros(series: MinuteSeries): void {
    if (series.first < series.next) this.#positions.moved(series)
    this.#emit(series, new Map(), { isNew: true })
  }

  #emit(series: MinuteSeries, counts: MinuteCounts, more: Pick<BackfilledMinutes, 'isNew'> = {}): void {
    const { key, first, next: end, contributingSources } = series
    if (end <= first) return
    series.isNew = false
    const partial = this.#losses.between(contributingSources, first, end)
    this.#subscribers.onBackfill({ key, first, end, counts, partial, ...more })
  }
}
