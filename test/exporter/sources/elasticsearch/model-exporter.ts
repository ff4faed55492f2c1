import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { Batch } from '../../../../exporter/contracts/source.ts'
import type { ElasticsearchSourceOptions } from '../../../../exporter/sources/elasticsearch/options.ts'
import { Reader } from '../../../../exporter/sources/elasticsearch/reader.ts'
import type { UndatedDocuments } from '../../../../service/elasticsearch/undated.ts'
import type { Json } from '../../../../service/state/state.ts'
import type { ModelIndex } from './model-index.ts'

export const NOON = Date.parse('2026-11-24T12:00:00Z')

export const options = {
  name: 'logs',
  index: ['logs-*'],
  cursorField: 'event.ingested',
  fields: ['message'],
  wanted: [] as string[],
  documentMarks: [],
  pageSize: 100,
  slices: 2,
  interval: 5_000,
  lag: 10_000,
  overlap: 10_000,
  horizon: HOUR_MS,
  reconcileInterval: MINUTE_MS,
  maxSkew: 5 * MINUTE_MS,
  history: 6 * HOUR_MS,
} satisfies ElasticsearchSourceOptions

/** What an index throws that cannot be asked. */
export const SERVER_AWAY = 'the server is away'

/** A reader with a state of its own, which can end at any moment and begin again with what was saved. */
export class ModelExporter {
  readonly #index: ModelIndex
  readonly #clock: { now: number; passed: number }
  readonly #options: ElasticsearchSourceOptions
  readonly #state = new Map<string, Json>()
  readonly #saved: Batch[] = []
  #unsaved: Batch[] = []
  #reader: Reader

  /** @param clock `now` may jump, `passed` is monotonic */
  constructor(index: ModelIndex, clock: { now: number; passed: number }, changed: ElasticsearchSourceOptions) {
    this.#index = index
    this.#clock = clock
    this.#options = changed
    this.#reader = this.#begin()
  }

  /** Ids of the documents that were handed on. */
  get counted(): ReadonlySet<string> {
    return new Set(this.#ids)
  }

  get countedTwice(): readonly string[] {
    const recentIds = new Set<string>()
    return this.#ids.filter(id => recentIds.size === recentIds.add(id).size)
  }

  get repeats(): number {
    return this.#batches.reduce((sum, { tally }) => sum + (tally.duplicates ?? 0), 0)
  }

  get beyondHorizon(): number {
    return this.#batches.reduce((sum, { tally }) => sum + (tally.beyondHorizon ?? 0), 0)
  }

  get undated(): UndatedDocuments | undefined {
    return this.#reader.undated
  }

  /** Lets time pass by both clocks. */
  pass(ms: number): void {
    this.#clock.now += ms
    this.#clock.passed += ms
  }

  /** One round; a failure ends it, as a source has it. */
  async round(): Promise<void> {
    try {
      for await (const batch of this.#reader.round(this.#index.client)) this.#unsaved.push(batch)
    } catch (failure) {
      if ((failure as Error).message !== SERVER_AWAY) throw failure
      this.#unsaved.push(...this.#reader.interrupted(false))
    }
  }

  /** Ends without a word, with the first part of what was not saved yet in its state, and begins again. */
  crash(savedShare = 1): void {
    this.save(savedShare)
    this.#unsaved = []
    this.#reader = this.#begin()
  }

  save(savedShare = 1): void {
    const saved = this.#unsaved.slice(0, Math.round(this.#unsaved.length * savedShare))
    this.#saved.push(...saved)
    for (const { key, value } of saved.flatMap(({ cursor }) => cursor)) {
      if (value === null) this.#state.delete(key)
      else this.#state.set(key, value)
    }
    this.#unsaved = this.#unsaved.slice(saved.length)
  }

  get #batches(): readonly Batch[] {
    return [...this.#saved, ...this.#unsaved]
  }

  get #ids(): readonly string[] {
    return this.#batches.flatMap(({ records }) => records.map(({ id }) => id))
  }

  #begin(): Reader {
    const clock = { now: () => this.#clock.now, monotonic: () => this.#clock.passed }
    return new Reader(this.#options, clock, { cursor: new Map(this.#state), signal: new AbortController().signal })
  }
}
