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

const BITS = { 4: 32, 6: 128 } as const
const MAX_TEXT_LENGTH = 64

/**
 * Reads an address or a network in CIDR form. Short and octal forms (`10.1`, `010.0.0.1`), zones (`fe80::1%eth0`),
 * ports and names are refused: a text that programs read differently must not decide what is blocked. Bits after the
 * prefix are cleared; an IPv4-mapped IPv6 address becomes IPv4.
 */
export function parseTarget(text: string): Target | undefined {
  if (text.length > MAX_TEXT_LENGTH) return undefined
  const [host = '', length, ...more] = text.trim().split('/')
  if (more.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length))) return undefined
  const address = parseAddress(host)
  if (address === undefined) return undefined
  const plain = unmapped(address)
  const family = plain.kind() === 'ipv4' ? 4 : 6
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

/** The first address of the network of this prefix, as a number. */
export function masked({ family, value }: Pick<Target, 'family' | 'value'>, prefix: number): bigint {
  const shift = BigInt(BITS[family] - prefix)
  return (value >> shift) << shift
}

function parseAddress(host: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(host)) return ipaddr.IPv4.parse(host)
  const text = unambiguous(host)
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.IPv6.parse(text)
}

function unmapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** The network of this prefix that holds an address; bits behind the prefix are cleared. */
export function networkOf(family: 4 | 6, value: bigint, prefix: number): Target {
  const first = masked({ family, value }, prefix)
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index, size = BITS[family] / 8) =>
    Number((first >> BigInt(8 * (size - 1 - index))) & 0xffn),
  )
  const address = ipaddr.fromByteArray(bytes)
  const host = address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()
  return { family, value: first, prefix, text: prefix === BITS[family] ? host : `${host}/${prefix}` }
}
