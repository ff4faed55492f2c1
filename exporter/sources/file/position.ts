import { dirname } from 'node:path'
import type { EpochMs } from '../../../core/clock.ts'
import { FORGEABLE_BYTES } from '../../../decoding/console-text.ts'
import type { ConsoleText } from '../../../decoding/toolkit/record.ts'
import type { Json } from '../../../service/state/state.ts'
import { type Checkpoints, checkpointsFromJson, checkpointsToJson, noCheckpoints } from './checkpoints.ts'
import type { FileContent } from './content.ts'
import { beginsLike, contentName, emptyFingerprint, type Fingerprint, fingerprintOf, precedes } from './fingerprint.ts'
import { type FirstLines, firstLinesFromJson, noFirstLines } from './first-lines.ts'
import { noParts, type PendingParts, pendingParts } from './parts.ts'

/** How far a file is read: the value of its cursor. The key is its device and inode number. */
export interface FilePosition {
  /** Where it was last seen. */
  readonly path: string
  /** Counts how often the content under this inode was replaced (truncated in place, inode used again). */
  readonly generation: number
  /** When it was first read under its inode: distinguishes files that had the same inode number one after the other. */
  readonly begun?: EpochMs
  /** What the file begins with. */
  readonly fingerprint: Fingerprint
  /** What lies before `offset`; absent where nothing was read since this is remembered. */
  readonly tail?: Fingerprint
  /** Ends of lines before `offset`, to find where reading continues in a file that was edited. */
  readonly checkpoints: Checkpoints
  /** Its first lines before `offset`, to know where a file begins to differ that begins like it. */
  readonly firstLines: FirstLines
  /** A digest of its first line, in the ids of its records; undefined before that line was complete. */
  readonly content?: string
  /** Byte where counting began; what lies before it is backfill. */
  readonly begin: number
  /** First byte not yet taken. */
  readonly offset: number
  /** True when `offset` lies within a line, or an entry of a journal, that is being passed over. */
  readonly inLongLine: boolean
  /** Parts of records that lie before `offset` and whose ends do not. */
  readonly parts: PendingParts
  /** Largest size seen, to know how much a truncation removed. */
  readonly size: number
  /** Id of the sequence of journal entries that the file holds in their export format, or held before it began again. */
  readonly sequence?: string
  /** Where the first of them begins, in a file that begins within one. */
  readonly entriesFrom?: number
  /** Bytes up to which clients may have written records, as such lines of a console in plain text are before them. */
  readonly forgeableTo?: ForgeableTo
  /** The gateway's own time in the last line read. */
  readonly time?: EpochMs
  readonly gateway?: string
  /** True for a file that was read to its end and is out of sight, but exists: it may come back. */
  readonly isAway?: true
  /**
   * Where another file was read to that is gone, and that this one may be an unfinished copy of: what follows
   * `offset` is held back.
   */
  readonly beginningOf?: FilePosition
  /** Bytes that were read in a file that is held back; what follows up to `offset` was read in the one that is gone. */
  readonly takenTo?: number
  /** Bytes before `offset` that are not read, as it is not known which of their lines were read in a file that is gone. */
  readonly withheld?: ByteRange
  /** The path that it had before, where it was renamed or is a copy of what was read there. */
  readonly rotatedFrom?: string
  /** Key of the file whose place this one took: it is read first, because a record may have begun in it. */
  readonly follows?: string
}

/** Bytes of a file, the last one excluded. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

type ForgeableTo = Readonly<Partial<Record<ConsoleText, number>>>

/** Of which lines of a console in plain text a byte is near after; where it is of both, the bare ones. */
export function forgeableAt({ bare = 0, wrapped = 0 }: ForgeableTo = {}, byte: number): ConsoleText | undefined {
  if (byte < bare) return 'bare'
  return byte < wrapped ? 'wrapped' : undefined
}

/** A mebibyte after a byte that follows such lines. Without them, what is known stays. */
export const withForgeable = (position: FilePosition, text: ConsoleText | undefined, byte: number): FilePosition =>
  text === undefined
    ? position
    : { ...position, forgeableTo: { ...position.forgeableTo, [text]: byte + FORGEABLE_BYTES } }

