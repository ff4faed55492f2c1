import { eventually } from './eventually.ts'

/** A document without the time by which documents are read: it counts nowhere, and is reported. */
export interface Mark {
  put(): Promise<void>
  remove(): Promise<void>
}

/**
 * Waits until an exporter has compared all that an index holds with what it has read, in a comparison that began after
 * this call. What was visible before it, and would be counted once more or late, is counted by then.
 *
 * Each comparison ends with a count of documents without a time. So the comparison that reports the mark has ended after
 * the call, and the one that reports it no more has begun after that.
 *
 * @param undated what the exporter reports, by clawtrust_source_undated_documents
 */
export async function comparedAgain(mark: Mark, undated: () => Promise<number>, limitMs = 60_000): Promise<void> {
  const before = await undated()
  await mark.put()
  await eventually('a comparison reports the mark', async () => (await undated()) > before || undefined, { limitMs })
  await mark.remove()
  await eventually('the next reports it no more', async () => (await undated()) <= before || undefined, { limitMs })
}
