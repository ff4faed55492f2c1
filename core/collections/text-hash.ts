/** Four signed 32-bit words. */
export type Hash128 = Int32Array

/** One multiplier for each lane: odd constants of xxHash and MurmurHash3. */
const [LANE_0, LANE_1, LANE_2, LANE_3] = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f]

/**
 * 128-bit hash of a text: four rotate-xor-multiply lanes over its UTF-16 units, mixed by the finaliser of MurmurHash3.
 * Not cryptographic. With n keys in memory, the probability that a new key collides with one of them is n / 2^128: at
 * 100,000 keys a second and ten million in memory, once in 10^18 years.
 *
 * The beginning is hashed once, so that of many texts with the same beginning only the rest is hashed: the result
 * equals the hash of the whole text.
 */
export class TextHasher {
  readonly #beginning = new Int32Array([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])

  constructor(beginning = '') {
    absorb(this.#beginning, beginning)
  }

  /** Hashes the beginning followed by `rest` into the four words of `into`. */
  hash(rest: string, into: Hash128): void {
    into.set(this.#beginning)
    absorb(into, rest)
    finish(into)
  }
}

function absorb(state: Hash128, text: string): void {
  // By index: to take a typed array apart calls an iterator.
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(((a << 5) | (a >>> 27)) ^ unit, LANE_0)
    b = Math.imul(((b << 9) | (b >>> 23)) ^ unit, LANE_1)
    c = Math.imul(((c << 13) | (c >>> 19)) ^ unit, LANE_2)
    d = Math.imul(((d << 17) | (d >>> 15)) ^ unit, LANE_3)
  }
  state[0] = a
  state[1] = b
  state[2] = c
  state[3] = d
}

/** After this, each word depends on every lane. */
function finish(state: Hash128): void {
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  a = (a + b + c + d) | 0
  b = (b + a) | 0
  c = (c + a) | 0
  d = (d + a) | 0
  a = mix(a)
  b = mix(b)
  c = mix(c)
  d = mix(d)
  a = (a + b + c + d) | 0
  state[0] = a
  state[1] = (b + a) | 0
  state[2] = (c + a) | 0
  state[3] = (d + a) | 0
}

function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
