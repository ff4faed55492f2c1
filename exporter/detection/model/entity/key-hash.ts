/**
 * 53-bit hash of a key (two 32-bit FNV-1a passes, mixed), exact in a number: 100,000 keys meet by chance with
 * probability about 1e-6. The seed keeps an attacker from preparing keys that collide with a known one.
 */
export function hashKey(key: string, seed: number): number {
  let high = (0x811c9dc5 ^ seed) >>> 0
  let low = (0x1b873593 ^ Math.imul(seed, 0x85ebca6b)) >>> 0
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit, 0x5bd1e995)
    low ^= low >>> 15
  }
  return (mixed(high ^ (low >>> 7)) & 0x1fffff) * 2 ** 32 + mixed(low ^ Math.imul(high, 0x9e3779b1))
}

/** Spreads every bit over all bits. */
function mixed(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return (h ^ (h >>> 16)) >>> 0
}
