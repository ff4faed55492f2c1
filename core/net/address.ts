import ipaddr from 'ipaddr.js'

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:80`, each possibly with a zone. */
const WRITTEN =
  /^\s*"?(?:\[([0-9a-fA-F:.]{2,45})(?:%[\w.-]{1,32})?\](?::\d{1,5})?|([\d.]{7,15})(?::\d{1,5})?|([0-9a-fA-F:.]{2,45})(?:%[\w.-]{1,32})?)"?\s*$/

/**
 * The canonical text of an address; an IPv4-mapped IPv6 address becomes IPv4, other spellings of IPv4 do not. Undefined
 * if the text is not an address.
 */
export function parseAddress(text: string): string | undefined {
  const found = WRITTEN.exec(text)
  const written = found?.[1] ?? found?.[2] ?? found?.[3]
  if (written === undefined) return undefined
  const bare = unambiguous(written)
  const valid = bare.includes(':') ? ipaddr.IPv6.isValid(bare) : ipaddr.IPv4.isValidFourPartDecimal(bare)
  return valid ? ipaddr.process(bare).toString() : undefined
}

/** ipaddr.js reads `::192.0.2.1`, which is IPv4-compatible, as the IPv4-mapped `::ffff:192.0.2.1`, but not with a zero. */
export const unambiguous = (text: string): string => text.replace(/^::(?=\d{1,3}\.)/, '::0:')
