import type { Client } from '@elastic/elasticsearch'
import { type Clock, DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Batch, CursorChange, SourceStart } from '../source.ts'
import { ShardGateways } from './gateways.ts'
import type { Hit } from './hit.ts'
import { Idleness } from './idleness.ts'
import { minuteCounts, newestIngestTime } from './index-times.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { type Position, positionChange, savedPosition } from './position.ts'
import type { Scope } from './query.ts'
import { Reconciler } from './reconciler.ts'
import { type Intake, recordsOf } from './records.ts'
import { SeenIds } from './seen-ids.ts'
import { Sieve } from './sieve.ts'
import { sweep } from './sweep.ts'
import { adaptWidth, nextWindow, type Window } from './window.ts'

const FIRST_WIDTH = 5 * MINUTE_MS
const LEAST_WIDTH = 10_000
/** Documents that one window should hold: what is read again when a sweep is broken off. */
const WINDOW_DOCUMENTS = 200_000
/** A window that is wider than this is worth several slices. */
const SLICE_WIDTH = MINUTE_MS
/** Ingest times further ahead than this are never read: a writer that makes them up must not fill the memory. */
const FURTHEST = 30 * DAY_MS

/** One reader's memory of an index: where it stands, what it has read, which minutes it watches. */
export class Reader {
  readonly #options: ElasticsearchSourceOptions
  readonly #clock: Clock
  readonly #signal: AbortSignal
  readonly #seen = new SeenIds()
  readonly #sieve: Sieve
  readonly #reconciler: Reconciler
  readonly #gateways: ShardGateways | undefined
  #position: Position | undefined
  #idleness: Idleness | undefined
  #width = FIRST_WIDTH
  #skew: number | undefined

  constructor(options: ElasticsearchSourceOptions, clock: Clock, { cursor, signal }: SourceStart) {
    this.#options = options
    this.#clock = clock
    this.#signal = signal
    this.#sieve = new Sieve(options.wanted)
    this.#gateways = options.shard === undefined ? undefined : new ShardGateways(options.shard)
    this.#position = savedPosition(cursor)
    this.#seen.restore(cursor)
    this.#reconciler = new Reconciler(options, this.#seen, clock, cursor)
  }

  /** Newest ingest time minus the reader's clock when it was first seen: how far the shippers' clocks are ahead. */
  get skew(): number | undefined {
    return this.#skew
  }

  get rememberedIds(): number {
    return this.#seen.size
  }

  /** Nothing up to this ingest time is counted; undefined before the first round. */
  get began(): EpochMs | undefined {
    return this.#position?.began
  }

  /** After a failure documents may have come in unseen: they are looked for before anything else. */
  interrupted(): void {
    this.#reconciler.expectDifferences()
  }

