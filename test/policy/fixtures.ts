import type {
  ResolvedDestination,
  ResolvedPolicy,
  ResolvedPorts,
  ResolvedRule,
  ResolvedSelector,
  ResolvedTerm,
  ResolvedZone,
} from '../../policy/language/resolved.ts'

const at = { from: 0, to: 0 }

export const any: ResolvedTerm = { kind: 'any' }
export const identity = (name: string): ResolvedTerm => ({ kind: 'service-identity', name })
export const zone = (position: number): ResolvedTerm => ({ kind: 'zone', zone: position })
export const namespace = (name: string): ResolvedTerm => ({ kind: 'namespace', name })
export const label = (key: string, value: string): ResolvedTerm => ({ kind: 'label', label: key, value })
export const network = (cidr: string): ResolvedTerm => ({ kind: 'network', cidr })
export const host = (name: string): ResolvedTerm => ({ kind: 'host', name })

export const zoneOf = (name: string, ...members: ResolvedSelector): ResolvedZone => ({ name, at, members })

export const tcp = (first: number, last = first): ResolvedPorts => ({ transport: 'tcp', first, last })

/** A destination of all these terms. */
export const to = (terms: readonly ResolvedTerm[], ...ports: ResolvedPorts[]): ResolvedDestination => ({ terms, ports })

export const rule = (
  name: string,
  from: ResolvedSelector,
  destinations: readonly ResolvedDestination[],
  more: Partial<ResolvedRule> = {},
): ResolvedRule => ({ name, at, from, to: destinations, isTls: false, conditions: [], ...more })

export const policy = (parts: Partial<ResolvedPolicy>): ResolvedPolicy => ({
  name: 'test',
  timeZone: 'UTC',
  zones: [],
  rules: [],
  roles: [],
  ...parts,
})
