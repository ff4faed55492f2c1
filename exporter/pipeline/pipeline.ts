import type { EpochMs } from '../../core/clock.ts'
import type { SecurityEvent } from '../../core/event.ts'
import type { CursorValue, Json, SavedState } from '../../service/state/state.ts'
import type { Persistent } from '../contracts/persistent.ts'
import type { Batch, SourceRecord } from '../contracts/source.ts'
import { AddressTrust } from './address.ts'
import { exposeAuthority } from './authority.ts'
import { type BackfillSession, Backfills, isOfBackfill } from './backfill.ts'
import { BatchClock } from './batch-clock.ts'
import { EventCounting } from './event-counting.ts'
import { type BoundedTable, Evictions } from './evictions.ts'
import { Gateways } from './gateways.ts'
import { Guards } from './guards.ts'
import { decodedOf, type InterpretContext, interpret } from './interpret.ts'
import { LastEvents } from './last-events.ts'
import { Losses } from './losses.ts'
import { minuteOf } from './minute-series.ts'
import { Minutes } from './minutes.ts'
import type { PipelineChanges, PipelineOptions } from './options.ts'
import { type PairException, RELEASED_AT_ONCE } from './pairing.ts'
import { PostureIntake, type PostureReport } from './posture/intake.ts'
import type { Posture } from './posture/posture.ts'
import { SavedParts } from './saved-parts.ts'
import { countSeries } from './series-table.ts'
import { SourceMetrics } from './source-metrics.ts'
import { isBeforeInstallation, SourceState } from './source-state.ts'
import { minuteCounter, Subscribers } from './subscribers.ts'
import { Transport } from './transport.ts'
import { Versions } from './versions.ts'
import type { PipelineView } from './view.ts'

const CLOSED_AT_ONCE = 150 // minutes that are closed, or derived, in one turn: about 10 ms of work

export const createPipeline = (options: PipelineOptions): Pipeline => new Pipeline(options)

/**
 * From raw records to counters, minutes and offenders, in memory. `changes` then gives all of it that must become
 * durable, with cursors that cover exactly what was ingested. Nothing here waits or does I/O.
 */
export class Pipeline {
  /** What the page reads. */
  readonly view: PipelineView
  /** What is saved, in the order in which it is restored. */
  readonly persistents: readonly Persistent[]
  readonly subscribers: Subscribers
  readonly #options: PipelineOptions
  readonly #clock: BatchClock
  readonly #context: InterpretContext
  readonly #counting: EventCounting
  readonly #metrics: SourceMetrics
  readonly #losses = new Losses()
  readonly #minutes: Minutes
  readonly #posture: PostureIntake
  readonly #transport: Transport
  readonly #lastEvents = new LastEvents()
  readonly #gateways = new Gateways()
  readonly #guards: Guards
  readonly #versions: Versions
  readonly #sources: ReadonlyMap<string, SourceState>
  readonly #backfills: Backfills
  readonly #saved: SavedParts
  /** Parts of sources that begin again at each start. */
  readonly #unsaved: SavedParts

