import type { ResolvedPolicy, ResolvedTerm } from '../language/resolved.ts'
import type { AccessEnd } from '../model/request.ts'
import { identityOf, labelOf } from './end-view.ts'
import type { NetworkClasses } from './network-classes.ts'
import { parentOf } from './terms.ts'

/** Of an end that is in no class. */
export const UNCLASSED = -1

/** Numbers ends by one property, or by several: ends of one number are alike to the policy. */
interface EndClasses {
  /** Classes are numbered from 0. */
  readonly size: number
  /** `UNCLASSED` for an end that the property does not number. */
  of(end: AccessEnd): number
}

/**
 * The classes of ends that a policy distinguishes, by the values that it names of each property. A property that it does not
 * name is not read.
 *
 * @returns undefined where there are more classes than numbers
 */
export function createEndClasses(policy: ResolvedPolicy, networks: NetworkClasses): EndClasses | undefined {
  const named = namedIn(policy)
  const parts: EndClasses[] = [{ size: 2, of: ({ isIdentified }) => (isIdentified ? 1 : 0) }]
  if (named.network.length > 0) {
    parts.push({
      size: networks.size + 1,
      of: ({ address }) => (address === undefined ? 0 : networks.classOf(address) + 1),
    })
  }
  if (named.host.length > 0) parts.push(createNameClasses(named.host))
  if (named.namespace.length > 0) parts.push(classesOfTexts(named.namespace, ({ namespace }) => namespace))
  if (named['service-identity'].length > 0) {
    parts.push(createIdentityClasses(named['service-identity'], policy.identityLabel ?? ''))
  }
  for (const [label, values] of named.labels) parts.push(classesOfTexts(values, end => labelOf(end, label)))

  const size = parts.reduce((product, part) => product * part.size, 1)
  if (size > Number.MAX_SAFE_INTEGER) return undefined
  return {
    size,
    of(end) {
      let number = 0
      for (const part of parts) {
        const own = part.of(end)
        if (own === UNCLASSED) return UNCLASSED
        number = number * part.size + own
      }
      return number
    },
  }
}

/** Of a text of which the policy names some values; absent is a class, and so is any other value. */
function classesOfTexts(values: readonly string[], textOf: (end: AccessEnd) => string | undefined): EndClasses {
  const numbers = numbered(values, 2)
  return {
    size: numbers.size + 2,
    of(end) {
      const text = textOf(end)
      return text === undefined ? 0 : (numbers.get(text) ?? 1)
    },
  }
}

/** Identities that are remembered, because comparing them with each beginning takes long. */
const CAPACITY = 16_384

/** Names, and beginnings of names: an identity that is not named is like every other one with the same longest beginning. */
function createIdentityClasses(names: readonly string[], identityLabel: string): EndClasses {
  const isPattern = (name: string) => name.endsWith('*')
  const exact = numbered(
    names.filter(name => !isPattern(name)),
    2,
  )
  const longestFirst = [...new Set(names.filter(isPattern))]
    .map(name => name.slice(0, -1))
    .sort((a, b) => b.length - a.length)
  const others = new Map<string, number>()
  const ofOther = (identity: string): number => {
    const pattern = longestFirst.findIndex(beginning => identity.startsWith(beginning))
    return pattern < 0 ? 1 : 2 + exact.size + pattern
  }
  return {
    size: 2 + exact.size + longestFirst.length,
    of(end) {
      const identity = identityOf(end, identityLabel)
      if (identity === undefined) return 0
      const named = exact.get(identity)
      if (named !== undefined) return named
      if (longestFirst.length === 0) return 1
      let other = others.get(identity)
      if (other === undefined) {
        if (others.size === CAPACITY) others.clear()
        other = ofOther(identity)
        others.set(identity, other)
      }
      return other
    },
  }
}

/** Names by the hosts and patterns of a policy that they are of. An end with several names is in no class. */
function createNameClasses(hosts: readonly string[]): EndClasses {
  const isPattern = (host: string) => host.startsWith('*')
  const exact = numbered(
    hosts.filter(host => !isPattern(host)),
    1,
  )
  const patterns = numbered(hosts.filter(isPattern), 1)
  return {
    // Without a name is a class too.
    size: 1 + (exact.size + 1) * (patterns.size + 1),
    of({ names = [] }) {
      const [name] = names
      if (name === undefined) return 0
      if (names.length > 1) return UNCLASSED
      const pattern = patterns.size === 0 ? 0 : (patterns.get(parentOf(name) ?? '') ?? 0)
      return 1 + (exact.get(name) ?? 0) * (patterns.size + 1) + pattern
    },
  }
}

const numbered = (texts: Iterable<string>, first: number): ReadonlyMap<string, number> =>
  new Map([...new Set(texts)].map((text, index) => [text, first + index]))

/** The values of each property that a policy names. */
function namedIn({ zones, rules }: ResolvedPolicy) {
  const named = {
    'service-identity': [] as string[],
    namespace: [] as string[],
    network: [] as string[],
    host: [] as string[],
  }
  const labels = new Map<string, string[]>()
  const add = (term: ResolvedTerm): void => {
    if (term.kind === 'label') {
      const values = labels.get(term.label)
      if (values === undefined) labels.set(term.label, [term.value])
      else values.push(term.value)
    } else if (term.kind === 'network') named.network.push(term.cidr)
    else if (term.kind !== 'any' && term.kind !== 'zone') named[term.kind].push(term.name)
  }
  for (const { members } of zones) for (const terms of members) terms.forEach(add)
  for (const { from, to, conditions } of rules) {
    for (const terms of from) terms.forEach(add)
    for (const { terms } of to) terms.forEach(add)
    for (const one of conditions) if (one.kind === 'network') named.network.push(...one.networks)
  }
  return { ...named, labels }
}
