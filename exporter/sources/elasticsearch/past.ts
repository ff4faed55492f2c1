import type { Client } from '@elastic/elasticsearch'
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Batch } from '../source.ts'
import { ShardGateways } from './gateways.ts'
import type { ElasticsearchSourceOptions } from './options.ts'
import type { Scope } from './query.ts'
import { recordsOf } from './records.ts'
import { SeenIds } from './seen-ids.ts'
import { sweep } from './sweep.ts'
import { adaptWidth, type Window } from './window.ts'

const WINDOW_DOCUMENTS = 200_000
const LEAST_WIDTH = MINUTE_MS
const WIDEST = 24 * HOUR_MS
/** The same document written twice lies this close together. */
const REMEMBERED = 3 * MINUTE_MS

/**
 * What an index holds from before counting began, oldest first, window by window. A window that was broken off is read
 * again from its start, without what it had already told.
 */
export class Past {
  readonly #options: ElasticsearchSourceOptions
  readonly #signal: AbortSignal
  readonly #seen = new SeenIds()
  readonly #gateways: ShardGateways | undefined
  readonly #first: EpochMs
  readonly #end: EpochMs
  #read: EpochMs
  #width = HOUR_MS

  /** @param end the ingest time after which counting begins */
  constructor(options: ElasticsearchSourceOptions, end: EpochMs, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
    this.#gateways = options.shard === undefined ? undefined : new ShardGateways(options.shard)
    this.#first = Math.max(0, end - options.history)
    this.#end = end
    this.#read = this.#first
  }

  /** 0 to 1. */
  get progress(): number {
    const whole = this.#end - this.#first
    return whole === 0 ? 1 : (this.#read - this.#first) / whole
  }

  async *rest(client: Client): AsyncGenerator<Batch> {
    while (this.#read < this.#end && !this.#signal.aborted) {
      const window = { after: this.#read, through: Math.min(this.#end, this.#read + this.#width) }
      yield* this.#window(client, window)
    }
  }

  async *#window(client: Client, window: Window): AsyncGenerator<Batch> {
    const { index, cursorField, fields, pageSize, slices, gateway } = this.#options
    let scope: Scope = { index, cursorField }
    if (this.#gateways !== undefined) {
      await this.#gateways.look(client, scope, window, this.#signal)
      scope = { ...scope, gateways: this.#gateways.filter }
    }
    let documents = 0
    for await (const hits of sweep(client, window, { scope, fields, pageSize, slices, signal: this.#signal })) {
      documents += hits.length
      const { records = [] } = recordsOf(hits, this.#seen, gateway)
      yield batchOf(records, window.after)
    }
    this.#seen.changes()
    for (const start of this.#seen.minutesBefore(window.through - REMEMBERED)) this.#seen.forget(start)
    this.#width = adaptWidth(window.through - window.after, documents, WINDOW_DOCUMENTS, LEAST_WIDTH, WIDEST)
    this.#read = window.through
    yield batchOf([], window.through)
  }
}

function batchOf(records: Batch['records'], watermark: EpochMs): Batch {
  return { records, tally: { skipped: 0, undecoded: {}, lostBytes: 0 }, cursor: [], watermark, caughtUp: false }
}
