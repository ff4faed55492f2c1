import { TextHasher } from '../../../core/collections/text-hash.ts'

const MAX_LENGTH = 63
const HASH_DIGITS = 8

const hasher = new TextHasher()

/**
 * A name of a Kubernetes object (RFC 1123 label) for texts of users: their letters and digits in lower case, and a hash of the
 * texts where these do not say all of them.
 */
export function objectName(...parts: readonly string[]): string {
  const text = parts.join('.')
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if (plain === text.replaceAll('.', '-') && plain.length <= MAX_LENGTH) return plain
  return `${plain.slice(0, MAX_LENGTH - HASH_DIGITS - 1).replace(/-$/, '') || 'rule'}-${hashOf(text)}`
}

function hashOf(text: string): string {
  const hash = new Int32Array(4)
  hasher.hash(text, hash)
  return ((hash[0] ?? 0) >>> 0).toString(16).padStart(HASH_DIGITS, '0')
}

/** A text of users on one line of a comment. */
export const commentText = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')
