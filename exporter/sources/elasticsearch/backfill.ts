import type { Client } from '@elastic/elasticsearch'
import { type Clock, DAY_MS, type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Json } from '../../../service/state/state.ts'
import type { Batch, CursorChange, SourceStart } from '../../contracts/source.ts'
import { RecentIds } from '../recent-ids/recent-ids.ts'
import { ShardGateways } from './gateways.ts'
import { intervalCounts } from './index-times.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import { Prefilter } from './prefilter.ts'
import type { Scope } from './query.ts'
import { type Intake, recordsOf } from './records.ts'
import { slicesFor, sweep } from './sweep.ts'
import type { Window } from './window.ts'
import { type CountedWindow, WindowPlan, windowDocuments } from './window-plan.ts'

const WIDEST = 7 * DAY_MS
/** The same document written twice lies this close together. */
const ID_RETENTION_MS = 3 * MINUTE_MS
const KEY = 'position'

/** How far the backfill has been read. */
interface Position {
  /** Nothing with an ingest time up to this one is read. */
  readonly first: EpochMs
  /** Everything up to this ingest time has been read. */
  readonly read: EpochMs
  /** The reader's clock when counting began, at the latest: what was stored by then is found `lag` after it. */
  readonly since: EpochMs
}

interface BackfillDependencies {
  readonly clock: Pick<Clock, 'now'>
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/**
 * What an index holds from before counting began, oldest first, window by window. A window that was broken off is read
 * again from its start, without what it had already delivered: the ids go with the batches into the state.
 */
export class Backfill {
  readonly #options: ElasticsearchSourceOptions
  readonly #dependencies: BackfillDependencies
  readonly #signal: AbortSignal
  readonly #recentIds = new RecentIds()
  readonly #prefilter: Prefilter
  readonly #gateways: ShardGateways | undefined
  readonly #end: EpochMs
  readonly #plan: WindowPlan
  #position: Position
  /** Ingest time that is about reached within the window that is being read. */
  #reached = 0

  /** @param end the ingest time after which counting begins */
  constructor(
    options: ElasticsearchSourceOptions,
    end: EpochMs,
    { cursor, signal }: SourceStart,
    dependencies: BackfillDependencies,
  ) {
    this.#options = options
    this.#dependencies = dependencies
    this.#signal = signal
    this.#prefilter = new Prefilter(options.wanted, options.documentMarks)
    this.#plan = new WindowPlan({ most: windowDocuments(options.pageSize), widest: WIDEST })
    this.#gateways = options.shard === undefined ? undefined : new ShardGateways(options.shard)
    const first = Math.max(0, end - options.history)
    this.#end = end
    this.#position = { first, read: first, since: dependencies.clock.now(), ...savedPosition(cursor) }
    this.#recentIds.restore(cursor)
  }

  /** 0 to 1. */
  get progress(): number {
    const { first, read } = this.#position
    return this.#end <= first ? 1 : (Math.max(read, this.#reached) - first) / (this.#end - first)
  }

  async *rest(client: Client): AsyncGenerator<Batch> {
    const { index, cursorField } = this.#options
    const count = (window: Window, step: number) =>
      intervalCounts(client, { index, cursorField }, window, step, this.#signal)
    while (this.#position.read < this.#end && !this.#signal.aborted) {
      const { read } = this.#position
      // What need not be waited for is read first.
      const safe = this.#end - this.#options.lag
      const window = await this.#plan.next({ after: read, through: read < safe ? safe : this.#end }, count)
      await this.#untilFound(window.through)
      if (!this.#signal.aborted) yield* this.#window(client, window)
    }
  }

  /**
   * Counting began after the newest document that could be found. Others with ingest times up to that one may lie in
   * shards that were not refreshed yet: they are not counted, so the backfill must include them.
   */
  async #untilFound(through: EpochMs): Promise<void> {
    const { lag } = this.#options
    if (through <= this.#end - lag) return
    const { clock, sleep } = this.#dependencies
    // A clock that was set back since must not make this a long wait.
    const rest = Math.min(lag, this.#position.since + lag - clock.now())
    if (rest > 0) await sleep(rest, this.#signal)
  }

  async *#window(client: Client, window: Window & Partial<CountedWindow>): AsyncGenerator<Batch> {
    const { index, cursorField, fields, pageSize, gateway, open } = this.#options
    const slices = slicesFor(window, this.#options.slices)
    let scope: Scope = { index, cursorField }
    if (this.#gateways !== undefined) {
      await this.#gateways.look(client, scope, window, this.#signal)
      scope = { ...scope, gateways: this.#gateways.filter }
    }
    const intake = { recentIds: this.#recentIds, prefilter: this.#prefilter, gateway, open }
    let documents = 0
    for await (const hits of sweep(client, window, { scope, fields, pageSize, slices, signal: this.#signal })) {
      documents += hits.length
      const share = documents / Math.max(documents, window.documents ?? 0)
      this.#reached = window.after + share * (window.through - window.after)
      const { records = [], skipped = 0, recognised = [] } = recordsOf(hits, window, intake)
      yield batchOf({ records, skipped, recognised }, window.after, this.#recentIds.changes())
    }
    const passed = this.#recentIds.minutesBefore(window.through - ID_RETENTION_MS)
    this.#position = { ...this.#position, read: window.through }
    const moved = { key: KEY, value: { ...this.#position } }
    yield batchOf({ records: [], skipped: 0, recognised: [] }, window.through, [
      moved,
      ...passed.flatMap(start => this.#recentIds.forget(start)),
    ])
  }
}

function batchOf(
  { records, skipped, recognised }: Pick<Intake, 'records' | 'skipped' | 'recognised'>,
  watermark: EpochMs,
  cursor: readonly CursorChange[],
): Batch {
  return { records, recognised, tally: { skipped, undecoded: {}, lostBytes: 0 }, cursor, watermark, caughtUp: false }
}

function savedPosition(cursor: ReadonlyMap<string, Json>): Partial<Position> {
  const { first, read, since } = (cursor.get(KEY) ?? {}) as Partial<Position>
  return first === undefined || read === undefined ? {} : { first, read, ...(since === undefined ? {} : { since }) }
}
