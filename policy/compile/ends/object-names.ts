import { TextHasher } from '../../../core/collections/text-hash.ts'

const MAX_LENGTH = 63
const HASH_DIGITS = 8

/** Words of letters and digits with one hyphen between two. */
const WORDS = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * A name of a Kubernetes object (RFC 1123 label) for texts of users, which differs where they differ: their letters and digits
 * in lower case, and a hash of the texts where these do not say all of them.
 */
export function objectName(...parts: readonly string[]): string {
  const plain = parts
    .map(part =>
      part
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replaceAll(/^-|-$/g, ''),
    )
    .join('--')
  if (plain.length <= MAX_LENGTH && parts.every(part => part.length <= MAX_LENGTH && WORDS.test(part))) return plain
  const beginning = plain.slice(0, MAX_LENGTH - HASH_DIGITS - 1).replaceAll(/^-+|-+$/g, '')
  return `${beginning || 'policy'}-${hashOf(parts.join('\n'))}`
}

function hashOf(text: string): string {
  const hash = new Int32Array(4)
  new TextHasher().hash(text, hash)
  return ((hash[0] ?? 0) >>> 0).toString(16).padStart(HASH_DIGITS, '0')
}

/** A text of users on one line of a comment. */
export const commentText = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\uFFFD')
