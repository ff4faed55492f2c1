import ipaddr from 'ipaddr.js'

/** Whose limits a connection counts in: an IPv4 address, or the /64 of an IPv6 address, which one host can own whole. */
export function peerOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return ''
  const parsed = ipaddr.process(address)
  if (!('parts' in parsed)) return parsed.toString()
  return `${parsed.parts
    .slice(0, 4)
    .map(part => part.toString(16))
    .join(':')}::/64`
}
