import { isObject, valueAt } from '../core/json.ts'
import { createDispatcher } from '../decoding/dispatch.ts'
import { documentReading } from '../decoding/documents.ts'
import { dialects } from '../decoding/registry.ts'
import { refusal } from '../elastic/call.ts'
import { type Finding, indexPath, note, problem, type Subject } from '../elastic/check/contract.ts'
import type { SourceRecord } from '../exporter/contracts/source.ts'
import { incompleteSentence, Recognition, unrecognisedSentence } from '../exporter/pipeline/recognition.ts'
import { isOversized } from '../exporter/sources/elasticsearch/records.ts'
import { placesOfRecords, type SampledSource } from './elastic-sample.ts'

/** Indices that are looked at: those with most documents. */
const INDICES = 100
/** Documents of each: the newest. */
const DOCUMENTS = 20

type Sampled = Pick<SampledSource, 'envelope'>

/** Reads some documents of each index, and names the indices and gateways of which none is in a known format. */
export async function checkFormatsOfIndices(subject: Subject, source: Sampled): Promise<readonly Finding[]> {
  const { sourceFields } = documentReading(source.envelope)
  const newest = {
    top_hits: {
      size: DOCUMENTS,
      sort: [{ [subject.cursorField]: { order: 'desc', unmapped_type: 'date' } }],
      _source: { includes: [...sourceFields, ...placesOfRecords] },
    },
  }
  const answer = await subject.ask({
    method: 'POST',
    path: `/${indexPath(subject)}/_search?filter_path=aggregations`,
    body: { size: 0, aggs: { indices: { terms: { field: '_index', size: INDICES }, aggs: { newest } } } },
  })
  if (answer.status !== 200) return [note(`the documents of each index cannot be read (${refusal(answer)})`)]
  const buckets = valueAt(answer.body, 'aggregations', 'indices', 'buckets')
  return unrecognisedIn(Array.isArray(buckets) ? buckets : [], source)
}

/** @param buckets one for each index, with its newest documents */
function unrecognisedIn(buckets: readonly unknown[], { envelope }: Sampled): readonly Finding[] {
  const dispatcher = createDispatcher(dialects)
  const recognition = new Recognition(dispatcher)
  const { open } = documentReading(envelope)
  for (const bucket of buckets) {
    const place = { kind: 'index', name: String(valueAt(bucket, 'key')) } as const
    const hits = valueAt(bucket, 'newest', 'hits', 'hits')
    const documents = Array.isArray(hits) ? hits.map(hit => valueAt(hit, '_source')).filter(isObject) : []
    for (const body of documents.filter(document => !isOversized(document))) {
      const record: SourceRecord = { id: '', body, place, ...(open === undefined ? {} : { open }) }
      const { decoding, ...named } = dispatcher.decode(record)
      recognition.record(record, { ...named, ...decoding })
    }
  }
  // Of a gateway the sample may hold a single document.
  const { unrecognised, incomplete } = recognition
  return [
    ...unrecognised.map(place => (place.kind === 'gateway' ? note : problem)(unrecognisedSentence(place))),
    ...incomplete.map(place => note(incompleteSentence(place))),
  ]
}
