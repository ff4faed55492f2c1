/**
 * 31-bit hash of a few texts, by which entries are chosen for eviction: FNV-1a over the UTF-16 units, mixed by
 * the finaliser of MurmurHash3. The same on every replica.
 */
export function contentHash(texts: readonly (string | undefined)[]): number {
  let hash = 0x811c9dc5
  for (const text of texts) {
    hash = Math.imul(hash ^ (text?.length ?? 0xffff), 0x01000193)
    for (let index = 0; index < (text?.length ?? 0); index++) {
      hash = Math.imul(hash ^ (text as string).charCodeAt(index), 0x01000193)
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 1
}

/**
 * The entries to give up where at most `keep` may stay: those with the greatest hash. The choice depends on the entries
 * alone, not on the order in which they came: choosing again from what stayed and from entries that came later leaves
 * the same as choosing from all at once.
 */
export function excessOf<T>(entries: readonly T[], keep: number, hashOf: (entry: T) => number): T[] {
  if (entries.length <= keep) return []
  const hashes = new Uint32Array(entries.length)
  for (let index = 0; index < entries.length; index++) hashes[index] = hashOf(entries[index] as T)
  const bound = hashes.toSorted()[keep] ?? 0
  return entries.filter((_, index) => (hashes[index] ?? 0) >= bound)
}
