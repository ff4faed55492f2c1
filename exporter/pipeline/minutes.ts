import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import { type SignalName, signalNames, signals } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { DocumentValue, MinuteValue, SavedMinutes } from '../../service/state/state.ts'
import type { Losses } from './losses.ts'
import type { Completeness, MinuteConsumer, MinuteKey } from './minute-consumer.ts'
import { type MinuteCounts, PackedMinutes } from './minute-counts.ts'
import { MINUTE, MinuteSeries, minuteOf } from './minute-series.ts'

/** An event that is older than this when its series is new does not make the series begin that early: 14 days. */
const EARLIEST_START = 14 * 24 * 60 * MINUTE

/** Signals that no source reports itself. */
const derived: ReadonlySet<SignalName> = new Set(signalNames.filter(name => 'derivedFrom' in signals[name]))

export interface MinuteView {
  readonly start: number
  readonly count: number
  readonly completeness: Completeness | 'open'
}

/** One row of a gateway's document: where its series stand. */
type SavedSeries = [trustZone: string, signal: SignalName, first: number, next: number, feeders: string[]]

/**
 * Event counts by gateway, trust zone, signal and minute of event time. A minute closes when the watermarks of all
 * sources that feed its series have passed it; so a source that is away holds up its own series and no others.
 */
export class Minutes {
  readonly #consumer: MinuteConsumer
  readonly #losses: Losses
  readonly #tree = new LabelTree<MinuteSeries>(3)
  readonly #all: MinuteSeries[] = []
  /** Sources that have brought an event of a gateway; its derived series have these sets themselves as feeders. */
  readonly #feedersOf = new Map<string, Set<string>>()
  readonly #watermarks = new Map<string, EpochMs>()
  /** Where each source will stand when what it brings now is taken in. */
  readonly #ahead = new Map<string, EpochMs>()
  readonly #touched = new Set<MinuteSeries>()
  /** Gateways whose series have begun, moved on or got a feeder since the last commit. */
  readonly #moved = new Set<string>()
  /** A past is being read: every minute that closes is kept until it is told in one piece with what was before. */
  #keepsAll = false
  #due = false

  constructor(consumer: MinuteConsumer, losses: Losses) {
    this.#consumer = consumer
    this.#losses = losses
  }

  /** Tells of a watermark before the events that come with it: a clock that was never set must not make a series begin in 1970. */
  expect(source: string, watermark: EpochMs): void {
    this.#ahead.set(source, watermark)
  }