  constructor(options: PipelineOptions) {
    const { store, dispatcher, zones, authority, trustedProxies, sources } = options
    const clock = BatchClock.over(options.clock)
    this.#options = options
    this.#clock = clock
    const addresses = new AddressTrust(trustedProxies, options.nat64Prefixes)
    this.#context = { clock, dispatcher, zones, authority, addresses, withEnds: options.withEnds ?? true }
    this.#metrics = new SourceMetrics(store, clock)
    const evictions = new Evictions(store)
    const onEvicted = (memory: BoundedTable, entries: number) => evictions.count(memory, entries)
    this.#posture = new PostureIntake({ clock, store, onEvicted, ...options.posture })
    const { identities } = this.#posture
    this.subscribers = new Subscribers([minuteCounter(store), identities, ...(options.subscribers ?? [])])
    this.#minutes = new Minutes({
      subscribers: this.subscribers,
      losses: this.#losses,
      // Derived events may be of a source that is gone from the configuration.
      readTo: source => this.#sources.get(source)?.watermark ?? 0,
      isDurable: source => this.#sources.get(source)?.durable ?? true,
      ...(options.minuteSeries !== undefined && { seriesLimit: options.minuteSeries }),
      seriesCount: countSeries(store),
    })
    const { subscribers } = this
    const [metrics, minutes] = [this.#metrics, this.#minutes]
    this.#counting = new EventCounting({ store, clock, minutes, metrics, evictions, subscribers }, options)
    this.#transport = new Transport(store)
    this.#sources = new Map(
      sources.map(source => {
        const onPairException = (exception: PairException) => this.#metrics.pairException(source.name, exception)
        return [source.name, new SourceState(source, { ...options, clock, onPairException })]
      }),
    )
    this.#backfills = new Backfills({
      context: this.#context,
      gateways: this.#gateways,
      minutes: this.#minutes,
      onEvent: event => this.#counting.learn(event),
      liveSince: source => this.#liveSince(source),
      onAllComplete: () => this.#counting.derivation.concludeBackfill(),
    })
    this.#guards = new Guards({
      store,
      clock,
      zones,
      configured: options.guards ?? [],
      readTo: source => this.#sources.get(source)?.watermark,
      allReadTo: () => Math.min(...[...this.#sources.values()].map(({ watermark }) => watermark)),
      onEvicted: () => onEvicted('guards', 1),
    })
    this.#versions = new Versions({ store, clock, onEvicted: () => onEvicted('product_versions', 1) })
    const ofSources = (durable: boolean) =>
      [...this.#sources.values()].flatMap(source => (source.durable === durable ? source.persistents : []))
    this.persistents = [
      ...ofSources(true),
      this.#losses,
      ...this.#transport.persistents,
      this.#guards,
      this.#versions,
      ...this.#posture.persistents,
      this.#counting.approvals,
      this.#lastEvents,
      ...this.#counting.derivation.persistents,
      ...(options.persistents ?? []),
      ...this.#minutes.persistents,
    ]
    this.#saved = new SavedParts(this.persistents)
    this.#unsaved = new SavedParts(ofSources(false))
    this.view = {
      progress: source => this.#source(source).progress,
      lastEvents: source => this.#lastEvents.of(source),
      tallies: source => this.#metrics.tally(source),
      recentEvents: () => this.#counting.recent.list(),
      offenders: () => this.#counting.offenders.list(),
      gateways: this.#gateways,
      minutes: this.#minutes,
      posture: this.#posture.posture,
      versions: this.#versions,
    }
    for (const source of sources) this.#metrics.begin(source)
    exposeAuthority(store, authority)
  }

  /** What operators decide about findings. */
  get posture(): Posture {
    return this.#posture.posture
  }

  /** Takes a batch in whole: records, tally, cursor and watermark. */
  ingest(name: string, batch: Batch): void {
    this.#clock.during(() => this.#ingest(name, batch))
  }

  #ingest(name: string, batch: Batch): void {
    const source = this.#source(name)
    // Minutes that close from here on belong to what the backfill emits.
    if (source.hasBackfill && source.began === undefined) this.#backfills.open(source)
    source.beginBatch(batch.watermark)
    for (const record of batch.records) {
      const decoded = decodedOf(record, this.#context)
      this.#versions.observe(record, decoded)
      const interpreted = interpret(name, record, this.#context, decoded)
      source.recognition.record(record, interpreted)
      this.#guards.observe(name, record, interpreted)
      const own = interpreted.selfApproval
      if (own !== undefined && source.admitsSelfApproval(record, own))
        this.#counting.approvals.countSelf(own.event, 'device')
      if (interpreted.kind === 'undecoded') {
        this.#metrics.undecoded(name, interpreted.reason)
        continue
      }
      this.#metrics.understood(name, interpreted.decoder, interpreted.kind === 'event' ? interpreted.events : [])
      if (interpreted.kind === 'event') {
        const { claim, events } = interpreted
        const [event, ...further] = events
        source.observe(event.eventTime)
        this.#gateways.observe(event.gateway, name, claim)
        if (source.durable) this.#lastEvents.observe(name, interpreted.decoder, events, this.#clock)
        const isEarlier = isBeforeInstallation(record, event.eventTime)
        const pairing = isEarlier ? source.earlierPairing : source.pairing
        if (interpreted.device !== undefined) this.#takePosture(source, record, interpreted.device)
        const admitted = pairing.admit(claim, event, source.watermark)
        if (admitted === undefined) continue
        for (const each of [admitted, ...further])
          isEarlier ? this.#takeEarlier(source, each) : this.#counting.count(name, each)
      } else if (interpreted.kind === 'certificate' || interpreted.kind === 'tunnel') {
        source.observe(this.#transport.see(interpreted))
      } else if ('subject' in interpreted) {
        source.observe(interpreted.time)
        this.#takePosture(source, record, interpreted)
      } else {
        source.observe(interpreted.time)
        if (interpreted.kind === 'telemetry_lost' && !isBeforeInstallation(record, interpreted.time)) {
          this.#lose(name, 'records', interpreted.records, interpreted.time)
        }
      }
    }
    source.recognition.skipped(batch)
    this.#tally(name, batch)
    source.endBatch(batch.cursor, batch.watermark, batch.caughtUp)
    this.#advance(source)
  }

  /** The backfill of a source; undefined where that is done, or an earlier start began without. */
  backfill(source: string): BackfillSession | undefined {
    return this.#backfills.open(this.#source(source))
  }

  /** Closes at most about `limit` minutes that are due; true where more are. A bounded piece of work. */
  closeMinutes(limit = CLOSED_AT_ONCE): boolean {
    for (const source of this.#sources.values()) {
      const { pairing, earlierPairing, watermark } = source
      if (!pairing.isDue(watermark) && !earlierPairing.isDue(watermark)) continue
      this.#advance(source)
      return true
    }
    this.#counting.approvals.settle(this.#minutes)
    // Before any minute closes: what is derived from it belongs to it.
    const isDerived = !this.#minutes.isDue || this.#counting.derive(limit)
    return !isDerived || this.#minutes.close(limit)
  }

  /** Moves what is too much for the memory to the disk. @throws what the overflow of the keys throws */
  bound(): void {
    for (const { pairing } of this.#sources.values()) pairing.bound()
  }

  /** Moves the gauges that follow the clock. About once a second. */
  observe(): void {
    this.#counting.offenders.expose()
    const now = this.#clock.now()
    this.#transport.clockReached(now)
    this.#guards.expose(now)
    this.#versions.expose(now)
    this.#posture.clockReached(now)
    this.#gateways.clockReached(now)
    for (const source of this.#options.sources) {
      this.#source(source.name).clockReached(now)
      const { progress } = this.#source(source.name)
      const shown = source.isIntermittent === true ? { ...progress, lastEvent: undefined } : progress
      this.#metrics.observe(source.name, source.health(), shown)
    }
  }

  /** Everything that has changed since the last call, as absolute values. */
  changes(): PipelineChanges {
    const cursors: CursorValue[] = []
    for (const source of this.#sources.values()) {
      const moved = [...source.cursorChanges(), ...this.#backfills.cursorChanges(source)]
      if (source.durable) for (const cursor of moved) cursors.push(cursor)
    }
    // It is not saved, and must not accumulate.
    this.#unsaved.changes()
    return { cursors, minutes: this.#minutes.changes(), ...this.#saved.changes() }
  }

  /** The state holds all changes that were given so far. */
  committed(): void {
    for (const source of this.#sources.values()) source.committed()
  }

  /** Before the first batch. The series are restored by the store. */
  restore({ cursors, minutes, documents, blobs }: SavedState): void {
    this.#saved.restore({ documents, blobs })
    for (const { source, key, value } of cursors) {
      if (!isOfBackfill(key)) this.#sources.get(source)?.restoreCursor(key, value)
    }
    // Before the minutes: those of a series that another source contributes to are emitted together with the backfill.
    for (const source of this.#sources.values()) {
      this.#backfills.restore(source, cursors)
      if (source.hasBackfill) this.#backfills.open(source)
    }
    this.#minutes.restore(minutes, new Set(this.#sources.keys()))
  }

  /** Where the source stood at the last commit before this start. @throws TypeError after its first batch */
  cursor(source: string): ReadonlyMap<string, Json> {
    return this.#source(source).cursor
  }

  /**
   * True once the source has been at its end and the state holds it: what comes from then on counts, whatever happens.
   */
  isCaughtUp(source: string): boolean {
    return this.#source(source).isCaughtUp
  }

  #takePosture(source: SourceState, record: SourceRecord, report: PostureReport): void {
    for (const event of this.#posture.take(source, record, report)) {
      if (isBeforeInstallation(record, event.eventTime)) this.#takeEarlier(source, event)
      else this.#counting.count(source.name, event)
    }
  }

  /** An event from before the installation, by live reading: taken as by the backfill, counted by name only. */
  #takeEarlier(source: SourceState, event: SecurityEvent): void {
    this.#metrics.backfill(source.name, event.count)
    const admitted = this.#minutes.admit(event)
    if (this.#backfills.isUnderWay(source)) this.#backfills.count(source, admitted)
    else this.#minutes.correct(admitted)
    this.#counting.learn(event)
  }

  #tally(source: string, { tally, watermark }: Batch): void {
    this.#metrics.undecoded(source, 'skipped', tally.skipped)
    for (const [reason, records] of Object.entries(tally.undecoded)) this.#metrics.undecoded(source, reason, records)
    this.#metrics.duplicates(source, tally.duplicates ?? 0)
    this.#metrics.beyondOverlap(source, tally.beyondHorizon ?? 0)
    this.#metrics.reread(source, tally.rereadBytes ?? 0)
    if (tally.lostBytes > 0) this.#lose(source, 'bytes', tally.lostBytes, watermark)
  }

  #lose(source: string, unit: 'records' | 'bytes', amount: number, time: EpochMs): void {
    this.#metrics.lost(source, unit, amount)
    this.#losses.add(source, minuteOf(time))
  }

  /** Counts lone partners that have waited long enough, and lets minutes close up to the watermark. */
  #advance(source: SourceState): void {
    const { name, watermark, pairing, earlierPairing } = source
    for (const event of pairing.release(watermark, RELEASED_AT_ONCE)) this.#counting.count(name, event)
    for (const event of earlierPairing.release(watermark, RELEASED_AT_ONCE)) this.#takeEarlier(source, event)
    // A partner that still waits belongs to its own minute, which stays open for it.
    // Where the clock was set back, minutes that are not closed yet close when it has passed them.
    if (watermark < source.complete) {
      source.complete = watermark
      this.#minutes.setBack(name, watermark)
      return
    }
    const complete = Math.min(watermark, pairing.oldestWaiting(source.complete))
    if (complete <= source.complete) return
    source.complete = complete
    this.#minutes.advance(name, complete)
    if (this.#counting.derivation.isPressed) this.#counting.derive(CLOSED_AT_ONCE)
  }

  #liveSince({ watermark }: SourceState): EpochMs {
    return Number.isFinite(watermark) ? watermark : this.#clock.now()
  }

  #source(name: string): SourceState {
    const source = this.#sources.get(name)
    if (source === undefined) throw new TypeError(`the pipeline has no source named "${name}"`)
    return source
  }
}
