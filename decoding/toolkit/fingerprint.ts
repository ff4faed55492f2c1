import { type Hash128, TextHasher } from '../../core/collections/text-hash.ts'
import type { Fields } from './fields.ts'

const hasher = new TextHasher()

/**
 * 128 bits by which two records are taken to be equal: a hash of these of their fields. Not cryptographic.
 *
 * @param names in an order that is the same for all records that are compared
 */
export function fingerprint(fields: Fields, names: readonly string[]): string {
  const present: unknown[] = []
  for (let index = 0; index < names.length; index++) {
    const value = fields[names[index] as string]
    if (value !== undefined) present.push(index, value)
  }
  const into: Hash128 = new Int32Array(4)
  hasher.hash(JSON.stringify(present), into)
  return `${into[0]} ${into[1]} ${into[2]} ${into[3]}`
}
