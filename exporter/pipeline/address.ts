import { BoundedMap } from '../../core/collections/bounded-map.ts'
import type { UnknownAddressReason } from '../../core/labels/event.ts'
import { parseAddress } from '../../core/net/address.ts'
import { compileNetworks } from '../../core/net/networks.ts'
import { embeddedIn, nat64Translation, type Translation } from '../../core/net/spellings.ts'
import { parseTarget } from '../../core/net/target.ts'
import { ownText } from '../../core/own-text.ts'
import { type ClaimedActor, MAX_FORWARDED } from '../../decoding/toolkit/record.ts'

export interface SourceAddress {
  /** Canonical text; absent where none could be read. */
  readonly address?: string
  /** True only where the address was seen on the socket or vouched for by a configured proxy. */
  readonly trusted: boolean
  /** Why none may be trusted, where the record reports a connection. */
  readonly unknown?: UnknownAddressReason
}

/** Addresses come again and again; parsing one takes longer than all the rest of an event. */
const ADDRESS_CAPACITY = 10_000

interface Known {
  readonly address: string
  readonly isProxy: boolean
}

export class AddressTrust {
  readonly #isProxy: (address: string) => boolean
  readonly #known = new BoundedMap<string, Known | null>(ADDRESS_CAPACITY)

  /**
   * @param trustedProxies networks or single addresses
   * @param nat64Prefixes prefixes in which the IPv4 address of a proxy may be written; of other spellings only
   *   IPv4-mapped addresses are proxies, because anybody can come from an address of a public translator
   */
  constructor(trustedProxies: readonly string[], nat64Prefixes: readonly string[] = []) {
    const isListed = compileNetworks(trustedProxies)
    const translations = nat64Prefixes.flatMap(text => nat64Translation(text) ?? [])
    this.#isProxy = address => isListed(address) || embedded(address, translations).some(({ text }) => isListed(text))
  }

  /**
   * The peer of the socket, unless that is a configured proxy: then the client that it vouches for, which is the
   * right-most entry of X-Forwarded-For that is not such a proxy itself. Everything left of it may be forged.
   */
  resolve(actor: ClaimedActor): SourceAddress {
    const { peerAddress, forwardedFor, resolvedAddress, packetAddress, addressUnknown, claimedAddress } = actor
    if (addressUnknown !== undefined) return this.#unknown(addressUnknown, claimedAddress)
    if (packetAddress !== undefined) return { ...this.#seen(packetAddress), trusted: false }
    if (peerAddress === undefined) return this.#seen(resolvedAddress)
    const peer = this.#read(peerAddress)
    if (peer === null) return { trusted: false, unknown: 'peer_invalid' }
    if (!peer.isProxy) return { address: peer.address, trusted: true }
    const unknown = (reason: UnknownAddressReason) => ({ address: peer.address, trusted: false, unknown: reason })
    if (forwardedFor === undefined) return unknown('forwarded_missing')
    if (forwardedFor.length >= MAX_FORWARDED) return unknown('forwarded_truncated')
    for (const entry of forwardedFor.split(',').reverse()) {
      const hop = this.#read(entry)
      if (hop === null) return unknown('forwarded_invalid')
      if (!hop.isProxy) return { address: hop.address, trusted: true }
    }
    return unknown('forwarded_proxies_only')
  }

  /** An address that the gateway saw or resolved itself; a proxy's own address is never used as the client's. */
  #seen(text: string | undefined): SourceAddress {
    const known = text === undefined ? null : this.#read(text)
    return known === null ? { trusted: false } : { address: known.address, trusted: !known.isProxy }
  }

  #unknown(unknown: UnknownAddressReason, claimed: string | undefined): SourceAddress {
    const known = claimed === undefined ? null : this.#read(claimed)
    return { trusted: false, unknown, ...(known !== null && { address: known.address }) }
  }

  #read(text: string): Known | null {
    const remembered = this.#known.get(text)
    if (remembered !== undefined) return remembered
    const address = parseAddress(text)
    const known = address === undefined ? null : { address, isProxy: this.#isProxy(address) }
    this.#known.set(ownText(text), known)
    return known
  }
}

function embedded(address: string, translations: readonly Translation[]) {
  const target = translations.length === 0 ? undefined : parseTarget(address)
  return target === undefined ? [] : embeddedIn(target, translations)
}
