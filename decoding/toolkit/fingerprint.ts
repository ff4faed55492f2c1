import { type Hash128, TextHasher } from '../../core/collections/text-hash.ts'
import type { Fields } from './fields.ts'

const hasher = new TextHasher()

/** A text after its length is no other value, whatever it holds. */
function written(value: unknown): string {
  if (typeof value === 'string') return `${value.length} ${value}`
  return typeof value === 'number' ? `n${value}` : `j${JSON.stringify(value)}`
}

/**
 * 128 bits by which two records are taken to be equal as a whole: a hash of these of their fields, which both have in
 * the same order. Not cryptographic.
 */
export function fingerprint(fields: Fields, names: readonly string[]): string {
  const into: Hash128 = new Int32Array(4)
  let text = ''
  for (let index = 0; index < names.length; index++) {
    const value = fields[names[index] as string]
    if (value !== undefined) text += `${index} ${written(value)}\n`
  }
  hasher.hash(text, into)
  return `${into[0]} ${into[1]} ${into[2]} ${into[3]}`
}