  /** True where the event came in time; false where its minute was closed. */
  add(source: string, { gateway, trustZone, signal, eventTime, count }: SecurityEvent): boolean {
    const minute = minuteOf(eventTime)
    const series = this.find(gateway, trustZone, signal) ?? this.begin(source, { gateway, trustZone, signal }, minute)
    this.#feeds(source, series)
    // Until its first minute closes, a series may still turn out to have begun earlier.
    if (minute < series.first && series.next === series.first) {
      series.beginAt(Math.min(series.first, this.#start(source, minute)))
      this.#due = true
    }
    this.#touched.add(series)
    if (minute >= series.next) return series.add(minute, count)
    if (series.add(minute, count)) this.#consumer.late(series.key, minute, count)
    else series.addPast(minute, count)
    return false
  }

  find(gateway: string, trustZone: string, signal: SignalName): MinuteSeries | undefined {
    return this.#tree.get([gateway, trustZone, signal])
  }

  begin(source: string, key: MinuteKey, minute: number): MinuteSeries {
    const first = this.#start(source, minute)
    const series = this.#adopt(new MinuteSeries(key, first, first, this.#feedersFor(key)))
    this.#feeds(source, series)
    this.#moved.add(key.gateway)
    this.#due = true
    return series
  }

  /** A past is being read from now on; before `restore` where it had begun earlier. */
  keepAll(): void {
    this.#keepsAll = true
    for (const series of this.#all) series.keepAll()
  }

  /**
   * Counts an event of the past of a source. The consumer is told when the past is complete, because it needs minutes
   * in order.
   *
   * @param end where a series that was not heard of live begins to be read live
   */
  addPast(source: string, { gateway, trustZone, signal, eventTime, count }: SecurityEvent, end: EpochMs): void {
    const key = { gateway, trustZone, signal }
    const series = this.find(gateway, trustZone, signal) ?? this.begin(source, key, minuteOf(end))
    this.#feeds(source, series)
    series.addPast(minuteOf(eventTime), count)
    this.#touched.add(series)
  }

  /** Counts an event of before the installation into its minute, where that is open or can still be corrected. */
  correct({ gateway, trustZone, signal, eventTime, count }: SecurityEvent): void {
    const series = this.find(gateway, trustZone, signal)
    const minute = minuteOf(eventTime)
    if (series === undefined || !series.add(minute, count)) return
    this.#touched.add(series)
    if (minute < series.next) this.#consumer.late(series.key, minute, count)
  }

  /** The past of a source is complete: each series that it feeds is told anew, from its oldest minute. */
  concludePast(source: string): void {
    for (const series of this.#all) {
      if (!series.feeders.has(source)) continue
      const counts = series.concludePast()
      this.#moved.add(series.key.gateway)
      this.#tell(series, counts)
    }
  }

  /** No past is being read any more. */
  forgetAll(): void {
    this.#keepsAll = false
    for (const series of this.#all) series.forgetAll()
  }

  /** The source has told everything up to this time. A time that falls is passed over. */
  advance(source: string, watermark: EpochMs): void {
    const before = this.#watermarks.get(source) ?? Number.NEGATIVE_INFINITY
    if (watermark <= before) return
    this.#watermarks.set(source, watermark)
    if (minuteOf(watermark) > minuteOf(before)) this.#due = true
  }

  /** Event time up to which all sources that feed a gateway have told everything. */
  watermarkOf(gateway: string): EpochMs {
    return this.#leastOf(this.#feedersOf.get(gateway) ?? new Set())
  }

  /** Closes at most about `limit` minutes; true where more are due. */
  close(limit: number): boolean {
    if (!this.#due) return false
    let left = limit
    for (const series of this.#all) {
      const end = minuteOf(this.#leastOf(series.feeders))
      while (series.next < end) {
        if (left-- <= 0) return true
        this.#closeOne(series)
      }
    }
    this.#due = false
    return false
  }

  changes(): { minutes: MinuteValue[]; documents: DocumentValue[] } {
    const minutes: MinuteValue[] = []
    for (const series of this.#touched) {
      const { gateway, trustZone, signal } = series.key
      for (const [minute, count] of series.changes()) {
        minutes.push({ series: [gateway, trustZone, signal], minute, count })
      }
    }
    this.#touched.clear()
    return { minutes, documents: this.#movedGateways() }
  }

  /** @param sources those of the configuration; others that fed a series hold it up no longer */
  restore(documents: readonly DocumentValue[], minutes: readonly SavedMinutes[], sources: ReadonlySet<string>): void {
    for (const { name, value } of documents) {
      if (!name.startsWith('minutes/')) continue
      const gateway = name.slice('minutes/'.length)
      for (const [trustZone, signal, first, next, feeders] of value as unknown as SavedSeries[]) {
        const key = { gateway, trustZone, signal }
        const series = this.#adopt(new MinuteSeries(key, first, next, this.#feedersFor(key)))
        for (const source of feeders) if (sources.has(source)) this.#addFeeder(source, series)
      }
    }
    const closed = new Map<MinuteSeries, MinuteCounts>(this.#all.map(series => [series, new Map()]))
    for (const { series: labels, starts, counts } of minutes) {
      const series = this.#tree.get(labels)
      if (series === undefined) continue
      const kept = new PackedMinutes(starts, counts)
      for (const [minute, count] of kept) series.set(minute, count)
      // What lies before the first minute is of a past that is still being read.
      closed.set(series, kept.between(series.first, series.next))
    }
    for (const [series, counts] of closed) this.#tell(series, counts)
  }

  /** Every series with its minutes from `first`, as far as they are kept, up to the one that holds `end`. */
  *recent(first: EpochMs, end: EpochMs): Iterable<{ key: MinuteKey; minutes: readonly MinuteView[] }> {
    for (const series of this.#all) {
      const minutes: MinuteView[] = []
      for (let start = Math.max(minuteOf(first), series.first); start <= minuteOf(end); start += MINUTE) {
        const completeness = start < series.next ? this.#completeness(series, start) : 'open'
        minutes.push({ start, count: series.count(start) ?? 0, completeness })
      }
      yield { key: series.key, minutes }
    }
  }

  #adopt(series: MinuteSeries): MinuteSeries {
    const { gateway, trustZone, signal } = series.key
    this.#tree.set([gateway, trustZone, signal], series)
    this.#all.push(series)
    if (this.#keepsAll) series.keepAll()
    return series
  }

  #feeds(source: string, series: MinuteSeries): void {
    if (series.feeders.has(source) || derived.has(series.key.signal)) return
    this.#addFeeder(source, series)
    this.#moved.add(series.key.gateway)
  }

  #addFeeder(source: string, { key, feeders }: MinuteSeries): void {
    if (derived.has(key.signal)) return
    feeders.add(source)
    this.#gatewayFeeders(key.gateway).add(source)
  }

  /** Whatever is derived from a gateway's events waits for all sources that may still bring one. */
  #feedersFor(key: MinuteKey): Set<string> {
    return derived.has(key.signal) ? this.#gatewayFeeders(key.gateway) : new Set()
  }

  #gatewayFeeders(gateway: string): Set<string> {
    let feeders = this.#feedersOf.get(gateway)
    if (feeders === undefined) {
      feeders = new Set()
      this.#feedersOf.set(gateway, feeders)
    }
    return feeders
  }

  #start(source: string, minute: number): number {
    const watermark = this.#watermarks.get(source) ?? this.#ahead.get(source) ?? 0
    return Math.max(minute, minuteOf(Math.max(0, watermark)) - EARLIEST_START)
  }

  #leastOf(feeders: ReadonlySet<string>): EpochMs {
    let least = feeders.size === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
    for (const source of feeders) {
      least = Math.min(least, this.#watermarks.get(source) ?? Number.NEGATIVE_INFINITY)
    }
    return least
  }

  #closeOne(series: MinuteSeries): void {
    const start = series.next
    const count = series.close()
    this.#moved.add(series.key.gateway)
    this.#consumer.minute(series.key, start, count, this.#completeness(series, start))
  }

  #completeness(series: MinuteSeries, minute: number): Completeness {
    return this.#losses.has(series.feeders, minute) ? 'partial' : 'complete'
  }

  #tell(series: MinuteSeries, counts: MinuteCounts): void {
    const { key, first, next: end, feeders } = series
    if (end > first)
      this.#consumer.history({ key, first, end, counts, partial: this.#losses.between(feeders, first, end) })
  }

  #movedGateways(): DocumentValue[] {
    if (this.#moved.size === 0) return []
    const rows = new Map<string, SavedSeries[]>([...this.#moved].map(gateway => [gateway, []]))
    for (const { key, first, next, feeders } of this.#all) {
      rows.get(key.gateway)?.push([key.trustZone, key.signal, first, next, [...feeders]])
    }
    this.#moved.clear()
    return [...rows].map(([gateway, value]) => ({ name: `minutes/${gateway}`, value }))
  }
}
