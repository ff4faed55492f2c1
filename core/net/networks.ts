import ipaddr from 'ipaddr.js'
import { unambiguous } from './address.ts'

/**
 * Compiles networks (`10.0.0.0/8`, `2001:db8::/32`) and single addresses to a test of an address. An IPv4-mapped IPv6
 * address (`::ffff:10.0.0.1`) counts as IPv4, no other spelling of IPv4 does; a text that is not an address is in no
 * network.
 *
 * @throws Error of ipaddr.js if a network is invalid; the configuration's schema has refused it before
 */
export function compileNetworks(networks: readonly string[]): (address: string) => boolean {
  const parsed = networks
    .map(unambiguous)
    .map(text => (text.includes('/') ? ipaddr.parseCIDR(text) : wholeAddress(text)))
  if (parsed.length === 0) return () => false
  return written => {
    const text = unambiguous(written)
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return parsed.some(([network, length]) => network.kind() === address.kind() && address.match(network, length))
  }
}

function wholeAddress(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(text)
  return [address, address.kind() === 'ipv4' ? 32 : 128]
}
