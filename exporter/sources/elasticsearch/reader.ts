import type { Client } from '@elastic/elasticsearch'
import { type Clock, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { UndatedDocuments } from '../../../service/elasticsearch/undated.ts'
import type { Batch, CursorChange, SourceStart } from '../../contracts/source.ts'
import { RecentIds } from '../recent-ids/recent-ids.ts'
import { ShardGateways } from './gateways.ts'
import { ingestTime, intervalCounts, undatedDocuments } from './index-times.ts'
import { IngestClock } from './ingest-clock.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import {
  countsFrom,
  firstPosition,
  type Position,
  positionChange,
  savedPosition,
  savedSince,
  sinceChange,
} from './position.ts'
import { Prefilter } from './prefilter.ts'
import type { Scope } from './query.ts'
import { Reconciler } from './reconciler.ts'
import { type Intake, recordsOf } from './records.ts'
import { slicesFor, sweep } from './sweep.ts'
import { MAX_CLOCK_LEAD, partToCome, type Window } from './window.ts'
import { type CountedWindow, WindowPlan, windowDocuments } from './window-plan.ts'

/** An index that took longer to answer the first look was seen late: documents may have come in meanwhile. */
const FIRST_LOOK_MS = 1_000

/** One reader's memory of an index: its position, what it has read, which minutes it watches. */
export class Reader {
  readonly #options: ElasticsearchSourceOptions
  readonly #clock: Clock
  readonly #start: SourceStart
  readonly #recentIds = new RecentIds()
  readonly #prefilter: Prefilter
  readonly #reconciler: Reconciler
  readonly #gateways: ShardGateways | undefined
  readonly #plan: WindowPlan
  /** The reader's clock at the very first start. */
  readonly #since: EpochMs
  /** By the monotonic clock; undefined where an earlier process has started first. */
  readonly #startedAt: number | undefined
  #isSinceSaved: boolean
  #position: Position | undefined
  /** The position is that of a first start, which the state may not hold yet. */
  #isUnsaved = false
  #ingestClock: IngestClock | undefined
  #skew: number | undefined
  #undated: UndatedDocuments | undefined

  constructor(options: ElasticsearchSourceOptions, clock: Clock, start: SourceStart) {
    const { cursor } = start
    this.#options = options
    this.#clock = clock
    this.#start = start
    this.#prefilter = new Prefilter(options.wanted, options.documentMarks)
    this.#gateways = options.shard === undefined ? undefined : new ShardGateways(options.shard)
    const widest = Math.min(HOUR_MS, options.horizon / 2)
    this.#plan = new WindowPlan({ most: windowDocuments(options.pageSize), widest })
    const since = savedSince(cursor)
    this.#since = since ?? clock.now()
    this.#startedAt = since === undefined ? clock.monotonic() : undefined
    this.#isSinceSaved = since !== undefined
    this.#position = savedPosition(cursor)
    this.#recentIds.restore(cursor)
    this.#reconciler = new Reconciler(options, this.#recentIds, clock, cursor)
  }

  /** Newest ingest time minus the reader's clock when it was first seen: how far the shippers' clocks are ahead. */
  get skew(): number | undefined {
    return this.#skew
  }

  /** As of the last comparison; undefined before the first. */
  get undated(): UndatedDocuments | undefined {
    return this.#undated
  }

  get rememberedIds(): number {
    return this.#recentIds.size
  }

  /** Nothing up to this ingest time is counted; undefined before the index was seen. */
  get began(): EpochMs | undefined {
    return this.#position?.began
  }

