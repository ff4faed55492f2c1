import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'

/** How much of a file's beginning tells it from others: gateway lines begin differently within their first kibibyte. */
export const HEAD_BYTES = 1024

/** What a file begins with. Grows with the file up to `HEAD_BYTES`. */
export interface Fingerprint {
  /** Bytes that the hash covers. */
  readonly length: number
  readonly hash: string
}

export const emptyFingerprint: Fingerprint = { length: 0, hash: '' }

const NEWLINE = 10

export const readHead = async (handle: FileHandle): Promise<Buffer> => {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
  return buffer.subarray(0, bytesRead)
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)

export const fingerprintOf = (head: Buffer): Fingerprint =>
  head.length === 0 ? emptyFingerprint : { length: head.length, hash: digest(head) }

/** True when a file that begins with `head` can be the one whose beginning was remembered. */
export const beginsLike = (head: Buffer, remembered: Fingerprint): boolean =>
  head.length >= remembered.length &&
  (remembered.length === 0 || digest(head.subarray(0, remembered.length)) === remembered.hash)

/** A name for the content that follows: the hash of its first line. Undefined while that line is not complete. */
export const contentName = (head: Buffer): string | undefined => {
  const end = head.indexOf(NEWLINE)
  if (end >= 0) return digest(head.subarray(0, end))
  return head.length >= HEAD_BYTES ? digest(head) : undefined
}
