import { transports } from '../../core/flow.ts'
import type { ResolvedPolicy, ResolvedTerm } from '../language/resolved.ts'
import { devicePostures } from '../model/policy.ts'
import type { AccessEnd, AccessRequest } from '../model/request.ts'
import { createIntervals } from './intervals.ts'
import type { NetworkClasses } from './network-classes.ts'
import { parentOf } from './terms.ts'

/** Of a request that is in no class. */
export const UNCLASSED = -1

/**
 * Requests between ends of which only an address and a name are known. A policy distinguishes few classes of them, by the
 * networks, names and ports that it names: all of one class have one answer.
 *
 * @returns the class of a request; undefined where the policy distinguishes more, or too many
 */
export function createRequestClasses(
  policy: ResolvedPolicy,
  networks: NetworkClasses,
): ((request: AccessRequest) => number) | undefined {
  const isTimed = policy.rules.some(({ conditions }) =>
    conditions.some(({ kind }) => kind === 'time' || kind === 'weekday'),
  )
  if (isTimed) return undefined
  const names = createNameClasses(hostsIn(policy))
  const ends = 2 * (networks.size + 1) * names.size
  const ports = createIntervals(
    policy.rules.flatMap(({ to }) => to.flatMap(one => one.ports.flatMap(({ first, last }) => [first, last + 1]))),
  )
  const others = (transports.length + 1) * (devicePostures.length + 1) * 3
  if (ends * ends * (ports.size + 1) * others > Number.MAX_SAFE_INTEGER) return undefined

  const endClass = (end: AccessEnd): number => {
    const { namespace, workloadLabels, service, identity, address } = end
    if (namespace !== undefined || service !== undefined || identity !== undefined || workloadLabels !== undefined)
      return UNCLASSED
    const name = names.of(end.names)
    if (name === UNCLASSED) return UNCLASSED
    const network = address === undefined ? 0 : networks.classOf(address) + 1
    return 2 * (network * names.size + name) + (end.isIdentified ? 1 : 0)
  }

  return ({ source, destination, port, transport, devicePosture, isMutuallyAuthenticated }) => {
    const from = endClass(source)
    if (from === UNCLASSED) return UNCLASSED
    const to = endClass(destination)
    if (to === UNCLASSED) return UNCLASSED
    const portClass = port === undefined ? 0 : 1 + ports.at(port)
    const transportClass = transport === undefined ? 0 : 1 + transports.indexOf(transport)
    const posture = devicePosture === undefined ? 0 : 1 + devicePostures.indexOf(devicePosture)
    const proof = isMutuallyAuthenticated === undefined ? 0 : isMutuallyAuthenticated ? 1 : 2
    const other = (transportClass * (devicePostures.length + 1) + posture) * 3 + proof
    return ((from * ends + to) * (ports.size + 1) + portClass) * others + other
  }
}

/** Names by the hosts and patterns of a policy that they are of. */
function createNameClasses(hosts: readonly string[]): { size: number; of(names: AccessEnd['names']): number } {
  const exact = new Map<string, number>()
  const patterns = new Map<string, number>()
  for (const host of hosts) {
    const known = host.startsWith('*') ? patterns : exact
    if (!known.has(host)) known.set(host, known.size + 1)
  }
  return {
    // Without a name is a class too.
    size: 1 + (exact.size + 1) * (patterns.size + 1),
    of(names = []) {
      const [name] = names
      if (name === undefined) return 0
      if (names.length > 1) return UNCLASSED
      const pattern = patterns.size === 0 ? 0 : (patterns.get(parentOf(name) ?? '') ?? 0)
      return 1 + (exact.get(name) ?? 0) * (patterns.size + 1) + pattern
    },
  }
}

function hostsIn({ zones, rules }: ResolvedPolicy): readonly string[] {
  const hosts = (terms: readonly ResolvedTerm[]) => terms.flatMap(term => (term.kind === 'host' ? [term.name] : []))
  return [
    ...zones.flatMap(({ members }) => members.flatMap(hosts)),
    ...rules.flatMap(({ from, to }) => [...from.flatMap(hosts), ...to.flatMap(({ terms }) => hosts(terms))]),
  ]
}
