import ipaddr from 'ipaddr.js'

/** A network: an address and the length of its prefix, as ipaddr.js matches it. */
export type Cidr = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, prefixLength: number]

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined where the text is neither. */
export function parseCidr(text: string): Cidr | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text)
  // ipaddr.js also takes old forms (`10.1`, `0x7f000001`), which people read otherwise than machines do.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return [ipaddr.IPv4.parse(text), 32]
  if (ipaddr.IPv6.isValid(text)) return [ipaddr.IPv6.parse(text), 128]
  return undefined
}

/** True where the text is an address inside one of the networks; IPv4 written as IPv6 (`::ffff:10.0.0.1`) counts as IPv4. */
export function isInside(address: string, networks: readonly Cidr[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return networks.some(([network, length]) => network.kind() === parsed.kind() && parsed.match(network, length))
}
