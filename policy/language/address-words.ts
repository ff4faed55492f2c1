import { parseTarget } from '../../core/net/target.ts'

/** What a word that is an address, a network or a host name is read to, or what is wrong with it. */
export type AddressWord =
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'host'; readonly name: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly suggestion?: string }

/** The word for every end. A host of this name, which DNS can have, cannot be written in the language. */
export const ANY = 'any'

/** A network in canonical form (`10.0.0.0/8`), or what is wrong with it. */
export function networkWord(word: string): AddressWord {
  const target = parseTarget(word)
  if (target === undefined) return wrong(explainNetwork(word))
  const given = word.includes('/') ? parseTarget(word.slice(0, word.indexOf('/'))) : undefined
  if (given !== undefined && given.value !== target.value) {
    const message = `has bits behind its prefix: the network is ${target.text}, the address ${given.text}; write the one that is meant`
    return wrong(message, target.text)
  }
  return { kind: 'network', cidr: target.text }
}

/**
 * A bare word: an address or a network where it looks like one, else a host name. What looks like an address and is none
 * (`10.0.0`, `10.0.0.0/33`) is never a host name.
 */
export function bareWord(word: string): AddressWord {
  if (/^[\d./]+$/.test(word) || word.includes(':') || word.includes('/')) return networkWord(word)
  return hostWord(word)
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/
const MAX_HOST = 253

function hostWord(word: string): AddressWord {
  const name = word.toLowerCase()
  if (name.endsWith('.')) return wrong('ends with a dot; write the name without it', name.slice(0, -1))
  const labels = (name.startsWith('*.') ? name.slice(2) : name).split('.')
  if (name.includes('*', 1) || (name.startsWith('*') && !name.startsWith('*.'))) {
    return wrong(
      name === '*'
        ? 'is no host name; write any'
        : 'has a star in another place than at the begin, as in *.example.com',
      name === '*' ? 'any' : undefined,
    )
  }
  if (/^(?:0x[\da-f]+|\d+)$/.test(labels.at(-1) ?? '')) {
    return wrong(`ends with a number, as an address does, and is none; ${ADDRESS_FORM}`)
  }
  if (name.length > MAX_HOST) return wrong(`is longer than the ${MAX_HOST} characters of a host name`)
  if (!labels.every(label => LABEL.test(label))) {
    return wrong('is no host name; its labels have letters, digits and hyphens, at most 63, with dots between them')
  }
  return { kind: 'host', name }
}

const ADDRESS_FORM =
  'an address has four numbers from 0 to 255, as in 10.0.0.5, and a network a prefix too, as in 10.0.0.0/8'

function explainNetwork(word: string): string {
  if (word.includes('://')) return 'is a URL; write its host name and port, or service-identity= before a SPIFFE id'
  const [address = '', prefix, ...more] = word.split('/')
  if (more.length > 0) return 'has more than one "/"; write an address and a prefix, as in 10.0.0.0/8'
  const isV6 = address.includes(':')
  const target = parseTarget(address)
  if (target === undefined) {
    if (isV6) return 'is no IPv6 address; write for instance 2001:db8::1, with a port [2001:db8::1]:443'
    if (/[^\d.]/.test(address)) return 'is neither a network nor a host name; a host name has no "/"'
    const octets = address.split('.')
    if (octets.some(octet => /^0\d/.test(octet)))
      return 'has a number with a leading zero, which programs read in different ways; write it without'
    if (octets.some(octet => Number(octet) > 255))
      return 'has a number above 255; an address has four numbers from 0 to 255'
    return `has ${octets.filter(Boolean).length} numbers; ${ADDRESS_FORM}`
  }
  if (prefix !== undefined && /^\d{1,3}$/.test(prefix)) {
    return `has the prefix ${prefix}; that of an ${isV6 ? 'IPv6' : 'IPv4'} network is 0 to ${isV6 ? 128 : 32}`
  }
  return `has no number as its prefix; write for instance ${target.text}/${isV6 ? 64 : 24}`
}

const wrong = (message: string, suggestion?: string): AddressWord => ({
  kind: 'wrong',
  message,
  ...(suggestion === undefined ? {} : { suggestion }),
})
