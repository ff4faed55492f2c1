import { lastInPlace } from './checkpoints.ts'
import { beginsLike } from './fingerprint.ts'
import { equalLines, type FoundLines } from './first-lines.ts'
import { type FilePosition, holdsUpTo, isOfSameContent } from './position.ts'
import type { TrackedFile } from './tracked-file.ts'

/** How a file is like content that was read and is gone, of which no more than digests is known. */
export type Likeness =
  /** It holds all that was read. */
  | { readonly kind: 'whole' }
  /** It is equal up to the byte `to`, and nothing that follows is known to differ. */
  | { readonly kind: 'same'; readonly to: number }
  /** It is equal up to the byte `to` at least, and differs before the byte `by`; the same byte where that is the first to differ. */
  | { readonly kind: 'different'; readonly to: number; readonly by: number }

/**
 * Compares a file with what was read up to a position: by its first lines, each of which is known, and by the checkpoints
 * after them. Bytes that were not read need not be equal.
 *
 * @param lines the first lines of the file
 */
export async function likenessTo(file: TrackedFile, lines: FoundLines, from: FilePosition): Promise<Likeness> {
  if (!isOfSameContent(file.position, from)) return { kind: 'different', to: 0, by: 0 }
  const { handle, head, position } = file
  if (await holdsUpTo(from, handle, position.size, head)) return { kind: 'whole' }
  const equal = equalLines(from.firstLines, lines)
  const to = lines.ends[equal - 1] ?? 0
  if (equal < from.firstLines.digests.length) {
    return equal < lines.digests.length ? { kind: 'different', to, by: to } : { kind: 'same', to }
  }
  const isKnown = from.firstLines.to >= from.offset
  if (head.length >= from.fingerprint.length && !beginsLike(head, from.fingerprint)) {
    return { kind: 'different', to, by: isKnown ? to : Math.max(to, from.fingerprint.length) }
  }
  return isKnown ? { kind: 'same', to } : atCheckpoints(file, to, from)
}

/** The same after the first lines, which are equal to the byte `equalTo`. */
async function atCheckpoints(
  { handle, position: { size } }: TrackedFile,
  equalTo: number,
  { checkpoints, offset }: FilePosition,
): Promise<Likeness> {
  const last = await lastInPlace(checkpoints, handle, size)
  const to = Math.max(equalTo, last?.offset ?? 0)
  const next = [...checkpoints.map(found => found.offset), offset].find(end => end > to && end <= size)
  if (next === undefined) return { kind: 'same', to }
  return { kind: 'different', to, by: next }
}
