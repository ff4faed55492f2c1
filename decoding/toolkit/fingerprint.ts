import { type Hash128, TextHasher } from '../../core/collections/text-hash.ts'
import type { Fields } from './fields.ts'

const hasher = new TextHasher()

/**
 * 128 bits by which two records are taken to be equal as a whole: a hash of these of their fields, which both have in
 * the same order. Not cryptographic.
 */
export function fingerprint(fields: Fields, names: readonly string[]): string {
  const into: Hash128 = new Int32Array(4)
  hasher.hash(JSON.stringify(names.map(name => fields[name])), into)
  return into.join(' ')
}
