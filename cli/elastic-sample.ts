import { isObject, valueAt } from '../core/json.ts'
import type { MissingField } from '../decoding/dialects/dialect.ts'
import { createDispatcher, type Dispatcher } from '../decoding/dispatch.ts'
import { type DocumentReading, documentReading, type EnvelopeChoice } from '../decoding/documents.ts'
import { isJournalEntry, unopenedEntries } from '../decoding/foreign-format.ts'
import { dialects } from '../decoding/registry.ts'
import { pathReader } from '../decoding/toolkit/path.ts'
import { refusal } from '../elastic/call.ts'
import { type Finding, indexPath, note, ok, problem, type Subject } from '../elastic/check/contract.ts'
import { type Authority, isAuthoritative } from '../exporter/pipeline/authority.ts'
import { isOversized } from '../exporter/sources/elasticsearch/records.ts'

const NEWEST = 1_000

/** What the exporter takes from the configuration of a source. */
export interface SampledSource {
  readonly authority: Authority
  readonly envelope?: EnvelopeChoice
}

type Document = Readonly<Record<string, unknown>>

/** Reads the newest documents as the exporter would, and reports how they decode. */
export async function readSample(subject: Subject, source: SampledSource): Promise<readonly Finding[]> {
  const { sourceFields } = documentReading(source.envelope)
  const answer = await subject.ask({
    method: 'POST',
    path: `/${indexPath(subject)}/_search?filter_path=hits.hits._source`,
    body: {
      size: NEWEST,
      sort: [{ [subject.cursorField]: 'desc' }],
      _source: { includes: [...sourceFields, ...placesOfRecords] },
    },
  })
  if (answer.status !== 200) return [note(`the newest documents cannot be read (${refusal(answer)})`)]
  const hits = valueAt(answer.body, 'hits', 'hits')
  const documents = Array.isArray(hits) ? hits.map(hit => valueAt(hit, '_source')).filter(isObject) : []
  return documents.length === 0 ? [] : whatBecomesOf(documents, source)
}

/** The results of decoding documents, as findings. */
export function whatBecomesOf(
  documents: readonly Document[],
  { authority, envelope }: SampledSource,
): readonly Finding[] {
  const dispatcher = createDispatcher(dialects)
  const { open }: Pick<DocumentReading, 'open'> = documentReading(envelope)
  const decoded = new Map<string, number>()
  const undecoded = new Map<string, number>()
  const unopened: Document[] = []
  const lacking = new Map<MissingField, number>()
  let [entries, unheard] = [0, 0]
  for (const body of documents) {
    if (isOversized(body)) {
      increment(undecoded, 'line_too_long')
      continue
    }
    const { decoder, decoding, lacks } = dispatcher.decode({ id: '', body, ...(open === undefined ? {} : { open }) })
    if (decoding.kind === 'undecoded') increment(undecoded, decoding.reason)
    else increment(decoded, decoder)
    const lacked = lacks ?? (decoder === 'none' ? lackedByText(body, dispatcher) : undefined)
    if (lacked !== undefined) increment(lacking, lacked)
    const isUnopened = decoding.kind === 'undecoded' && decoding.reason === 'unknown_envelope'
    if (isUnopened && envelope === undefined && isJournalEntry(body)) entries++
    else if (isUnopened) unopened.push(body)
    if (decoding.kind === 'claim' && !isAuthoritative(decoding.claim, authority)) unheard++
  }
  const all = `of the newest ${documents.length} documents`
  return [
    decoded.size > 0
      ? ok(`${all} these are decoded: ${listed(decoded)}`)
      : problem(
          `${all} none is decoded; docs/elasticsearch.md lists the supported document formats and how to ship them`,
        ),
    ...[...lacking].map(([{ field, consequence, advice }, count]) =>
      note(`${all} ${count} lack the field ${field}: ${consequence}; ${advice}`),
    ),
    ...(undecoded.size > 0 ? [note(`${all} these are undecoded: ${listed(undecoded)}`)] : []),
    ...(entries > 0
      ? [note(`${all} ${entries} look like ${unopenedEntries.looksLike}; ${unopenedEntries.advice}`)]
      : []),
    ...(unopened.length > 0 ? [note(`${all} ${unopened.length} ${advice(unopened, envelope)}`)] : []),
    ...(unheard > 0
      ? [
          note(
            `${all} ${unheard} are from a stream that is not authoritative for their signal; set the stream in exporter.authority`,
          ),
        ]
      : []),
  ]
}

/** Fields in which shippers put a record. The finding names them; the exporter does not count from them. */
const usualPlaces = [
  ...['message', 'event.original', 'log', 'body.text', 'body', 'Body'].map(path => ({ path, kind: 'raw' })),
  ...['json', 'openclaw', 'parsed', 'log_processed', 'body.structured'].map(path => ({ path, kind: 'parsed' })),
].map(({ path, kind }) => ({ path, kind, read: pathReader(path) }))

/** What the record lacks that is the text of such a field. */
function lackedByText(document: Document, dispatcher: Dispatcher): MissingField | undefined {
  const texts = usualPlaces.flatMap(({ kind, read }) => (kind === 'raw' ? [read(document)] : []))
  const body = texts.find(text => typeof text === 'string')
  return body === undefined ? undefined : dispatcher.decode({ id: '', body }).lacks
}

/** Their paths, for a source filter. */
export const placesOfRecords: readonly string[] = usualPlaces.map(({ path }) => path)

function advice(unopened: readonly Document[], envelope: EnvelopeChoice | undefined): string {
  const holders = usualPlaces.filter(({ kind, read }) =>
    unopened.some(document => (kind === 'raw' ? typeof read(document) === 'string' : isObject(read(document)))),
  )
  const where =
    envelope === undefined
      ? 'have no known envelope and were not opened'
      : 'have no record in the envelope of this source'
  if (holders.length === 0) return `${where}; docs/decoders.md lists the envelopes`
  const seen = holders.map(({ path, kind }) => `${path} (${kind === 'raw' ? 'text' : 'object'})`).join(', ')
  const choices = holders.map(({ path, kind }) => `{ ${kind}: ${path} }`).join(' or ')
  return `${where}. They contain ${seen}. If your shipper writes the whole record, and nothing else, into one of these, set envelope: ${choices} at this source; docs/decoders.md lists the envelopes`
}

function increment<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([key, count]) => `${count} ${key}`).join(', ')
}
