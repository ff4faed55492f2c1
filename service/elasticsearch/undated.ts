import { counted, grouped } from '../page/words.ts'

/**
 * Documents that lack the field by which a source reads. No range over the field finds them, so they are never read, and
 * no other count shows it.
 */
export interface UndatedDocuments {
  /** In all indices. */
  readonly documents: number
  /** The indices with most of them, most first. */
  readonly indices: readonly { readonly index: string; readonly documents: number }[]
}

/** Indices that are named. */
const NAMED = 3

/** What is asked of the indices, to be read by `undatedIn`. */
export const undatedSearch = (field: string) => ({
  size: 0,
  track_total_hits: false,
  query: { bool: { must_not: [{ exists: { field } }] } },
  aggs: { indices: { terms: { field: '_index', size: NAMED } } },
})

/** Reads the aggregation `indices` of the answer. */
export function undatedIn(indices: unknown): UndatedDocuments {
  const { buckets = [], sum_other_doc_count: others = 0 } = (indices ?? {}) as TermsAnswer
  const named = buckets.map(({ key, doc_count: documents }) => ({ index: String(key), documents }))
  return { documents: named.reduce((sum, { documents }) => sum + documents, others), indices: named }
}

interface TermsAnswer {
  readonly buckets?: readonly { readonly key: unknown; readonly doc_count: number }[]
  readonly sum_other_doc_count?: number
}

/** One sentence: how many there are, where, and what to do. */
export function undatedSentence(field: string, { documents, indices }: UndatedDocuments): string {
  const others = indices.reduce((rest, index) => rest - index.documents, documents)
  const where = indices.map(({ index, documents }) => `${grouped(documents)} in ${index}`)
  if (others > 0) where.push(`${grouped(others)} in other indices`)
  const verb = documents === 1 ? 'is' : 'are'
  return `${counted(documents, 'document')} without ${field} ${verb} never read (${where.join(', ')}); ${remedy(field)}`
}

function remedy(field: string): string {
  if (field !== 'event.ingested') return `configure the shipper to set ${field}, and set it in the stored documents`
  return 'write through the ingest pipeline that sets it (clawtrust elastic setup), and apply it to the stored documents with _update_by_query'
}
