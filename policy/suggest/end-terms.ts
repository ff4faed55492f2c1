import { isHost as isOneAddress, parseTarget } from '../../core/net/target.ts'
import { identityOf } from '../decide/end-view.ts'
import { ANY, bareWord } from '../language/address-words.ts'
import { readPolicy } from '../language/read.ts'
import { conjunctionText } from '../language/write.ts'
import type { Term } from '../model/policy.ts'
import type { AccessEnd } from '../model/request.ts'

/** What a rule says of an end: the narrowest that its records justify. */
export interface NamedEnd {
  /** Equal for equal terms. */
  readonly key: string
  readonly namespace?: string
  /** Beside the namespace. */
  readonly own?: OwnTerm
}

export type OwnTerm = Extract<Term, { kind: 'service-identity' | 'host' | 'network' }>

/** Why a rule cannot be about an end. */
export type EndRefusal = 'unidentified' | 'unwritable'

const at = { from: 0, to: 0 }

/** Names ends by identity, else by host name, else by namespace, else by address. */
export class EndNamer {
  readonly #identityLabel: string
  readonly #writable = new Map<string, boolean>()

  /** @param identityLabel of the policy; empty for none */
  constructor(identityLabel: string) {
    this.#identityLabel = identityLabel
  }

  name(end: AccessEnd, isDestination: boolean): NamedEnd | EndRefusal {
    const { namespace } = end
    if (namespace !== undefined && !this.#isWritable({ kind: 'namespace', name: namespace, at })) return 'unwritable'
    const own = this.#own(end, isDestination)
    if (own === 'unwritable') return own
    return own === undefined && namespace === undefined ? 'unidentified' : namedEnd(namespace, own)
  }

  /** The keys of all ends in whose terms this one is. */
  keysOf(end: AccessEnd, isDestination: boolean): readonly string[] {
    const { namespace, address } = end
    const identity = identityOf(end, this.#identityLabel)
    const network = address === undefined ? undefined : parseTarget(address)
    const owns: (OwnTerm | undefined)[] = [
      ...(identity === undefined ? [] : [{ kind: 'service-identity' as const, name: identity, at }]),
      ...(isDestination ? (end.names ?? []).map(name => ({ kind: 'host' as const, name, at })) : []),
      ...(network === undefined ? [] : [{ kind: 'network' as const, cidr: network.text, at }]),
    ]
    const without = owns.map(own => namedEnd(undefined, own).key)
    return namespace === undefined
      ? without
      : [...without, ...[...owns, undefined].map(own => namedEnd(namespace, own).key)]
  }

  #own(end: AccessEnd, isDestination: boolean): OwnTerm | 'unwritable' | undefined {
    const name = identityOf(end, this.#identityLabel)
    if (name !== undefined) {
      const term = { kind: 'service-identity' as const, name, at }
      return this.#isWritable(term) ? term : 'unwritable'
    }
    const [host] = isDestination ? (end.names ?? []).filter(isHost).toSorted() : []
    if (host !== undefined) return { kind: 'host', name: host, at }
    if (end.namespace !== undefined || end.address === undefined) return undefined
    const network = parseTarget(end.address)
    // A text of a log that names a network is no address.
    return network === undefined || !isOneAddress(network) ? undefined : { kind: 'network', cidr: network.text, at }
  }

  /** Whether the language reads a term as what it is: a name may be any text of an attacker. */
  #isWritable(term: Extract<Term, { kind: 'service-identity' | 'namespace' }>): boolean {
    if (PLAIN.test(term.name)) return true
    const key = `${term.kind} ${term.name}`
    const known = this.#writable.get(key) ?? isReadBack(term)
    this.#writable.set(key, known)
    return known
  }
}

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9./@_-]{0,200}$/

function isReadBack(term: Extract<Term, { kind: 'service-identity' | 'namespace' }>): boolean {
  // A star at the end would be the beginning of many.
  if (term.name.endsWith('*')) return false
  const { policy, problems } = readPolicy(`zone a\n  members: ${conjunctionText({ terms: [term] })}\n`, 'a', 'text')
  const [only, ...more] = policy.zones[0]?.members ?? []
  const [first, ...others] = only?.terms ?? []
  return (
    problems.length === 0 &&
    more.length === 0 &&
    others.length === 0 &&
    first?.kind === term.kind &&
    first.name === term.name
  )
}

/** Whether the language reads a name as this host: who answers DNS queries for an attacker chooses the name. */
function isHost(name: string): boolean {
  if (name === ANY) return false
  const word = bareWord(name)
  return word.kind === 'host' && word.name === name && !name.startsWith('*')
}

export function namedEnd(namespace: string | undefined, own: OwnTerm | undefined): NamedEnd {
  return {
    key: JSON.stringify([namespace ?? null, own?.kind ?? null, own === undefined ? null : textOf(own)]),
    ...(namespace !== undefined && { namespace }),
    ...(own !== undefined && { own }),
  }
}

export const textOf = (own: OwnTerm): string => (own.kind === 'network' ? own.cidr : own.name)
