import { hash } from 'node:crypto'
import type { FileContent } from './content.ts'

/** How much of a file's beginning is compared with others: lines of one gateway differ within their first kibibyte. */
export const HEAD_BYTES = 1024

/** What a file begins with, up to `HEAD_BYTES`, or what lies before a byte of it, up to `TAIL_BYTES`. */
export interface Fingerprint {
  /** Bytes that the hash covers. */
  readonly length: number
  readonly hash: string
}

/** How much of what was read last is remembered, to recognise the content that a position is in. */
const TAIL_BYTES = 1024

export const emptyFingerprint: Fingerprint = { length: 0, hash: '' }

const NEWLINE = 10

export const readHead = async (handle: FileContent): Promise<Buffer> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}

export const digest = (bytes: Buffer): string => hash('sha256', bytes, 'hex').slice(0, 16)

export const fingerprintOf = (head: Buffer): Fingerprint =>
  head.length === 0 ? emptyFingerprint : { length: head.length, hash: digest(head) }

/** True when a file that begins with `head` can be the one whose beginning was remembered. */
export const beginsLike = (head: Buffer, remembered: Fingerprint): boolean =>
  head.length >= remembered.length &&
  (remembered.length === 0 || digest(head.subarray(0, remembered.length)) === remembered.hash)

/** The fingerprint of the end of what was read. */
export const tailOf = (read: Buffer): Fingerprint => fingerprintOf(read.subarray(-TAIL_BYTES))

/** The fingerprint of the last `most` bytes before the byte `offset` of a file; of fewer where fewer can be read. */
export async function tailBefore(handle: FileContent, offset: number, most = TAIL_BYTES): Promise<Fingerprint> {
  const length = Math.min(most, offset)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset - length)
  return fingerprintOf(buffer.subarray(0, bytesRead))
}

/** True when what lies before the byte `offset` of a file has this fingerprint. */
export async function precedes(tail: Fingerprint, handle: FileContent, offset: number): Promise<boolean> {
  const found = await tailBefore(handle, offset, tail.length)
  return found.length === tail.length && found.hash === tail.hash
}

/** A name for the content that follows: the hash of its first line. Undefined while that line is not complete. */
export const contentName = (head: Buffer): string | undefined => {
  const end = head.indexOf(NEWLINE)
  if (end >= 0) return digest(head.subarray(0, end))
  return head.length >= HEAD_BYTES ? digest(head) : undefined
}
