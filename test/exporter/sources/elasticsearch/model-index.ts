import type { Client } from '@elastic/elasticsearch'
import { expect } from '@jest/globals'
import type { EpochMs } from '../../../../core/clock.ts'

/** A document, and from when on a search finds it. */
export interface Stored {
  readonly id: string
  /** NaN: it lacks the field. */
  readonly ingested: EpochMs
  /** Default: at once. */
  readonly found?: EpochMs
  /** One of the indices of the pattern. Default: `logs-000001`. */
  readonly index?: string
  /** Its fields. Default: a message without a record. */
  readonly source?: object
}

interface Undated {
  readonly query: { readonly bool: { readonly must_not: readonly [{ readonly exists: { readonly field: string } }] } }
}

interface Asked {
  readonly pit?: { readonly id: string }
  readonly query: { readonly bool: { readonly filter: readonly [{ readonly range: Readonly<Record<string, Range>> }] } }
  readonly aggs?: Readonly<Record<string, Aggregation>>
  readonly size: number
  readonly slice?: { readonly id: string; readonly max: number }
  readonly search_after?: readonly number[]
}

interface Range {
  readonly gt: EpochMs
  readonly lte: EpochMs
}

interface Aggregation {
  readonly max?: object
  readonly date_histogram?: { readonly fixed_interval: string }
}

const FIELD = 'event.ingested'
const FIRST_INDEX = 'logs-000001'

/** The indices of one pattern in memory, with as much of a client as a source needs. */
export class ModelIndex {
  /** Documents that were handed out in pages so far. */
  fetched = 0
  /** Steps of the histograms that were asked for so far, milliseconds. */
  readonly histograms: number[] = []
  /** False: there is no index. */
  exists = true
  /** Called before each request; what it throws is the answer. */
  onRequest: () => void = () => undefined
  readonly #clock: { readonly now: EpochMs }
  readonly #documents = new Map<string, Stored>()
  readonly #pits = new Map<string, readonly Stored[]>()
  #opened = 0

  constructor(clock: { readonly now: EpochMs }, documents: readonly Stored[] = []) {
    this.#clock = clock
    for (const document of documents) this.put(document)
  }

  get documents(): readonly Stored[] {
    return [...this.#documents.values()]
  }

  /** Writes a document, in the place of one with the same id in the same index. */
  put(document: Stored): void {
    this.#documents.set(keyOf(document), document)
  }

  delete(document: Stored): void {
    this.#documents.delete(keyOf(document))
  }

  get client(): Client {
    const client = {
      openPointInTime: async () => {
        this.onRequest()
        const id = `pit-${this.#opened++}`
        this.#pits.set(id, this.#found())
        return { id, ...this.#whole }
      },
      closePointInTime: async ({ id }: { id: string }) => this.#pits.delete(id),
      search: async (asked: Asked | Undated) => {
        this.onRequest()
        if (isUndated(asked)) return { ...this.#whole, aggregations: this.#undated(asked) }
        if (asked.aggs !== undefined) return { ...this.#whole, aggregations: this.#aggregate(asked, asked.aggs) }
        return Buffer.from(JSON.stringify({ ...this.#whole, hits: { hits: this.#page(asked) } }))
      },
      close: async () => undefined,
    }
    return client as unknown as Client
  }

  get #whole() {
    return { timed_out: false, _shards: { total: this.exists ? 2 : 0, failed: 0 } }
  }

  #found(): readonly Stored[] {
    return this.documents.filter(({ found = 0 }) => found <= this.#clock.now)
  }

  #page(asked: Asked) {
    const { slice = { id: '0', max: 1 }, search_after: [after] = [-1], pit, size } = asked
    const hits = within(this.#pits.get(pit?.id ?? '') ?? [], asked)
      .map((document, number) => ({ document, number }))
      .filter(({ number }) => number % slice.max === Number(slice.id) && number > (after ?? -1))
      .slice(0, size)
      .map(({ document: { id, index = FIRST_INDEX, ingested, source = { message: id } }, number }) => ({
        _id: id,
        _index: index,
        _source: source,
        fields: { [FIELD]: [String(ingested)] },
        sort: [number],
      }))
    this.fetched += hits.length
    return hits
  }

  /** Documents without the field, by their index. */
  #undated({ query }: Undated) {
    expect(query.bool.must_not).toEqual([{ exists: { field: FIELD } }])
    const counts = new Map<string, number>()
    for (const { index = FIRST_INDEX, ingested } of this.#found()) {
      if (Number.isNaN(ingested)) counts.set(index, (counts.get(index) ?? 0) + 1)
    }
    return { indices: { buckets: [...counts].map(([key, documents]) => ({ key, doc_count: documents })) } }
  }

  #aggregate(asked: Asked, aggregations: Readonly<Record<string, Aggregation>>) {
    const times = within(this.#found(), asked).map(({ ingested }) => ingested)
    const answers = Object.entries(aggregations).map(([name, { max, date_histogram: histogram }]) => {
      if (histogram === undefined) {
        const pick = max === undefined ? Math.min : Math.max
        return [name, { value: times.length === 0 ? null : times.reduce((one, other) => pick(one, other)) }]
      }
      const step = Number(/^(\d+)ms$/.exec(histogram.fixed_interval)?.[1])
      this.histograms.push(step)
      const counts = new Map<number, number>()
      for (const time of times) {
        const start = Math.floor(time / step) * step
        counts.set(start, (counts.get(start) ?? 0) + 1)
      }
      const buckets = [...counts].sort(([a], [b]) => a - b).map(([key, documents]) => ({ key, doc_count: documents }))
      return [name, { buckets }]
    })
    return Object.fromEntries(answers)
  }
}

const isUndated = (asked: Asked | Undated): asked is Undated => 'must_not' in asked.query.bool

const keyOf = ({ index = FIRST_INDEX, id }: Stored) => `${index}/${id}`

function within(documents: readonly Stored[], { query }: Asked): readonly Stored[] {
  const { gt, lte } = query.bool.filter[0].range[FIELD] as Range
  return documents.filter(({ ingested }) => ingested > gt && ingested <= lte)
}