  /** One round: everything that can be read now, and, when it is due, the comparison of the horizon. */
  async *round(client: Client): AsyncGenerator<Batch> {
    const { lag, overlap, maxSkew } = this.#options
    const newest = await newestIngestTime(client, this.#scope(), this.#clock.now() + maxSkew, this.#signal)
    yield* this.#begin(newest)
    const idleness = this.#observe(newest)
    await this.#lookForGateways(client, overlap)
    const { come } = idleness
    for (;;) {
      const { swept } = this.#here
      if (this.#reconciler.isDue(swept)) yield* this.#reconcile(client)
      const window = nextWindow({ swept, come, now: this.#clock.now() }, { lag, maxSkew, width: this.#width })
      if (window === undefined) break
      yield* this.#sweepForward(client, window)
    }
    yield this.#batch({}, [], true)
  }

  get #here(): Position {
    return this.#position as Position
  }

  /** A reader that starts with nothing counts what comes from now on; in an empty index that is everything. */
  *#begin(newest: EpochMs | undefined): Generator<Batch> {
    if (this.#position !== undefined) return
    const now = this.#clock.now()
    this.#position = { began: newest ?? 0, swept: newest ?? now - this.#options.lag, at: now }
    yield this.#batch({}, [positionChange(this.#position)], false)
  }

  #observe(newest: EpochMs | undefined): Idleness {
    if (this.#idleness === undefined) {
      const { swept, at } = this.#here
      const away = Math.max(0, this.#clock.now() - at)
      const start = newest ?? swept
      this.#idleness = new Idleness(this.#clock, start, swept - start + this.#options.lag + away)
    }
    if (this.#idleness.observe(newest)) this.#skew = (newest as EpochMs) - this.#clock.now()
    return this.#idleness
  }

  async *#sweepForward(client: Client, window: Window): AsyncGenerator<Batch> {
    const before = this.#here
    const overlapped = {
      after: Math.max(before.began, window.after - this.#options.overlap),
      through: window.through,
    }
    const width = window.through - window.after
    let documents = 0
    for await (const hits of this.#hits(client, overlapped, width > SLICE_WIDTH ? this.#options.slices : 1)) {
      documents += hits.length
      yield this.#take(hits)
    }
    const widest = Math.min(HOUR_MS, this.#options.horizon / 2)
    this.#width = adaptWidth(Math.max(width, LEAST_WIDTH), documents, WINDOW_DOCUMENTS, LEAST_WIDTH, widest)
    this.#position = { ...before, swept: window.through, at: this.#clock.now() }
    yield this.#batch({}, [positionChange(this.#position), ...this.#reconciler.forget(window.through)], false)
  }

  /** Compares the index with what was read, minute by minute, and reads the minutes that differ again. */
  async *#reconcile(client: Client): AsyncGenerator<Batch> {
    await this.#lookForGateways(client, this.#options.horizon)
    const scope = this.#scope()
    const count = (window: Window) => minuteCounts(client, scope, window, this.#signal)
    const { began, swept } = this.#here
    for (const window of this.#reconciler.windows(began, swept, FURTHEST)) {
      for (const { start, documents } of this.#reconciler.differing(await count(window))) {
        const minute = {
          after: Math.max(window.after, start - 1),
          through: Math.min(window.through, start + MINUTE_MS - 1),
        }
        for await (const hits of this.#hits(client, minute, 1)) yield this.#take(hits)
        this.#reconciler.explain(start, documents)
      }
    }
    const watched = this.#reconciler.watchedWindow(began, swept)
    if (watched !== undefined) {
      const { documents, changes } = this.#reconciler.growth(await count(watched))
      yield this.#batch({ beyondHorizon: documents }, changes, false)
    }
    this.#reconciler.done(swept)
  }

  #hits(client: Client, window: Window, slices: number) {
    const { fields, pageSize } = this.#options
    return sweep(client, window, { scope: this.#scope(), fields, pageSize, slices, signal: this.#signal })
  }

  #take(hits: readonly Hit[]): Batch {
    const intaking = { seen: this.#seen, sieve: this.#sieve, gateway: this.#options.gateway }
    return this.#batch(recordsOf(hits, intaking), this.#seen.changes(), false)
  }

  async #lookForGateways(client: Client, back: number): Promise<void> {
    const { began, swept } = this.#here
    const window = { after: Math.max(began, swept - back), through: this.#clock.now() + FURTHEST }
    await this.#gateways?.look(client, this.#scope(), window, this.#signal)
  }

  #scope(): Scope {
    const { index, cursorField } = this.#options
    return { index, cursorField, ...(this.#gateways === undefined ? {} : { gateways: this.#gateways.filter }) }
  }

  #batch(intake: Partial<Intake>, cursor: readonly CursorChange[], caughtUp: boolean): Batch {
    const { records = [], skipped = 0, oversized = 0, repeats = 0, beyondHorizon = 0 } = intake
    return {
      records,
      tally: {
        skipped,
        undecoded: oversized > 0 ? { line_too_long: oversized } : {},
        lostBytes: 0,
        duplicates: repeats,
        beyondHorizon,
      },
      cursor,
      // An event takes its time from the gateway to the shipper: as much as the index is given.
      watermark: Math.min(this.#here.swept, this.#clock.now()) - this.#options.lag,
      caughtUp,
    }
  }
}
