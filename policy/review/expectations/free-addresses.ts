import { BITS, contains, networkOf, type Target } from '../../../core/net/target.ts'

/**
 * Finds an address in a network that is in none of the narrower networks of a policy; of every address, where no network
 * is given. Where there is none, the first address of the network.
 */
export type FreeAddresses = (within: Target | undefined) => string | undefined

const EVERY = [networkOf(4, 0n, 0), networkOf(6, 0n, 0)]

export function createFreeAddresses(networks: Iterable<Target>): FreeAddresses {
  const distinct = new Map<string, Target>()
  for (const network of networks) distinct.set(network.text, network)
  const sorted = [...distinct.values()].sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
  const known = new Map<string, string | undefined>()
  const find = (within: Target, isWhole: boolean): string | undefined => {
    const key = `${within.text} ${isWhole}`
    if (known.has(key)) return known.get(key)
    const taken = sorted.filter(one => contains(within, one) && (isWhole || one.prefix > within.prefix))
    const found = freeIn(within, taken)
    known.set(key, found)
    return found
  }
  return within => {
    if (within !== undefined)
      return find(within, false) ?? networkOf(within.family, within.value, BITS[within.family]).text
    for (const every of EVERY) {
      const found = find(every, true)
      if (found !== undefined) return found
    }
    return undefined
  }
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
