import type { estypes } from '@elastic/elasticsearch'
import type { Dispatcher } from '../../../decoding/dispatch.ts'
import { pathReader } from '../../../decoding/toolkit/path.ts'
import type { OpenDocument } from '../../../decoding/toolkit/record.ts'
import type { FlowHistory } from '../history.ts'
import { observationOf } from '../observe.ts'
import { type TupleLayout, unusable } from './fields.ts'

/** How the documents of a source are read. */
export interface TupleReading {
  readonly index: readonly string[]
  readonly layout: TupleLayout
  /** Keys of which documents have several values. */
  readonly lists: ReadonlySet<string>
  /** Source filter of a sample. */
  readonly sourceFields: readonly string[]
  readonly open?: OpenDocument | undefined
  readonly dispatcher: Dispatcher
  /** Tuples of one answer. */
  readonly page: number
  /** Tuples of one source and slice of time; with more it is refused. */
  readonly most: number
  /** @param tuples how many were read */
  readonly progress: (tuples: number) => void
}

type Aggregations = Record<string, estypes.AggregationsAggregationContainer>

/** What is asked of all documents of a tuple: when they are from, and how many flows they count. */
export const tupleMetrics = ({ layout: { time, count } }: TupleReading): Aggregations => ({
  first: { min: { field: time } },
  last: { max: { field: time } },
  ...(count !== undefined && { events: { sum: { field: count } } }),
})

/** One of them, to be decoded for all. */
export const tupleSample = ({ sourceFields }: TupleReading): Aggregations => ({
  sample: { top_hits: { size: 1, sort: ['_doc'], _source: { includes: [...sourceFields] } } },
})

export interface TupleBucket extends TupleMetrics {
  readonly sample: Sample
}

export interface TupleMetrics {
  readonly first: { readonly value: number }
  readonly last: { readonly value: number }
  readonly events?: { readonly value: number }
}

export interface Sample {
  readonly hits: { readonly hits: readonly Hit[] }
}

interface Hit {
  readonly _id: string
  readonly _index: string
  readonly _source?: Readonly<Record<string, unknown>>
}

export type AddTuple = (bucket: TupleBucket, documents: number) => void

/** Decodes one document of each tuple for all of them. */
export function createTupleAdder({ index, layout, open, dispatcher }: TupleReading, history: FlowHistory): AddTuple {
  const unmapped = layout.unmapped.map(path => ({ path, read: pathReader(path) }))
  return ({ first, last, events, sample }, documents) => {
    const [hit] = sample.hits.hits
    if (hit === undefined) return
    const body = hit._source ?? {}
    const unseen = unmapped.find(({ read }) => isValue(read(body)))
    if (unseen !== undefined) {
      throw unusable(
        index,
        `${unseen.path}, which distinguishes flows, is in documents and not mapped`,
        'map it as keyword (a number as long, an address as ip), and index the documents again',
      )
    }
    const decoded = dispatcher.decode({ id: hit._id, body, ...(open !== undefined && { open }) })
    // Documents of another dialect may have the same fields; they are counted by its own.
    if (decoded.decoder !== layout.dialect) return
    const observation = observationOf(decoded, {
      events: events?.value ?? documents,
      firstSeen: first.value,
      lastSeen: last.value,
      sample: `${hit._index}/${hit._id}`,
    })
    if (observation !== undefined) history.add(observation)
  }
}

const isValue = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
