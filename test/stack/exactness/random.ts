import { type Random, seededRandom } from '../../../core/random.ts'

/** The random numbers that belong to these keys: the same whatever else is drawn, so that a part of a case can be left out. */
export function randomOf(...keys: readonly number[]): Random {
  let mixed = 0x811c9dc5
  for (const key of keys) {
    mixed = Math.imul(mixed ^ key, 0x9e3779b1)
    mixed ^= mixed >>> 15
  }
  return seededRandom(mixed)
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, [least, most]: readonly [number, number]): number {
  return least + Math.floor(random() * (most - least + 1))
}

export function shuffle<T>(random: Random, items: T[]): T[] {
  for (let end = items.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1))
    const moved = items[end] as T
    items[end] = items[other] as T
    items[other] = moved
  }
  return items
}
