import ipaddr from 'ipaddr.js'
import { unambiguous } from './address.ts'

/** The target of an action: one address, or a network. */
export interface Target {
  readonly family: 4 | 6
  /** First address of the network, as an unsigned number of 32 or 128 bits. */
  readonly value: bigint
  /** Bits of the network: 32 or 128 for one address. */
  readonly prefix: number
  /** Canonical text: `192.0.2.1`, `2001:db8::/64`. Equal targets have equal texts. */
  readonly text: string
}

/** Of an address, by family. */
export const BITS = { 4: 32, 6: 128 } as const
const MAX_TEXT_LENGTH = 64

/**
 * Reads an address or a network in CIDR form. Short and octal forms (`10.1`, `010.0.0.1`), zones (`fe80::1%eth0`),
 * ports, names and prefixes with a leading zero are refused: a text that programs read differently must not decide what is blocked. Bits after the
 * prefix are cleared; an IPv4-mapped IPv6 address becomes IPv4.
 */
export function parseTarget(text: string): Target | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined
  const [host = '', length, ...more] = text.trim().split('/')
  if (more.length > 0 || (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length))) return undefined
  const dotted = ipv4Of(host)
  if (dotted !== undefined) {
    const bits = length === undefined ? BITS[4] : Number(length)
    return bits > BITS[4] ? undefined : networkOf(4, dotted, bits)
  }
  const address = parseAddress(host)
  if (address === undefined) return undefined
  const plain = unmapped(address)
  const family = plain instanceof ipaddr.IPv4 ? 4 : 6
  const written = length === undefined ? undefined : Number(length) - (plain === address ? 0 : 96)
  const prefix = written ?? BITS[family]
  if (prefix < 0 || prefix > BITS[family]) return undefined
  return networkOf(family, numberOf(plain), prefix)
}

/** The network of this prefix that contains the target; the target itself if its prefix is not longer. */
export function widen(target: Target, prefix: number): Target {
  return prefix >= target.prefix ? target : networkOf(target.family, target.value, prefix)
}

export function isHost({ family, prefix }: Target): boolean {
  return prefix === BITS[family]
}

/** True if `outer` contains every address of `inner`. Two networks either nest or are disjoint. */
export function contains(outer: Target, inner: Target): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && masked(inner, outer.prefix) === outer.value
}

export function overlaps(one: Target, other: Target): boolean {
  return contains(one, other) || contains(other, one)
}

/**
 * The networks that together hold exactly the addresses of a range, lowest first.
 *
 * @returns undefined where the ends are of two families or in the wrong order
 */
export function networksOfRange(first: Target, last: Target): readonly Target[] | undefined {
  const { family } = first
  const bits = BITS[family]
  const end = last.value + sizeOf(bits, last.prefix)
  if (last.family !== family || end <= first.value) return undefined
  const networks: Target[] = []
  let value = first.value
  while (value < end) {
    let prefix = bits
    // Wider while it begins at its own first address and ends within the range.
    while (prefix > 0 && masked({ family, value }, prefix - 1) === value && value + sizeOf(bits, prefix - 1) <= end) {
      prefix -= 1
    }
    networks.push(networkOf(family, value, prefix))
    value += sizeOf(bits, prefix)
  }
  return networks
}

const sizeOf = (bits: number, prefix: number): bigint => 1n << BigInt(bits - prefix)

/** The first address of the network of this prefix, as a number. */
export function masked({ family, value }: Pick<Target, 'family' | 'value'>, prefix: number): bigint {
  const shift = BigInt(BITS[family] - prefix)
  return (value >> shift) << shift
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const DOTTED = new RegExp(`^${Array(4).fill(OCTET).join('\\.')}$`)

/** Four decimal numbers without leading zeros. A path of its own, because lists contain hundreds of thousands of them. */
function ipv4Of(host: string): bigint | undefined {
  const found = DOTTED.exec(host)
  if (found === null) return undefined
  const [, a, b, c, d] = found
  return BigInt(Number(a) * 2 ** 24 + Number(b) * 2 ** 16 + Number(c) * 2 ** 8 + Number(d))
}

function parseAddress(host: string): ipaddr.IPv6 | undefined {
  const text = unambiguous(host)
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.IPv6.parse(text)
}

function unmapped(address: ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** The network of this prefix that holds an address; bits behind the prefix are cleared. */
export function networkOf(family: 4 | 6, value: bigint, prefix: number): Target {
  const first = masked({ family, value }, prefix)
  const host = family === 4 ? dottedText(Number(first)) : ipv6Text(first)
  return { family, value: first, prefix, text: prefix === BITS[family] ? host : `${host}/${prefix}` }
}

const dottedText = (value: number): string =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`

function ipv6Text(value: bigint): string {
  const bytes = Array.from({ length: 16 }, (_, index) => Number((value >> BigInt(8 * (15 - index))) & 0xffn))
  return new ipaddr.IPv6(bytes).toRFC5952String()
}
