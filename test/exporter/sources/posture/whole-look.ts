import type { CursorChange, SourceRecord } from '../../../../exporter/contracts/source.ts'
import type { SnapshotInput } from '../../../../exporter/sources/posture/input.ts'

/** What all pieces of a look brought together. */
export async function wholeLook(
  input: Pick<SnapshotInput, 'look'>,
  { signal }: Pick<AbortController, 'signal'> = new AbortController(),
) {
  const records: SourceRecord[] = []
  const cursor: CursorChange[] = []
  let trouble: string | undefined
  for await (const piece of input.look(signal)) {
    records.push(...piece.records)
    cursor.push(...piece.cursor)
    trouble = piece.end?.trouble
  }
  return { records, cursor, ...(trouble !== undefined && { trouble }) }
}
