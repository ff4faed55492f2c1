/** `.ds-NAME-2026.11.24-000007`, a data stream's backing index. */
const BACKING = /^((?:[^:]+:)?)\.ds-(.+)-\d{4}\.\d{2}\.\d{2}-\d{6,}$/
/** `NAME-000007`, an index that is rolled over. */
const ROLLED = /^(.+)-\d{6,}$/

/**
 * The stream to which an index belongs. A document id is unique within an index only; a bulk that is retried across a
 * rollover writes the same id into the next index of the same stream, while equal ids in two streams are two documents.
 */
export function streamOf(index: string): string {
  const backing = BACKING.exec(index)
  if (backing !== null) return `${backing[1]}${backing[2]}`
  return ROLLED.exec(index)?.[1] ?? index
}
