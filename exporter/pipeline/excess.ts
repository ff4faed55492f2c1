import { TextHasher } from '../../core/collections/text-hash.ts'

/** Unsigned 32-bit hash by which entries are chosen for eviction. */
export function contentHash(text: string, hasher = new TextHasher()): number {
  const words = new Int32Array(4)
  hasher.hash(text, words)
  return (words[0] ?? 0) >>> 0
}

/**
 * The entries to give up where at most `keep` may stay: those with the greatest hash of their text. The choice depends
 * on the entries alone, not on the order in which they came: choosing again from what stayed and from entries that came
 * later leaves the same as choosing from all at once.
 */
export function excessOf<T>(entries: readonly T[], keep: number, textOf: (entry: T) => string): T[] {
  if (entries.length <= keep) return []
  const hasher = new TextHasher()
  const hashes = Uint32Array.from(entries, entry => contentHash(textOf(entry), hasher))
  const bound = hashes.toSorted()[keep] ?? 0
  return entries.filter((_, index) => (hashes[index] ?? 0) >= bound)
}
