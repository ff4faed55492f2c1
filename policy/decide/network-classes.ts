import { BITS, parseTarget, type Target } from '../../core/net/target.ts'
import { createIntervals } from './intervals.ts'

/** The networks that a policy names, looked up by an address. Addresses that the same ones contain are of one class. */
export interface NetworkClasses {
  /** Classes are numbered from 0. */
  readonly size: number
  /** The class of an address; -1 where the text is none. An IPv4-mapped IPv6 address counts as IPv4. */
  classOf(address: string): number
  /** The networks of a class, by their canonical text. */
  networksOf(number: number): readonly string[]
}

/** Addresses other than IPv4 that are remembered, because reading them takes a microsecond. */
const CAPACITY = 16_384

export function createNetworkClasses(cidrs: Iterable<string>): NetworkClasses {
  const networks = [...new Set(cidrs)].map(text => ({ text, target: networkOf(text) }))
  const v4 = networks.filter(({ target }) => target.family === 4)
  const intervals = createIntervals(v4.flatMap(({ target }) => [Number(target.value), Number(endOf(target))]))
  const classes = Array.from({ length: intervals.size }, () => [] as string[])
  for (const { text, target } of v4) {
    const end = intervals.at(Number(endOf(target)) - 1)
    for (let at = intervals.at(Number(target.value)); at <= end; at++) classes[at]?.push(text)
  }
  const others = createLongAddresses(
    networks.filter(({ target }) => target.family === 6),
    dotted => intervals.at(dotted),
    classes,
  )
  return {
    size: classes.length,
    classOf(address) {
      const dotted = dottedNumber(address)
      return dotted >= 0 ? intervals.at(dotted) : others(address)
    },
    networksOf: number => classes[number] ?? [],
  }
}

interface Named {
  readonly text: string
  readonly target: Target
}

/**
 * Classes of addresses that are not four decimal numbers, by a table of those that were read.
 *
 * @param ofIpv4 the class of the number of an IPv4 address
 * @param classes the networks of each class, to which those of these addresses are added
 */
function createLongAddresses(
  networks: readonly Named[],
  ofIpv4: (dotted: number) => number,
  classes: (readonly string[])[],
): (address: string) => number {
  const byPrefix = new Map<number, Map<bigint, Named>>()
  for (const network of networks) {
    const { prefix, value } = network.target
    byPrefix.set(prefix, (byPrefix.get(prefix) ?? new Map<bigint, Named>()).set(value, network))
  }
  const covering = (value: bigint, longest: number): readonly string[] =>
    [...byPrefix].flatMap(([prefix, named]) => {
      if (prefix > longest) return []
      const shift = BigInt(BITS[6] - prefix)
      const network = named.get((value >> shift) << shift)
      return network === undefined ? [] : [network.text]
    })
  const byNetworks = new Map<string, number>()
  const classBy = (found: readonly string[]): number => {
    const key = found.join(' ')
    const known = byNetworks.get(key) ?? classes.push(found) - 1
    byNetworks.set(key, known)
    return known
  }
  // Every class there is: an address is in the networks that contain the smallest one that it is in.
  classBy([])
  for (const { target } of networks) classBy(covering(target.value, target.prefix))
  const read = (address: string): number => {
    const target = parseTarget(address)
    if (target === undefined || target.prefix !== BITS[target.family]) return -1
    return target.family === 4 ? ofIpv4(Number(target.value)) : classBy(covering(target.value, target.prefix))
  }
  const known = new Map<string, number>()
  return address => {
    const found = known.get(address)
    if (found !== undefined) return found
    if (known.size === CAPACITY) known.clear()
    const fresh = read(address)
    known.set(address, fresh)
    return fresh
  }
}

/** @throws Error where the language should have refused the text */
export function networkOf(cidr: string): Target {
  const target = parseTarget(cidr)
  if (target === undefined) throw new Error(`${cidr} is no network`)
  return target
}

const endOf = ({ family, value, prefix }: Target): bigint => value + (1n << BigInt(BITS[family] - prefix))

const ZERO = 0x30
const DOT = 0x2e

/** The number of an IPv4 address in its canonical form; -1 for any other text. */
function dottedNumber(text: string): number {
  const { length } = text
  if (length < 7 || length > 15) return -1
  let value = 0
  let part = -1
  let dots = 0
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === DOT) {
      if (part < 0) return -1
      value = value * 256 + part
      part = -1
      dots += 1
      continue
    }
    const digit = unit - ZERO
    // A leading zero is read as octal by some programs.
    if (digit < 0 || digit > 9 || part === 0) return -1
    part = part < 0 ? digit : part * 10 + digit
    if (part > 255) return -1
  }
  return dots === 3 && part >= 0 ? value * 256 + part : -1
}
