import { isHost, networkOf, overlaps, parseTarget, type Target } from './target.ts'

/** A way to write IPv4 addresses as IPv6 addresses. IPv4-mapped addresses are none: `parseTarget` reads them as IPv4. */
export interface Translation {
  /** The IPv6 addresses that are written in this way. */
  readonly prefix: Target
  /** The bits of the IPv6 address, counted from the left, that are the 32 bits of the IPv4 address. */
  readonly bits: readonly number[]
  /** True where each of these bits is inverted. */
  readonly inverted: boolean
}

/**
 * Translations with a prefix of their own: IPv4-compatible (RFC 4291), SIIT (RFC 2765), NAT64 (RFC 6052), 6to4
 * (RFC 3056), and Teredo (RFC 4380) with its server and, inverted, its client.
 */
export const wellKnownTranslations: readonly Translation[] = [
  translation('::/96', 96),
  translation('::ffff:0:0:0/96', 96),
  translation('64:ff9b::/96', 96),
  translation('2002::/16', 16),
  translation('2001::/32', 32),
  translation('2001::/32', 96, true),
]

/** Lengths of a NAT64 prefix (RFC 6052, 2.2). */
const NAT64_LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96]
/** The octet of an address with a NAT64 prefix that holds no bit of the IPv4 address. */
const isReserved = (bit: number) => bit >= 64 && bit < 72

/** The well-known translations, and those by configured NAT64 prefixes; a text that is none adds nothing. */
export function translationsWith(nat64Prefixes: readonly string[]): readonly Translation[] {
  return [...wellKnownTranslations, ...nat64Prefixes.flatMap(text => nat64Translation(text) ?? [])]
}

/** The translation by a NAT64 prefix such as `2001:db8:64::/96`; undefined where the text is none. */
export function nat64Translation(text: string): Translation | undefined {
  const prefix = parseTarget(text)
  if (prefix?.family !== 6 || !NAT64_LENGTHS.includes(prefix.prefix)) return undefined
  const after = Array.from({ length: 128 - prefix.prefix }, (_, index) => prefix.prefix + index)
  return { prefix, bits: after.filter(bit => !isReserved(bit)).slice(0, 32), inverted: false }
}

/**
 * The IPv4 addresses that an address embeds, or networks with all that a network embeds. Empty for IPv4. They say where
 * an address may lead, not where its packets come from: protect by them, never trust by them.
 */
export function embeddedIn(target: Target, translations = wellKnownTranslations): readonly Target[] {
  return translations.filter(({ prefix }) => overlaps(prefix, target)).map(way => embeddedBy(way, target))
}

/** The one IPv4 address that an address stands for: that of the client, where it embeds a server's too. */
export function embeddedClient(target: Target, translations = wellKnownTranslations): Target | undefined {
  return embeddedIn(target, translations).findLast(isHost)
}

/** The same of a text; undefined where that is no address. */
export function embeddedAddress(text: string, translations = wellKnownTranslations): string | undefined {
  const target = parseTarget(text)
  return target && embeddedClient(target, translations)?.text
}

function embeddedBy({ bits, inverted }: Translation, { value, prefix }: Target): Target {
  const known = bits.filter(bit => bit < prefix)
  const isSet = (bit: number) => ((value >> BigInt(127 - bit)) & 1n) === (inverted ? 0n : 1n)
  const first = known.reduce((sum, bit, index) => (isSet(bit) ? sum | (1n << BigInt(31 - index)) : sum), 0n)
  return networkOf(4, first, known.length)
}

function translation(prefix: string, first: number, inverted = false): Translation {
  const bits = Array.from({ length: 32 }, (_, index) => first + index)
  return { prefix: parseTarget(prefix) as Target, bits, inverted }
}
