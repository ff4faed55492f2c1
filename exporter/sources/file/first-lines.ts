import type { FileContent } from './content.ts'
import { type Encoding, encodingOf, endOfFirstLine } from './encoding.ts'
import { digest, readHead } from './fingerprint.ts'

/** What a file begins with, line by line: two logs of one program differ in the first of these lines that has a time. */
export interface FirstLines {
  /** One for each line: of that line and all before it. */
  readonly digests: readonly string[]
  /** The byte after the last of these lines. */
  readonly to: number
}

export const noFirstLines: FirstLines = { digests: [], to: 0 }

/** More than a program writes before the first line that has a time. */
const MAX_LINES = 64
/** Lines that end after this byte are none of the first ones. */
const MAX_BYTES = 256 * 1024

/** The first lines after complete lines were read at `offset`; the same where lines before these are not known. */
export function withLines(known: FirstLines, offset: number, read: Buffer, encoding: Encoding): FirstLines {
  if (known.to !== offset || known.digests.length >= MAX_LINES) return known
  const digests = [...known.digests]
  let { to } = known
  while (digests.length < MAX_LINES) {
    const rest = read.subarray(to - offset)
    const end = endOfFirstLine(rest, encoding)
    if (end === 0 || to + end > MAX_BYTES) break
    digests.push(digestAfter(digests.at(-1), rest.subarray(0, end)))
    to += end
  }
  return to === offset ? known : { digests, to }
}

/** The first lines of a file, with the byte after each. */
export interface FoundLines extends FirstLines {
  readonly ends: readonly number[]
}

/** Reads the first lines that end before the byte `before` of a file, or at it. */
export async function readFirstLines(handle: FileContent, before: number, head: Buffer): Promise<FoundLines> {
  const length = Math.min(before, MAX_BYTES)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0)
  const bytes = buffer.subarray(0, bytesRead)
  const encoding = encodingOf(head)
  const digests: string[] = []
  const ends: number[] = []
  for (let to = 0; digests.length < MAX_LINES; ) {
    const end = endOfFirstLine(bytes.subarray(to), encoding)
    if (end === 0) break
    digests.push(digestAfter(digests.at(-1), bytes.subarray(to, to + end)))
    to += end
    ends.push(to)
  }
  return { digests, ends, to: ends.at(-1) ?? 0 }
}

/** The same, for a position at that byte. */
export async function firstLinesBefore(handle: FileContent, before: number): Promise<FirstLines> {
  const { digests, to } = await readFirstLines(handle, before, await readHead(handle))
  return { digests, to }
}

/** How many lines two files begin with that are the same. */
export function equalLines({ digests: one }: FirstLines, { digests: other }: FirstLines): number {
  const different = one.findIndex((digest, index) => digest !== other[index])
  return different < 0 ? one.length : different
}

/** True where the bytes are the first of these lines without its newline. */
export const isFirstLine = ({ digests: [first] }: FirstLines, bytes: Buffer): boolean =>
  first === digestAfter(undefined, Buffer.concat([bytes, Buffer.from('\n')]))

const digestAfter = (before = '', line: Buffer): string => digest(Buffer.concat([Buffer.from(before), line]))

/** A state written before there were first lines has none. */
export function firstLinesFromJson(value: unknown): FirstLines {
  const { digests, to } = (value ?? {}) as Partial<Record<keyof FirstLines, unknown>>
  if (!Array.isArray(digests) || !digests.every(digest => typeof digest === 'string')) return noFirstLines
  return Number.isSafeInteger(to) ? { digests: digests.slice(0, MAX_LINES), to: Number(to) } : noFirstLines
}
