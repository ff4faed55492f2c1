import { BITS, contains, networkOf, type Target } from '../../../core/net/target.ts'

/**
 * Finds addresses for an end in a network: one that is in none of the narrower networks of a policy, else the first one. Of an
 * end without a network: one that is in no network of the policy. Where these hold every address of a family, no end of it is
 * outside of them, and there is one in each of the innermost networks that share the family.
 */
export type FreeAddresses = (within: Target | undefined) => readonly string[]

const EVERY = [networkOf(4, 0n, 0), networkOf(6, 0n, 0)]

export function createFreeAddresses(networks: Iterable<Target>): FreeAddresses {
  const distinct = new Map<string, Target>()
  for (const network of networks) distinct.set(network.text, network)
  const sorted = [...distinct.values()].sort((a, b) =>
    a.value < b.value ? -1 : a.value > b.value ? 1 : a.prefix - b.prefix,
  )
  const known = new Map<string, string | undefined>()
  /** They follow each other. */
  const narrower = (within: Target): readonly Target[] => {
    const first = firstFrom(sorted, within.value)
    let end = first
    while (end < sorted.length && (sorted[end] as Target).value <= lastOf(within)) end += 1
    return sorted.slice(first, end).filter(one => one.prefix > within.prefix && contains(within, one))
  }
  const find = (within: Target): string | undefined => {
    if (!known.has(within.text)) known.set(within.text, freeIn(within, narrower(within)))
    return known.get(within.text)
  }
  const inEach = (within: Target): readonly string[] => {
    const found = find(within)
    return found === undefined ? outermost(narrower(within)).flatMap(inEach) : [found]
  }
  const outside = EVERY.flatMap(every => (distinct.has(every.text) ? [] : (find(every) ?? []))).slice(0, 1)
  const inside = EVERY.filter(every => distinct.has(every.text) || find(every) === undefined).flatMap(inEach)
  const without = [...outside, ...inside]
  return within =>
    within === undefined ? without : [find(within) ?? networkOf(within.family, within.value, BITS[within.family]).text]
}

/** @param taken in the order of their first addresses */
function freeIn({ family, value, prefix }: Target, taken: readonly Target[]): string | undefined {
  const bits = BITS[family]
  // The first address of everything (0.0.0.0, ::) is no address of a host.
  let free = value === 0n && prefix < bits ? 1n : value
  for (const one of taken) {
    if (one.value > free) break
    const end = one.value + (1n << BigInt(bits - one.prefix))
    if (end > free) free = end
  }
  return free < value + (1n << BigInt(bits - prefix)) ? networkOf(family, free, bits).text : undefined
}

/** @param sorted by their first addresses, then the widest first */
function outermost(sorted: readonly Target[]): readonly Target[] {
  const found: Target[] = []
  for (const one of sorted) {
    const last = found.at(-1)
    if (last === undefined || !contains(last, one)) found.push(one)
  }
  return found
}

const lastOf = ({ family, value, prefix }: Target): bigint => value + (1n << BigInt(BITS[family] - prefix)) - 1n

/** The position of the first one that begins at a value or behind it. */
function firstFrom(sorted: readonly Target[], value: bigint): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as Target).value < value) low = middle + 1
    else high = middle
  }
  return low
}