/** The beginning of a file. */
export const newPosition = ({
  path,
  generation,
  begun,
  sequence,
  forgeableTo,
  offset,
  gateway,
  beginningOf,
  rotatedFrom,
}: Pick<FilePosition, 'path' | 'generation' | 'begun' | 'sequence' | 'forgeableTo' | 'gateway'> &
  Partial<FilePosition>): FilePosition => {
  const beginning = {
    path,
    generation,
    ...(begun === undefined ? {} : { begun }),
    fingerprint: emptyFingerprint,
    checkpoints: noCheckpoints,
    firstLines: noFirstLines,
    begin: 0,
    offset: 0,
    inLongLine: false,
    parts: noParts,
    size: 0,
    ...(sequence === undefined ? {} : { sequence }),
    ...(gateway === undefined ? {} : { gateway }),
    // What is copied again in place is still held back.
    ...(beginningOf === undefined ? {} : { beginningOf }),
    ...(rotatedFrom === undefined ? {} : { rotatedFrom }),
  }
  return withForgeable(beginning, forgeableAt(forgeableTo, offset ?? 0), 0)
}

/** The position in a file that begins like this now. */
export function withHead(position: FilePosition, head: Buffer): FilePosition {
  const content = position.content ?? contentName(head)
  return { ...position, fingerprint: fingerprintOf(head), ...(content === undefined ? {} : { content }) }
}

/** Bytes of the file that were seen and not read. */
export const unreadBytes = (position: FilePosition): number =>
  position.beginningOf === undefined ? Math.max(0, position.size - position.offset) : 0

/** Bytes that were read in the file itself, or are not to be read in it. */
export const takenBytes = ({ beginningOf, takenTo = 0, offset }: FilePosition): number =>
  beginningOf === undefined ? offset : takenTo

/** The position of a file that is no longer held back. */
export const released = ({ beginningOf: _decided, takenTo: _taken, ...position }: FilePosition): FilePosition =>
  position

/** Bytes of the file that are not read because they may be read. */
export const heldBackBytes = ({ beginningOf, size, offset, withheld = { from: 0, to: 0 } }: FilePosition): number =>
  withheld.to - withheld.from + (beginningOf === undefined ? 0 : size - offset)

type ContentInPlace = { readonly path: string; readonly content?: string | undefined }

/** True where two files of one folder begin with the same line. */
export function isOfSameContent(one: ContentInPlace, other: ContentInPlace): boolean {
  if (one.content === undefined || one.content !== other.content) return false
  return dirname(one.path) === dirname(other.path)
}

/** True when a file of this size and beginning holds everything that was read up to the position, in whichever file. */
export async function holdsUpTo(
  { offset, fingerprint, tail }: FilePosition,
  handle: FileContent,
  size: number,
  head: Buffer,
): Promise<boolean> {
  if (size < offset || !beginsLike(head, fingerprint)) return false
  return tail === undefined || precedes(tail, handle, offset)
}

export const positionToJson = ({
  fingerprint,
  tail,
  checkpoints,
  firstLines,
  parts,
  beginningOf,
  forgeableTo,
  withheld,
  ...position
}: FilePosition): Json => ({
  ...position,
  ...(withheld === undefined ? {} : { withheld: { ...withheld } }),
  ...(forgeableTo === undefined ? {} : { forgeableTo: { ...forgeableTo } }),
  ...(parts === noParts ? {} : partsToJson(parts)),
  fingerprint: { ...fingerprint },
  ...(tail === undefined ? {} : { tail: { ...tail } }),
  ...(checkpoints.length === 0 ? {} : { checkpoints: checkpointsToJson(checkpoints) }),
  ...(firstLines.to === 0 ? {} : { firstLines: { digests: firstLines.digests, to: firstLines.to } }),
  ...(beginningOf === undefined ? {} : { beginningOf: positionToJson(beginningOf) }),
})

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

