import type { FileContent } from './content.ts'
import { type Encoding, endOfFirstLine, endOfLastLine, wholeUnits } from './encoding.ts'
import { digest, precedes } from './fingerprint.ts'
import { encodingIn, endOfLastRecord, type Framing } from './framing.ts'

/** The end of a line up to which a file was read, by what was before it then. */
export interface Checkpoint {
  /** The byte after the line. */
  readonly offset: number
  /** Of the `CHECKPOINT_BYTES` before it. */
  readonly hash: string
}

/** In the order of their offsets: dense at the beginning and at the end of what was read, less so the farther from both. */
export type Checkpoints = readonly Checkpoint[]

/** How much is compared at a checkpoint: less is no proof, as other logs hold the same lines. */
export const CHECKPOINT_BYTES = 2048

export const noCheckpoints: Checkpoints = []

const MAX_CHECKPOINTS = 48

/** Where the content of a checkpoint was found. */
export interface Found {
  readonly checkpoint: Checkpoint
  /** The byte after it, in the file where it was found. */
  readonly at: number
}

/** Bytes of a file in which checkpoints are searched: half a second for lines of 100 bytes. */
const SEARCH_BYTES = 8 * 1024 * 1024
/** Of them, bytes after the place where a checkpoint was: lines may have been inserted before it. */
const SEARCH_BYTES_AFTER = 1024 * 1024
const STEP_BYTES = 256 * 1024

/**
 * The checkpoint at a byte of a file. None where a whole line is not among the bytes before it: other lines may end in
 * the same way.
 *
 * @param before the last bytes before it, `CHECKPOINT_BYTES` where there are so many
 */
function checkpointAt(offset: number, before: Buffer, encoding: Encoding): Checkpoints {
  const line = before.subarray(0, Math.max(0, wholeUnits(before.length - 1, encoding)))
  if (before.length < CHECKPOINT_BYTES || endOfLastLine(line, encoding) === 0) return noCheckpoints
  return [{ offset, hash: digest(before) }]
}

/** The same, from the file. */
export async function checkpointBefore(handle: FileContent, offset: number, encoding: Encoding): Promise<Checkpoints> {
  const length = Math.min(CHECKPOINT_BYTES, offset)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset - length)
  return checkpointAt(offset, buffer.subarray(0, bytesRead), encoding)
}

/**
 * The checkpoints within complete lines that were read: at their end, at the beginning of the last one, at about twice, four
 * times, … its distance from the end, and at growing distances from the beginning of the file.
 *
 * @param before the bytes before them, as many as are known
 * @param offset where they begin in the file
 */
export function checkpointsIn(lines: Buffer, before: Buffer, offset: number, framing: Framing): Checkpoints {
  const ends = new Set<number>()
  const encoding = encodingIn(framing)
  const lineEnd = (most: number) => endOfLastRecord(lines.subarray(0, Math.max(0, wholeUnits(most, encoding))), framing)
  for (let end = lineEnd(lines.length); end > 0; end = lineEnd(Math.min(end - 1, 2 * end - lines.length))) ends.add(end)
  for (let place = 2 * CHECKPOINT_BYTES; place < offset + lines.length; place *= 2) {
    if (place > offset) ends.add(lineEnd(place - offset))
  }
  const inOrder = [...ends].sort((one, other) => one - other)
  return inOrder.flatMap(end => {
    const isLong = end >= CHECKPOINT_BYTES
    const last = isLong ? lines.subarray(0, end) : Buffer.concat([before, lines.subarray(0, end)])
    return end === 0 ? [] : checkpointAt(offset + end, last.subarray(-CHECKPOINT_BYTES), encoding)
  })
}

/**
 * Leaves out checkpoints whose neighbours are near each other, compared with their distance from the beginning and from the
 * byte `end`.
 */
export function thinned(checkpoints: Checkpoints, end: number): Checkpoints {
  if (checkpoints.length <= MAX_CHECKPOINTS) return checkpoints
  const left = [...checkpoints]
  while (left.length > MAX_CHECKPOINTS) {
    let least = 0
    let leastShare = Number.POSITIVE_INFINITY
    let from = 0
    for (let index = 0; index < left.length; index++) {
      const to = left[index + 1]?.offset ?? end
      const share = (to - from) / Math.min(end - from, to)
      if (share < leastShare) {
        least = index
        leastShare = share
      }
      from = left[index]?.offset ?? end
    }
    left.splice(least, 1)
  }
  return left
}

