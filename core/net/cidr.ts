import ipaddr from 'ipaddr.js'

/** True for `10.0.0.0/8`, `2001:db8::/32` or a single address. */
export function isNetwork(text: string): boolean {
  if (!text.includes(':')) {
    // ipaddr.js also accepts legacy forms (`10.1`, `0x7f000001`), which people and programs read differently.
    return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv4.isValidCIDRFourPartDecimal(text)
  }
  if (!text.includes('/')) return ipaddr.IPv6.isValid(text)
  // IPv4-mapped IPv6 addresses are compared as IPv4: such a network would never match.
  return ipaddr.IPv6.isValidCIDR(text) && !ipaddr.IPv6.parseCIDR(text)[0].isIPv4MappedAddress()
}