function fingerprintFromJson(value: unknown): Fingerprint | undefined {
  const { length, hash } = (value ?? {}) as Partial<Record<keyof Fingerprint, unknown>>
  return isCount(length) && typeof hash === 'string' ? { length, hash } : undefined
}

function partsToJson({ spans, carried }: PendingParts) {
  return carried === undefined ? { parts: spans } : { parts: spans, carried: carried.toString('base64') }
}

/** Of a state written before parts were joined there are none. */
export function partsFromJson(value: unknown, saved?: unknown): PendingParts {
  if (typeof value !== 'object' || value === null) return noParts
  const carried = typeof saved === 'string' ? Buffer.from(saved, 'base64') : undefined
  const least = -(carried?.length ?? 0)
  const isPlace = (byte: unknown) => Number.isSafeInteger(byte) && Number(byte) >= least
  const entries = Object.entries(value).filter(([, spans]) => Array.isArray(spans) && spans.every(isPlace))
  return pendingParts(Object.fromEntries(entries), carried)
}

/** A state that holds one byte was written before the lines were distinguished: they may have been bare. */
function forgeableFromJson(value: unknown): Pick<FilePosition, 'forgeableTo'> {
  if (isCount(value)) return { forgeableTo: { bare: value } }
  const { bare, wrapped } = (value ?? {}) as Partial<Record<ConsoleText, unknown>>
  if (!isCount(bare) && !isCount(wrapped)) return {}
  return { forgeableTo: { ...(isCount(bare) ? { bare } : {}), ...(isCount(wrapped) ? { wrapped } : {}) } }
}

function rangeFromJson(value: unknown): ByteRange | undefined {
  const { from, to } = (value ?? {}) as Partial<Record<keyof ByteRange, unknown>>
  return isCount(from) && isCount(to) && from <= to ? { from, to } : undefined
}

/** The position that a cursor's value holds; undefined where it holds none (a state written by something else). */
export const positionFromJson = (value: Json): FilePosition | undefined => {
  const saved = value as Partial<Record<keyof FilePosition | 'carried', unknown>> | null
  if (typeof saved !== 'object' || saved === null) return undefined
  const {
    path,
    generation,
    content,
    begin,
    offset,
    inLongLine,
    size,
    time,
    gateway,
    begun,
    sequence,
    isAway,
    follows,
    rotatedFrom,
  } = saved
  const fingerprint = fingerprintFromJson(saved.fingerprint)
  const tail = fingerprintFromJson(saved.tail)
  if (typeof path !== 'string' || fingerprint === undefined || typeof inLongLine !== 'boolean') return undefined
  if (!isCount(generation) || !isCount(begin) || !isCount(offset) || !isCount(size)) return undefined
  const withheld = rangeFromJson(saved.withheld)
  const beginningOf = saved.beginningOf === undefined ? undefined : positionFromJson(saved.beginningOf as Json)
  return {
    path,
    generation,
    ...(typeof begun === 'number' ? { begun } : {}),
    fingerprint,
    ...(tail === undefined ? {} : { tail }),
    checkpoints: checkpointsFromJson(saved.checkpoints),
    firstLines: firstLinesFromJson(saved.firstLines),
    begin,
    offset,
    inLongLine,
    parts: partsFromJson(saved.parts, saved.carried),
    size,
    ...(typeof content === 'string' ? { content } : {}),
    ...(typeof sequence === 'string' ? { sequence } : {}),
    ...(isCount(saved.entriesFrom) ? { entriesFrom: saved.entriesFrom } : {}),
    ...forgeableFromJson(saved.forgeableTo),
    ...(typeof time === 'number' ? { time } : {}),
    ...(typeof gateway === 'string' ? { gateway } : {}),
    ...(isAway === true ? { isAway } : {}),
    ...(beginningOf === undefined ? {} : { beginningOf }),
    ...(beginningOf !== undefined && isCount(saved.takenTo) ? { takenTo: saved.takenTo } : {}),
    ...(withheld === undefined ? {} : { withheld }),
    ...(typeof follows === 'string' ? { follows } : {}),
    ...(typeof rotatedFrom === 'string' ? { rotatedFrom } : {}),
  }
}
