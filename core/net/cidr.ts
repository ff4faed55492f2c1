import ipaddr from 'ipaddr.js'

/** True for `10.0.0.0/8`, `2001:db8::/32` or a single address. */
export function isNetwork(text: string): boolean {
  if (!text.includes(':')) {
    // ipaddr.js also takes old forms (`10.1`, `0x7f000001`), which people read otherwise than machines do.
    return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv4.isValidCIDRFourPartDecimal(text)
  }
  if (!text.includes('/')) return ipaddr.IPv6.isValid(text)
  // Addresses are compared as IPv4 where they are IPv4 written as IPv6: such a network would never match.
  return ipaddr.IPv6.isValidCIDR(text) && !ipaddr.IPv6.parseCIDR(text)[0].isIPv4MappedAddress()
}
