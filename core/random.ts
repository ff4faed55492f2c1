/** Evenly distributed in [0, 1). */
export type Random = () => number

/** The generator "mulberry32" (public domain, Tommy Ettinger): the same numbers for the same seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many lower-case hexadecimal digits. */
export function randomHex(random: Random, digits: number): string {
  let hex = ''
  while (hex.length < digits) hex += ((random() * 2 ** 32) >>> 0).toString(16).padStart(8, '0')
  return hex.slice(0, digits)
}

/** A connection id in the gateway's form. */
export function randomUuid(random: Random): string {
  const hex = randomHex(random, 32)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Number of events where `mean` are expected (Poisson, by multiplication; for means up to about 500). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean)
  let events = 0
  for (let product = random(); product > limit; product *= random()) events++
  return events
}
