import { isEveryPort } from '../decide/ports.ts'
import type { ResolvedPolicy, ResolvedPorts, ResolvedSelector, ResolvedTerm } from '../language/resolved.ts'

/** A selector as the language writes it. */
export const selectorWords = (selector: ResolvedSelector, policy: ResolvedPolicy): string =>
  selector.map(terms => terms.map(term => termWords(term, policy)).join(' and ')).join(', ')

/** Which ends of a zone a conjunction is of; empty: all of them. */
export const partWords = (terms: readonly ResolvedTerm[], policy: ResolvedPolicy): string =>
  selectorWords([terms.filter(({ kind }) => kind !== 'any' && kind !== 'zone')], policy)

function termWords(term: ResolvedTerm, { zones }: ResolvedPolicy): string {
  switch (term.kind) {
    case 'any':
      return 'any'
    case 'zone':
      return `zone=${zones[term.zone]?.name ?? ''}`
    case 'label':
      return `label:${term.label}=${term.value}`
    case 'network':
      return term.cidr
    case 'host':
      return term.name
    default:
      return `${term.kind}=${term.name}`
  }
}

/** `tcp 443, udp 53`; `every protocol and port`. */
export function portsWords(ports: readonly ResolvedPorts[]): string {
  if (ports.length === 0) return 'every protocol and port'
  return ports
    .map(one => {
      if (isEveryPort(one)) return one.transport
      return `${one.transport} ${one.first === one.last ? one.first : `${one.first}-${one.last}`}`
    })
    .join(', ')
}
