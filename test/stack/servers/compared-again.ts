import { eventually } from './eventually.ts'

/** A document without the time by which documents are read: it counts nowhere, and is reported. */
export interface Mark {
  /** How many others there are. */
  others(): Promise<number>
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
  const others = await mark.others()
  const reports = (count: number) =>
    eventually(`${count} are reported`, async () => (await undated()) === count || undefined, { limitMs })
  // Not a mark that was there for another exporter.
  await reports(others)
  await mark.put()
  await reports(others + 1)
  await mark.remove()
  await reports(others)
}
