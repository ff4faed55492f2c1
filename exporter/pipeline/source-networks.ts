import { BoundedMap } from '../../core/collections/bounded-map.ts'
import { embeddedIn, translationsWith } from '../../core/net/spellings.ts'
import { parseTarget, type Target, widen } from '../../core/net/target.ts'
import { ownText } from '../../core/own-text.ts'

export interface SourceNetworkOptions {
  /** Bits of the network that counts as one source. */
  readonly ipv4_prefix: number
  readonly ipv6_prefix: number
}

/** A subscriber of IPv6 gets a /64 at least, and may come from each of its addresses. */
export const sourceNetworkDefaults: SourceNetworkOptions = { ipv4_prefix: 32, ipv6_prefix: 64 }

/** The network that an address is counted by; text of a network or a single address, of which it is the widened one. */
export type NetworkOf = (address: string) => string

/** Addresses come again and again; widening one takes longer than all the rest of an event. */
const CAPACITY = 10_000

/** @param nat64Prefixes beside the well-known prefix */
export function sourceNetworks(options = sourceNetworkDefaults, nat64Prefixes: readonly string[] = []): NetworkOf {
  const translations = translationsWith(nat64Prefixes)
  const known = new BoundedMap<string, string>(CAPACITY)
  /** Addresses of a translator that share a network belong to many clients: their IPv4 address is in the bits behind it. */
  const isShared = (target: Target) =>
    target.prefix === 128 &&
    translations
      .filter(({ bits }) => bits.some(bit => bit >= options.ipv6_prefix))
      .some(translation => embeddedIn(target, [translation]).length > 0)
  const widened = (address: string): string => {
    const target = parseTarget(address)
    if (target === undefined || (target.family === 6 && isShared(target))) return address
    return widen(target, target.family === 4 ? options.ipv4_prefix : options.ipv6_prefix).text
  }
  const isOrdinary = options.ipv6_prefix === 64 && nat64Prefixes.length === 0
  return address => {
    if (options.ipv4_prefix === 32 && !address.includes(':')) return address
    const remembered = known.get(address)
    if (remembered !== undefined) return remembered
    const network = (isOrdinary ? slash64(address) : undefined) ?? widened(address)
    known.set(ownText(address), network)
    return network
  }
}

const GROUPS = /^(?:[0-9a-f]{1,4}:){0,7}(?::|[0-9a-f]{1,4}$)/

/**
 * The /64 of an address in canonical text, without parsing it whole, which takes fifty times as long: an attacker may
 * come from a new address each time. Undefined where the start of the address may be that of a translator.
 */
function slash64(address: string): string | undefined {
  if (!GROUPS.test(address) || address.includes('.') || address.includes('/')) return undefined
  const [head = '', tail = ''] = address.split('::')
  const before = head.split(':')
  if (head === '' || before[0] === '64' || head === '2001' || head.startsWith('2001:0')) return undefined
  const after = address.includes('::') && tail !== '' ? tail.split(':') : []
  if (before.length + after.length > 8) return undefined
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after].slice(0, 4)
  while (groups.at(-1) === '0') groups.pop()
  return `${groups.join(':')}::/64`
}