/**
 * The last checkpoint whose content a file still holds: at its place, or elsewhere, where lines before it were removed or
 * inserted. Content that occurs several times, as in a log without times, shows nothing.
 */
export async function lastHeld(
  all: Checkpoints,
  handle: FileContent,
  size: number,
  encoding: Encoding,
): Promise<Found | undefined> {
  const checkpoints = all.filter(({ hash }) => all.filter(other => other.hash === hash).length === 1)
  const last = checkpoints.at(-1)
  if (last === undefined) return undefined
  const inPlace = await lastInPlace(checkpoints, handle, size)
  const later = checkpoints.filter(({ offset }) => offset > (inPlace?.offset ?? -1))
  const moved =
    later.length === 0
      ? undefined
      : await search(later, handle, Math.min(size, last.offset + SEARCH_BYTES_AFTER), encoding)
  return moved ?? (inPlace && { checkpoint: inPlace, at: inPlace.offset })
}

/** The last checkpoint whose content a file of this size holds at its place. */
export async function lastInPlace(
  checkpoints: Checkpoints,
  handle: FileContent,
  size: number,
): Promise<Checkpoint | undefined> {
  for (const checkpoint of checkpoints.toReversed()) {
    const { offset, hash } = checkpoint
    if (offset <= size && (await precedes({ length: CHECKPOINT_BYTES, hash }, handle, offset))) return checkpoint
  }
  return undefined
}

/** Of the checkpoints up to the one that was found, those that a file still holds: in place, or as far from it as it was. */
export async function stillHeld(
  checkpoints: Checkpoints,
  { checkpoint: last, at }: Found,
  handle: FileContent,
): Promise<Checkpoints> {
  const held: Checkpoint[] = []
  for (const { offset, hash } of checkpoints) {
    if (offset > last.offset) break
    const places = [...new Set([offset, offset - last.offset + at])].filter(place => place <= at)
    for (const place of places) {
      if (place < CHECKPOINT_BYTES || !(await precedes({ length: CHECKPOINT_BYTES, hash }, handle, place))) continue
      held.push({ offset: place, hash })
      break
    }
  }
  return held.sort((one, other) => one.offset - other.offset)
}

/** The last of some checkpoints whose content occurs once at the end of a line in the bytes before `to`. */
async function search(
  checkpoints: Checkpoints,
  handle: FileContent,
  to: number,
  encoding: Encoding,
): Promise<Found | undefined> {
  const places = new Map<string, number[]>(checkpoints.map(({ hash }) => [hash, []]))
  const begin = Math.max(0, to - SEARCH_BYTES)
  for (let from = begin - (begin % 2); from < to; from += STEP_BYTES) {
    const start = Math.max(0, from - CHECKPOINT_BYTES)
    const wanted = Math.min(from + STEP_BYTES, to) - start
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, start)
    const bytes = buffer.subarray(0, bytesRead)
    let end = from - start
    for (let next = end + endOfFirstLine(bytes.subarray(end), encoding); next > end; ) {
      end = next
      if (end >= CHECKPOINT_BYTES) places.get(digest(bytes.subarray(end - CHECKPOINT_BYTES, end)))?.push(start + end)
      next = end + endOfFirstLine(bytes.subarray(end), encoding)
    }
    if (bytesRead < wanted) break
  }
  const checkpoint = checkpoints.findLast(({ hash }) => places.get(hash)?.length === 1)
  const [at] = places.get(checkpoint?.hash ?? '') ?? []
  return checkpoint === undefined || at === undefined ? undefined : { checkpoint, at }
}

/** A pair for each checkpoint. */
export const checkpointsToJson = (checkpoints: Checkpoints) => checkpoints.map(({ offset, hash }) => [offset, hash])

/** A state written before there were checkpoints has none. */
export function checkpointsFromJson(value: unknown): Checkpoints {
  if (!Array.isArray(value)) return noCheckpoints
  const pairs: readonly unknown[] = value
  const checkpoints = pairs.flatMap((pair): Checkpoint[] => {
    if (!Array.isArray(pair)) return []
    const [offset, hash] = pair as readonly unknown[]
    return Number.isSafeInteger(offset) && typeof hash === 'string' ? [{ offset: Number(offset), hash }] : []
  })
  return checkpoints.slice(-MAX_CHECKPOINTS)
}
