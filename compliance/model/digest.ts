import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../../service/state/state.ts'

/**
 * JSON in the canonical form of RFC 8785: the same data gives the same text. It has no form for half of a pair of
 * surrogates, which an attacker may write into a name: U+FFFD takes its place.
 */
export function canonical(value: Json): string {
  const text = canonicalize(wellFormed(value))
  if (text === undefined) throw new TypeError('undefined has no canonical form')
  return text
}

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), wellFormed(inner)]))
}

/** SHA-256, hexadecimal. */
export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** SHA-256 of the canonical form. */
export const digestOf = (value: Json): string => sha256(canonical(value))

/** Namespace of the UUIDs of reports: version 5 (RFC 9562) of the DNS name `clawtrust`. */
const NAMESPACE = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex')

/** UUID version 5 (RFC 9562): the same text gives the same UUID. */
export function uuidOf(text: string): string {
  const hash = createHash('sha1').update(NAMESPACE).update(text).digest().subarray(0, 16)
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6)
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8)
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