  /**
   * A round ended with a failure. Documents may have come in unseen: they are looked for before anything else. At the
   * very first start its time is to be saved.
   *
   * @param isThereNoIndex the failure is the answer that there is no index
   */
  *interrupted(isThereNoIndex: boolean): Generator<Batch> {
    this.#reconciler.expectDifferences()
    if (this.#position !== undefined) return
    if (isThereNoIndex) yield* this.#begin(undefined)
    else if (!this.#isSinceSaved) {
      this.#isSinceSaved = true
      yield this.#batch({}, [sinceChange(this.#since)], false)
    }
  }

  /** One round: everything that can be read now, and, when it is due, the comparison of the horizon. */
  async *round(client: Client): AsyncGenerator<Batch> {
    const { lag, overlap, maxSkew } = this.#options
    const now = this.#clock.now()
    const newest = await this.#time('newest', client, { after: 0, through: now + maxSkew })
    if (this.#position === undefined) {
      const ahead = { after: now + maxSkew, through: now + MAX_CLOCK_LEAD }
      yield* this.#begin(newest ?? (await this.#time('newest', client, ahead)))
    }
    // What is read from here on counts; a process that starts again after it must know since when.
    if (this.#isUnsaved) await this.#start.committed?.()
    this.#isUnsaved = false
    await this.#findDocuments(client, newest)
    const { come } = this.#observe(newest)
    await this.#findGateways(client, overlap)
    const count = (window: Window, step: number) => intervalCounts(client, this.#scope(), window, step, this.#signal)
    for (;;) {
      const { swept, isEmpty } = this.#here
      if (this.#reconciler.isDue(swept)) yield* this.#reconcile(client)
      const part = isEmpty === true ? undefined : partToCome({ swept, come, now: this.#clock.now() }, { lag, maxSkew })
      if (part === undefined) break
      yield* this.#sweepForward(client, part, await this.#plan.next(part, count))
    }
    yield this.#batch({}, [], true)
  }

  get #here(): Position {
    return this.#position as Position
  }

  get #signal(): AbortSignal {
    return this.#start.signal
  }

  *#begin(newest: EpochMs | undefined): Generator<Batch> {
    const inTime = this.#startedAt !== undefined && this.#clock.monotonic() - this.#startedAt <= FIRST_LOOK_MS
    const look = { since: this.#since, now: this.#clock.now(), inTime, newest }
    this.#position = firstPosition(look, this.#options.maxSkew)
    this.#isUnsaved = true
    yield this.#batch({}, [positionChange(this.#position)], false)
  }

  /** Ends the wait for a first document. */
  async #findDocuments(client: Client, newest: EpochMs | undefined): Promise<void> {
    const { isEmpty, ...here } = this.#here
    if (isEmpty !== true) return
    const now = this.#clock.now()
    // A clock that stamps documents may lag by a day.
    const swept = Math.max(here.swept, now - DAY_MS)
    this.#position = { ...here, swept, at: now, isEmpty }
    if (newest === undefined || newest <= here.began) return
    const window = { after: here.began, through: now + this.#options.maxSkew }
    const oldest = (await this.#time('oldest', client, window)) ?? newest
    this.#position = { ...here, swept: oldest - 1, at: now }
  }

  #observe(newest: EpochMs | undefined): IngestClock {
    const { swept, at, isEmpty } = this.#here
    let ingestClock = this.#ingestClock
    if (ingestClock === undefined) {
      const away = Math.max(0, this.#clock.now() - at)
      const start = newest ?? swept
      ingestClock = new IngestClock(this.#clock, start, swept - start + this.#options.lag + away)
      if (isEmpty !== true) this.#ingestClock = ingestClock
    }
    if (ingestClock.observe(newest)) this.#skew = (newest as EpochMs) - this.#clock.now()
    return ingestClock
  }

  /** @param part what can be read now; `window` is its beginning, or all of it */
  async *#sweepForward(client: Client, part: Window, window: Window & Partial<CountedWindow>): AsyncGenerator<Batch> {
    const before = this.#here
    // Windows of a backlog adjoin. Only recent documents may still become visible in an earlier window.
    const isFrontier = window.through === part.through
    const back = isFrontier ? this.#options.overlap : 0
    const overlapped = { ...window, after: Math.max(before.began, window.after - back) }
    yield* this.#take(client, overlapped)
    this.#position = { ...before, swept: window.through, at: this.#clock.now() }
    yield this.#batch({}, [positionChange(this.#position), ...this.#reconciler.forget(window.through)], false)
  }

  /** Compares the index with what was read, minute by minute, and reads the minutes that differ again. */
  async *#reconcile(client: Client): AsyncGenerator<Batch> {
    await this.#findGateways(client, this.#options.horizon)
    const scope = this.#scope()
    const count = (window: Window) => intervalCounts(client, scope, window, MINUTE_MS, this.#signal)
    const { began, swept } = this.#here
    for (const window of this.#reconciler.windows(began, swept)) {
      const { differing, changes } = this.#reconciler.compare(window, await count(window))
      if (changes.length > 0) yield this.#batch({}, changes, false)
      for (const minute of differing) {
        const documents = yield* this.#take(client, minute)
        yield this.#batch({}, this.#reconciler.settle(minute, documents), false)
      }
    }
    const watched = this.#reconciler.watchedWindow(began, swept)
    if (watched !== undefined) {
      const { documents, changes } = this.#reconciler.growth(await count(watched))
      yield this.#batch({ beyondHorizon: documents }, changes, false)
    }
    this.#undated = await undatedDocuments(client, scope, this.#signal)
    this.#reconciler.done(swept)
  }

  /** Takes in all documents of a window; returns how many it holds. */
  async *#take(client: Client, window: Window & Partial<CountedWindow>): AsyncGenerator<Batch, number> {
    const { fields, pageSize, gateway, open, slices, maxSkew } = this.#options
    const options = { fields, pageSize, scope: this.#scope(), slices: slicesFor(window, slices), signal: this.#signal }
    const here = this.#here
    const intake = {
      recentIds: this.#recentIds,
      prefilter: this.#prefilter,
      gateway,
      open,
      countsFrom: (time: EpochMs) => countsFrom(here, time, maxSkew),
    }
    let documents = 0
    for await (const hits of sweep(client, window, options)) {
      documents += hits.length
      yield this.#batch(recordsOf(hits, window, intake), this.#recentIds.changes(), false)
    }
    return documents
  }

  async #findGateways(client: Client, back: number): Promise<void> {
    const { began, swept } = this.#here
    const window = { after: Math.max(began, swept - back), through: this.#clock.now() + MAX_CLOCK_LEAD }
    await this.#gateways?.look(client, this.#scope(), window, this.#signal)
  }

  #time(which: 'newest' | 'oldest', client: Client, window: Window): Promise<EpochMs | undefined> {
    return ingestTime(which, client, this.#scope(), window, this.#signal)
  }

  #scope(): Scope {
    const { index, cursorField } = this.#options
    return { index, cursorField, ...(this.#gateways === undefined ? {} : { gateways: this.#gateways.filter }) }
  }

  #batch(intake: Partial<Intake>, cursor: readonly CursorChange[], caughtUp: boolean): Batch {
    const { records = [], skipped = 0, oversized = 0, repeats = 0, beyondHorizon = 0, recognised = [] } = intake
    return {
      records,
      recognised,
      tally: {
        skipped,
        undecoded: oversized > 0 ? { line_too_long: oversized } : {},
        lostBytes: 0,
        duplicates: repeats,
        beyondHorizon,
      },
      cursor,
      watermark: this.#deliveredThrough - this.#options.lag,
      caughtUp,
    }
  }

  /** An event takes its time from the gateway to the shipper: as much as the index is given. */
  get #deliveredThrough(): EpochMs {
    const now = this.#clock.now()
    if (this.#position === undefined) return Math.min(now, this.#since - this.#options.maxSkew)
    return this.#position.isEmpty === true ? now : Math.min(this.#position.swept, now)
  }
}
