import { type Clock, DAY_MS, type EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { TrustZones } from '../../core/trust-zones.ts'
import type { Dialect } from '../../decoding/dialects/dialect.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import type { SeriesStore } from '../../service/series/series.ts'
import type {
  BlobValue,
  CursorValue,
  DocumentValue,
  Json,
  SavedState,
  StateTransaction,
} from '../../service/state/state.ts'
import type { Batch, Source } from '../sources/source.ts'
import { AddressTrust } from './address.ts'
import { type Authority, exposeAuthority } from './authority.ts'
import { Certificates } from './certificates.ts'
import type { KeyOverflow } from './counted-keys.ts'
import { Counters } from './counters.ts'
import { Derivation, type DerivationLimits } from './derivation.ts'
import { Evictions } from './evictions.ts'
import { type Feed, hear, isBackfill, newFeed } from './feed.ts'
import { Gateways, type HeardGateways } from './gateways.ts'
import { Histories } from './histories.ts'
import { isOfHistory } from './history.ts'
import { Losses } from './losses.ts'
import type { Memory } from './memory.ts'
import type { EventPhase, MinuteConsumer } from './minute-consumer.ts'
import { minuteOf } from './minute-series.ts'
import { type KeptMinutes, Minutes } from './minutes.ts'
import { countMinutes } from './minutes-scored.ts'
import { type Offender, type OffenderOptions, Offenders } from './offenders.ts'
import { type PairException, RELEASED_AT_ONCE } from './pairing.ts'
import { RecentEvents } from './recent-events.ts'
import { countSeries } from './series-table.ts'
import { SourceMetrics, type SourceTallies } from './source-metrics.ts'
import { type Understanding, understand } from './understanding.ts'

export interface PipelineOptions {
  readonly clock: Clock
  readonly store: SeriesStore
  /** Asked in this order. */
  readonly dialects: readonly Dialect[]
  /** All that will ever be given to `ingest`. */
  readonly sources: readonly PipelineSource[]
  readonly zones: TrustZones
  readonly authority: Authority
  /** Networks of the proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  readonly offenders: OffenderOptions
  /** Most series with minutes of their own. Default: 50,000. */
  readonly minuteSeries?: number
  /** The scorer. Without one, minutes close all the same. */
  readonly consumer?: MinuteConsumer
  /** Told of every event, once. */
  readonly listener?: (event: SecurityEvent, told: EventPhase) => void
  /** Where the keys of a source's pairs go that are too many for the memory. Default: there is no such place. */
  readonly keyOverflow?: (source: string) => KeyOverflow
  /** Default: `derivationLimits`. */
  readonly derivation?: DerivationLimits
  /** Whatever else is saved and restored with the pipeline. */
  readonly memories?: readonly Memory[]
}

/** What the pipeline knows of a source; it never reads one. */
export type PipelineSource = Pick<Source, 'name' | 'kind' | 'durable' | 'synthetic' | 'horizon' | 'health' | 'history'>

/** What the state database must hold before anything of it is exposed; the series are the store's to tell. */
export type PipelineChanges = Omit<StateTransaction, 'series'>

export interface SourceProgress {
  readonly watermark: EpochMs | undefined
  readonly began: EpochMs | undefined
  readonly lastEvent: EpochMs | undefined
}

/** Minutes that are closed, or derived, in one go: about 10 ms of work. */
const CLOSED_AT_ONCE = 150
/** An event dated further ahead of the clock has no minute: made-up times must not open minutes that close in years. */
const MAX_AHEAD_MS = DAY_MS

export function createPipeline(options: PipelineOptions): Pipeline {
  return new Pipeline(options)
}

/**
 * From raw records to counters, minutes and offenders, in memory. `changes` then gives all of it that must become
 * durable, with cursors that cover exactly what was ingested. Nothing here waits or does I/O.
 */
export class Pipeline {
  readonly #options: PipelineOptions
  readonly #how: Understanding
  readonly #counters: Counters
  readonly #metrics: SourceMetrics
  readonly #losses = new Losses()
  readonly #consumer: MinuteConsumer
  readonly #minutes: Minutes
  readonly #offenders: Offenders
  readonly #certificates: Certificates
  readonly #derivation: Derivation
  readonly #recent = new RecentEvents()
  readonly #gateways = new Gateways()
  readonly #feeds: ReadonlyMap<string, Feed>
  readonly #histories: Histories

  constructor(options: PipelineOptions) {
    const { clock, store, dialects, zones, authority, trustedProxies, offenders, sources } = options
    this.#options = options
    const dispatcher = createDispatcher(dialects)
    this.#how = { dispatcher, zones, authority, addresses: new AddressTrust(trustedProxies) }
    this.#counters = new Counters(store)
    this.#metrics = new SourceMetrics(store, clock)
    this.#consumer = countMinutes(store, options.consumer)
    this.#minutes = new Minutes(this.#consumer, this.#losses, options.minuteSeries, countSeries(store))
    const evictions = new Evictions(store)
    this.#offenders = new Offenders(offenders, clock, store, evictions)
    this.#certificates = new Certificates(store)
    this.#derivation = new Derivation(store, evictions, options.derivation)
    this.#feeds = new Map(
      sources.map(source => {
        const onPairException = (exception: PairException) => this.#metrics.pairException(source.name, exception)
        return [source.name, newFeed(source, { ...options, onPairException })]
      }),
    )
    this.#histories = new Histories({
      clock,
      how: this.#how,
      gateways: this.#gateways,
      minutes: this.#minutes,
      listener: event => this.#learn(event),
    })
    for (const source of sources) this.#metrics.begin(source)
    exposeAuthority(store, authority)
  }

  /** Takes a batch in whole: records, tally, cursor and watermark. */
  ingest(source: string, batch: Batch): void {
    const feed = this.#feed(source)
    this.#minutes.expect(source, batch.watermark)
    // A source that goes on after a restart says with its first batch how far it was.
    if (feed.watermark === Number.NEGATIVE_INFINITY) feed.watermark = batch.watermark
    for (const record of batch.records) {
      const understood = understand(source, record, this.#how)
      if (understood.kind === 'undecoded') {
        this.#metrics.undecoded(source, understood.reason)
        continue
      }
      this.#metrics.understood(source, understood.decoder)
      if (understood.kind === 'event') {
        const { claim, event } = understood
        hear(feed, event.eventTime)
        this.#gateways.hear(event.gateway, source, claim)
        if (isBackfill(record, event.eventTime)) {
          if (feed.backfill.admit(claim, event, feed.watermark)) this.#backfill(source, event)
        } else if (feed.pairing.admit(claim, event, feed.watermark)) this.#count(source, event)
      } else if (understood.kind === 'certificate') {
        hear(feed, understood.certificate.time)
        this.#certificates.see(understood.certificate)
      } else {
        hear(feed, understood.time)
        if (understood.kind === 'telemetry_lost' && !isBackfill(record, understood.time)) {
          this.#lose(source, 'records', understood.records, understood.time)
        }
      }
    }
    this.#tally(source, batch)
    for (const { key, value } of batch.cursor) feed.moved.set(key, value)
    // Taken up before the first batch; with the ids of an hour of documents it is tens of megabytes.
    feed.saved.clear()
    if (batch.caughtUp && feed.caughtUp === 'no') feed.caughtUp = 'read'
    this.#advance(feed, batch.watermark)
  }

  /**
   * How far the past of this source has been read, by its own keys; undefined where that was done, or an earlier version
   * began without. To be asked before the first batch.
   */
  past(source: string): ReadonlyMap<string, Json> | undefined {
    const isFirstStart = this.#feed(source).saved.size === 0
    return isFirstStart ? this.#histories.begin(source).cursor : this.#histories.get(source)?.cursor
  }

  /** Takes records of the past into minutes only; see `finishReplay`. */
  replay(source: string, batch: Batch): void {
    this.#histories.begin(source).add(batch, this.#liveSince(source))
  }

  /** The past of this source is complete: its minutes go to the scorer. */
  finishReplay(source: string): void {
    if (this.#histories.finish(source, this.#liveSince(source))) this.#derivation.concludePast()
  }

  /** Closes at most about `limit` minutes that are due; true where more are. A bounded piece of work. */
  closeMinutes(limit = CLOSED_AT_ONCE): boolean {
    for (const feed of this.#feeds.values()) {
      if (!feed.pairing.isDue(feed.watermark) && !feed.backfill.isDue(feed.watermark)) continue
      this.#advance(feed, feed.watermark)
      return true
    }
    // Before any minute closes: what is derived from it belongs to it.
    const isDerived = !this.#minutes.isDue || this.#derive(limit)
    return !isDerived || this.#minutes.close(limit)
  }

  /** Moves what is too much for the memory to the disk. @throws what the overflow of the keys throws */
  bound(): void {
    for (const { pairing } of this.#feeds.values()) pairing.bound()
  }

  /** Moves the gauges that follow the clock. About once a second. */
  observe(): void {
    this.#offenders.expose()
    this.#certificates.expire(this.#options.clock.now())
    for (const source of this.#options.sources) {
      const { watermark, lastEvent } = this.progress(source.name)
      this.#metrics.observe(source.name, source.health(), watermark, lastEvent)
    }
  }

  /** Everything that has changed since it was last asked, as absolute values. */
  changes(): PipelineChanges {
    const cursors: (readonly CursorValue[])[] = []
    const { minutes, documents: gateways } = this.#minutes.changes()
    const documents: (readonly DocumentValue[])[] = [gateways, ...this.#documented().map(part => part.changes())]
    const blobs: (readonly BlobValue[])[] = []
    for (const feed of this.#feeds.values()) {
      const pairs = feed.pairing.changes(feed.watermark)
      const backfill = feed.backfill.changes(feed.watermark)
      const moved = [...feed.moved].map(([key, value]) => ({ source: feed.name, key, value }))
      feed.moved.clear()
      if (feed.caughtUp === 'read') feed.caughtUp = 'told'
      if (!feed.durable) continue
      cursors.push(moved)
      const past = this.#histories.changes(feed.name)
      cursors.push(past.cursors)
      documents.push(pairs.documents, past.documents)
      blobs.push(pairs.blobs, backfill.blobs, past.blobs)
    }
    blobs.push(...this.#memories().map(memory => memory.snapshots()))
    return { cursors: cursors.flat(), minutes, documents: documents.flat(), blobs: blobs.flat() }
  }

  /** The state holds all changes that were asked for so far. */
  committed(): void {
    for (const feed of this.#feeds.values()) if (feed.caughtUp === 'told') feed.caughtUp = 'durable'
  }

  /** Before the first batch. The series are the store's to restore. */
  restore({ cursors, minutes, documents, blobs }: SavedState): void {
    for (const { source, key, value } of cursors) {
      if (!isOfHistory(key)) this.#feeds.get(source)?.saved.set(key, value)
    }
    for (const feed of this.#feeds.values()) {
      feed.pairing.restore({ blobs, documents })
      feed.backfill.restore({ blobs, documents })
      this.#histories.restore(feed.name, cursors, { blobs, documents })
    }
    // Before the minutes: those of a series that another source feeds too must be told together with its past.
    for (const { name, history } of this.#options.sources) if (history !== undefined) this.past(name)
    for (const part of this.#documented()) part.restore(documents)
    for (const memory of this.#memories()) memory.restore(blobs)
    this.#minutes.restore(documents, minutes, new Set(this.#feeds.keys()))
  }

  /** Where the source stood at the last commit before this start. To be asked before the first batch. */
  cursor(source: string): ReadonlyMap<string, Json> {
    return this.#feed(source).saved
  }

  /** True once the source has been at its end, and the state knows it: what comes from then on counts whatever happens. */
  isCaughtUp(source: string): boolean {
    return this.#feed(source).caughtUp === 'durable'
  }

  /** How far the source has told everything, since when, and its newest event; undefined before its first batch. */
  progress(source: string): SourceProgress {
    const { watermark, began, lastEvent } = this.#feed(source)
    return { watermark: Number.isFinite(watermark) ? watermark : undefined, began, lastEvent }
  }

  tallies(source: string): SourceTallies {
    return this.#metrics.tally(source)
  }

  /** Newest first. */
  recentEvents(): readonly SecurityEvent[] {
    return this.#recent.list()
  }

  offenders(): readonly Offender[] {
    return this.#offenders.list()
  }

  gateways(): HeardGateways {
    return this.#gateways
  }

  minutes(): KeptMinutes {
    return this.#minutes
  }

  /** Parts whose state is documents and belongs to no one source. */
  #documented() {
    return [this.#losses, this.#certificates, this.#derivation]
  }

  #memories(): readonly Memory[] {
    return [this.#consumer, ...(this.#options.memories ?? [])]
  }

  #count(source: string, event: SecurityEvent): void {
    if (event.eventTime > this.#options.clock.now() + MAX_AHEAD_MS) {
      this.#takeAhead(source, event)
      return
    }
    this.#take(source, event)
    if (!this.#derivation.observe(event)) this.#metrics.derivationLate(source, event.count)
  }

  /** @returns true where all that is complete is derived */
  #derive(limit: number): boolean {
    const { events, isDone } = this.#derivation.derive(limit, this.#minutes)
    for (const event of events) this.#take(event.record.source, event)
    return isDone
  }

  #takeAhead(source: string, event: SecurityEvent): void {
    this.#counters.count(event)
    this.#metrics.ahead(source, event.count)
    this.#show(event, 'ahead')
  }

  #take(source: string, event: SecurityEvent): void {
    this.#counters.count(event)
    const admitted = this.#minutes.admit(event)
    if (admitted !== event) this.#metrics.shared(source, event.count)
    if (!this.#minutes.add(source, admitted)) this.#metrics.late(source, event.count)
    this.#show(event, 'live', admitted)
  }

  #show(event: SecurityEvent, phase: EventPhase, admitted = event): void {
    this.#offenders.count(event)
    this.#recent.add(event)
    this.#options.listener?.(admitted, phase)
  }

  /** An event from before the installation: learnt like one of a history, and counted by name only. */
  #backfill(source: string, event: SecurityEvent): void {
    this.#metrics.backfill(source, event.count)
    const isHistoryUnderWay = this.#histories.get(source)?.isComplete === false
    const admitted = this.#minutes.admit(event)
    if (isHistoryUnderWay) this.#minutes.addPast(source, admitted, this.#liveSince(source))
    else this.#minutes.correct(admitted)
    this.#learn(event)
  }

  #learn(event: SecurityEvent): void {
    this.#derivation.learn(event)
    this.#options.listener?.(this.#minutes.admit(event), 'past')
  }

  #tally(source: string, { tally, watermark }: Batch): void {
    this.#metrics.undecoded(source, 'skipped', tally.skipped)
    for (const [reason, records] of Object.entries(tally.undecoded)) this.#metrics.undecoded(source, reason, records)
    this.#metrics.duplicates(source, tally.duplicates ?? 0)
    this.#metrics.beyondOverlap(source, tally.beyondHorizon ?? 0)
    if (tally.lostBytes > 0) this.#lose(source, 'bytes', tally.lostBytes, watermark)
  }

  #lose(source: string, unit: 'records' | 'bytes', amount: number, time: EpochMs): void {
    this.#metrics.lost(source, unit, amount)
    this.#losses.add(source, minuteOf(time))
  }

  #advance(feed: Feed, watermark: EpochMs): void {
    feed.watermark = Math.max(feed.watermark, watermark)
    feed.began ??= feed.watermark
    for (const event of feed.pairing.release(feed.watermark, RELEASED_AT_ONCE)) this.#count(feed.name, event)
    for (const event of feed.backfill.release(feed.watermark, RELEASED_AT_ONCE)) this.#backfill(feed.name, event)
    // A partner that still waits belongs to its own minute, which stays open for it.
    const complete = Math.min(feed.watermark, feed.pairing.oldestWaiting(feed.complete))
    if (complete <= feed.complete) return
    feed.complete = complete
    this.#minutes.advance(feed.name, complete)
    if (this.#derivation.isPressed) this.#derive(CLOSED_AT_ONCE)
  }

  #liveSince(source: string): EpochMs {
    const { watermark } = this.#feed(source)
    return Number.isFinite(watermark) ? watermark : this.#options.clock.now()
  }

  #feed(source: string): Feed {
    const feed = this.#feeds.get(source)
    if (feed === undefined) throw new TypeError(`the pipeline has no source named "${source}"`)
    return feed
  }
}
