import type { estypes } from '@elastic/elasticsearch'
import { HOUR_MS } from '../../../core/clock.ts'
import type { Dispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { OpenDocument } from '../../../decoding/toolkit/record.ts'
import { counted } from '../../../service/page/words.ts'
import { lossGap } from '../gaps.ts'
import type { FlowHistory } from '../history.ts'
import type { TupleLayout } from './fields.ts'
import { type Aggregations, flowQuery, lossQuery, otherQuery } from './queries.ts'
import type { Searches } from './searches.ts'

/** What one search over the documents of a layout finds before their tuples are counted. */
export interface Survey {
  readonly documents: number
  /** Keys of which documents have several values. */
  readonly lists: ReadonlySet<string>
}

/** Counts the documents of each hour, and looks which lists have more than one value. */
export async function surveyLayout(
  searches: Searches,
  layout: TupleLayout,
  { history, source }: Surveying,
): Promise<Survey> {
  const lists = layout.keys.filter(({ isList }) => isList)
  const aggs: Aggregations = {
    hours: { date_histogram: { field: layout.time, fixed_interval: `${HOUR_MS}ms`, min_doc_count: 1 } },
    ignored: { filter: { exists: { field: '_ignored' } } },
    ...Object.fromEntries(
      lists.flatMap(({ field }, position) => [
        [`documents_${position}`, { filter: { exists: { field } } }],
        [`values_${position}`, { value_count: { field } }],
      ]),
    ),
  }
  const { aggregations = {} } = await searches.search(
    { size: 0, query: flowQuery(layout, [history.window]), aggs },
    'the number of documents by hour',
  )
  const found = aggregations as Record<string, Answered>
  let documents = 0
  for (const { key, doc_count: count } of found.hours?.buckets ?? []) {
    history.coverage.add(source, Math.max(key, history.window.since), count)
    documents += count
  }
  const ignored = found.ignored?.doc_count ?? 0
  if (ignored > 0) {
    history.declare({
      kind: 'unread',
      sentence: `${source} has ${counted(ignored, 'document')} with a value that its mapping leaves out (_ignored), by which flows may be taken for one`,
    })
  }
  const several = lists.filter((_, position) => {
    return (found[`values_${position}`]?.value ?? 0) > (found[`documents_${position}`]?.doc_count ?? 0)
  })
  return { documents, lists: new Set(several.map(({ field }) => field)) }
}

interface Answered {
  readonly doc_count?: number
  readonly value?: number | null
  readonly buckets?: readonly { readonly key: number; readonly doc_count: number }[]
}

/** Documents about losses that are read; an origin that writes more has lost so much that the number says nothing. */
const MAX_LOSSES = 10_000

/** What the origin says to have lost, as a gap. */
export async function declareLoss(
  searches: Searches,
  { dialect, times, lost }: TupleLayout,
  { history, source, dispatcher, reading }: Surveying,
): Promise<void> {
  if (lost === undefined) return
  const query = lossQuery(times, lost, history.window)
  const includes = [...reading.sourceFields]
  const { hits } = await searches.search({ size: MAX_LOSSES, query, _source: { includes } }, 'the losses')
  const records = hits.hits.reduce((sum, hit) => {
    const { decoding } = dispatcher.decode(recordOf(hit, reading.open))
    return decoding.kind === 'telemetry_lost' ? sum + decoding.records : sum
  }, 0)
  if (records > 0) history.declare(lossGap(source, dialect, records))
}

/** Of which source and for which history something is looked up. */
export interface Surveying {
  readonly history: FlowHistory
  readonly source: string
  readonly dispatcher: Dispatcher
  readonly reading: { readonly sourceFields: readonly string[]; readonly open?: OpenDocument | undefined }
}

const recordOf = ({ _id: id = '', _source: body }: estypes.SearchHit, open: OpenDocument | undefined) => ({
  id,
  body: (body ?? {}) as Record<string, unknown>,
  ...(open !== undefined && { open }),
})

/** Names of the dialects whose documents can be grouped. */
const groupedDecoders: ReadonlySet<string> = new Set(
  dialects.filter(({ tuple }) => tuple !== undefined).map(({ name }) => name),
)

/** Documents without the fields of a flow that are looked at. */
const LOOKED_AT = 200

/** Where flows or accesses are stored as text, or in a form that nothing can group, they are not counted. */
export async function declareUnparsed(
  searches: Searches,
  time: string,
  layouts: readonly TupleLayout[],
  { history, source, dispatcher, reading }: Surveying,
): Promise<void> {
  const { hits } = await searches.search(
    {
      size: LOOKED_AT,
      sort: [{ [time]: { order: 'desc', unmapped_type: 'date' } }],
      query: otherQuery(time, history.window, layouts),
      _source: { includes: [...reading.sourceFields] },
    },
    'the newest documents without the fields of a flow',
  )
  const decoded = hits.hits.map(hit => dispatcher.decode(recordOf(hit, reading.open)))
  const unread = (what: string, number: number, remedy: string) => {
    if (number === 0) return
    const sentence = `${source} has ${what}, ${number} of the newest ${hits.hits.length} documents without the fields of a flow; they are not counted: ${remedy}`
    history.declare({ kind: 'unread', sentence })
  }
  const flows = decoded.filter(({ decoding }) => decoding.kind === 'claim' && decoding.claim.flow !== undefined)
  const parse = 'let the shipper parse them as JSON, and map their fields, or read the log files by --logs'
  unread('flows that are stored as text or whose fields are not mapped', flows.length, parse)
  const accesses = decoded.filter(({ access }) => access !== undefined)
  const ungrouped = accesses.filter(({ decoder }) => !groupedDecoders.has(decoder))
  unread('accesses that are stored as text or whose fields are not mapped', accesses.length - ungrouped.length, parse)
  const names = [...new Set(ungrouped.map(({ decoder }) => decoder))].toSorted().join(', ')
  unread(`accesses in a form that cannot be grouped (${names})`, ungrouped.length, 'read the log files by --logs')
}
