import { createDecoders } from '../decoding/dialects/all.ts'
import { createDispatcher } from '../decoding/dispatch.ts'
import { documentFields } from '../decoding/document-fields.ts'
import { inside, isFields, refusal } from '../elastic/check/answer.ts'
import { type Finding, note, ok, problem } from '../elastic/check/finding.ts'
import { indexPath, type Subject } from '../elastic/check/subject.ts'
import { type Authority, isAuthoritative } from '../exporter/pipeline/authority.ts'
import { isOversized } from '../exporter/sources/elasticsearch/records.ts'

const NEWEST = 1_000

/** Reads the newest documents as the exporter would, and says what becomes of them. */
export async function readSample(subject: Subject, authority: Authority): Promise<readonly Finding[]> {
  const answer = await subject.ask({
    method: 'POST',
    path: `/${indexPath(subject)}/_search?filter_path=hits.hits._source`,
    body: { size: NEWEST, sort: [{ [subject.cursorField]: 'desc' }], _source: { includes: documentFields } },
  })
  if (answer.status !== 200) return [note(`the newest documents cannot be read (${refusal(answer)})`)]
  const hits = inside(answer.body, 'hits', 'hits')
  const documents = Array.isArray(hits) ? hits.map(hit => inside(hit, '_source')).filter(isFields) : []
  return documents.length === 0 ? [] : whatBecomesOf(documents, authority)
}

/** What the decoders make of documents, in words. */
export function whatBecomesOf(
  documents: readonly Readonly<Record<string, unknown>>[],
  authority: Authority,
): readonly Finding[] {
  const dispatcher = createDispatcher(createDecoders())
  const decoded = new Map<string, number>()
  const undecoded = new Map<string, number>()
  let unheard = 0
  for (const body of documents) {
    if (isOversized(body)) {
      increment(undecoded, 'line_too_long')
      continue
    }
    const { decoder, decoding } = dispatcher.decode({ id: '', body })
    if (decoding.kind === 'undecoded') increment(undecoded, decoding.reason)
    else increment(decoded, decoder)
    if (decoding.kind === 'claim' && !isAuthoritative(decoding.claim, authority)) unheard++
  }
  const all = `of the newest ${documents.length} documents`
  return [
    decoded.size > 0
      ? ok(`${all} these are understood: ${listed(decoded)}`)
      : problem(`${all} none is understood; docs/elasticsearch.md lists the shapes that are, and how to ship them`),
    ...(undecoded.size > 0 ? [note(`${all} these are not understood: ${listed(undecoded)}`)] : []),
    ...(unheard > 0
      ? [
          note(
            `${all} ${unheard} come from a stream that does not count for their signal; choose the stream in exporter.authority`,
          ),
        ]
      : []),
  ]
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([key, count]) => `${count} ${key}`).join(', ')
}
