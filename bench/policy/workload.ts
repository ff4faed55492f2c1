import { pick, type Random, seededRandom } from '../../core/random.ts'
import type { ResolvedDestination, ResolvedPolicy, ResolvedRule, ResolvedTerm } from '../../policy/language/resolved.ts'
import type { AccessEnd, AccessRequest } from '../../policy/model/request.ts'

const at = { from: 0, to: 0 }
const NAMESPACES = Array.from({ length: 12 }, (_, index) => `namespace-${index}`)
const IDENTITIES = Array.from({ length: 60 }, (_, index) => `service-${index}`)
const NETWORKS = Array.from({ length: 8 }, (_, index) => `10.${20 + index}.0.0/16`)
const HOSTS = Array.from({ length: 40 }, (_, index) => `api-${index}.example.com`)
const PORTS = [443, 443, 443, 5_432, 6_379, 8_080, 9_200]
const ZONES = NAMESPACES.length + NETWORKS.length

const identity = (name: string): ResolvedTerm => ({ kind: 'service-identity', name })
const inNamespace = (name: string): ResolvedTerm => ({ kind: 'namespace', name })

/**
 * A policy of a cluster with 12 namespaces: zones are namespaces and networks; rules lead from zones and identities to zones,
 * hosts and networks; one of five has a condition on posture.
 */
export function mixedPolicy(rules: number): ResolvedPolicy {
  const random = seededRandom(17)
  const zones = [
    ...NAMESPACES.map(name => ({ name: `zone-${name}`, at, members: [[inNamespace(name)]] })),
    ...NETWORKS.map((cidr, index) => ({ name: `site-${index}`, at, members: [[{ kind: 'network', cidr } as const]] })),
  ]
  const zone = (): ResolvedTerm => ({ kind: 'zone', zone: Math.floor(random() * ZONES) })
  const source = (): readonly ResolvedTerm[] =>
    random() < 0.4 ? [zone()] : [inNamespace(pick(random, NAMESPACES)), identity(pick(random, IDENTITIES))]
  const destination = (): ResolvedDestination => {
    const port = pick(random, PORTS)
    const kind = random()
    const terms: readonly ResolvedTerm[] =
      kind < 0.3
        ? [zone()]
        : kind < 0.6
          ? [{ kind: 'host', name: pick(random, HOSTS) }]
          : [identity(pick(random, IDENTITIES))]
    return { terms, ports: [{ transport: 'tcp', first: port, last: port }] }
  }
  const rule = (index: number): ResolvedRule => ({
    name: `rule-${index}`,
    at,
    from: [source()],
    to: [destination()],
    isTls: false,
    conditions: random() < 0.2 ? [{ at, kind: 'device-posture', is: ['trusted'] }] : [],
  })
  return {
    name: 'bench',
    timeZone: 'UTC',
    zones,
    rules: Array.from({ length: rules }, (_, index) => rule(index)),
    roles: [],
  }
}

/** Requests by what their records have. No two share an object or a text. */
export function mixedRequests(count: number): Readonly<Record<string, readonly AccessRequest[]>> {
  const many = (end: (random: Random) => AccessEnd) => {
    const random = seededRandom(4)
    return Array.from({ length: count }, (): AccessRequest => {
      const request = {
        source: end(random),
        destination: random() < 0.3 ? outside(random) : end(random),
        port: pick(random, PORTS),
        transport: random() < 0.9 ? 'tcp' : 'udp',
        ...(random() < 0.5 ? { devicePosture: 'trusted' } : {}),
      }
      return JSON.parse(JSON.stringify(request))
    })
  }
  return { 'ends with workloads': many(workload), 'ends with addresses only': many(bare) }
}

const byte = (random: Random) => Math.floor(random() * 256)

function workload(random: Random): AccessEnd {
  const account = pick(random, IDENTITIES)
  return {
    address: `10.244.${byte(random)}.${byte(random)}`,
    namespace: pick(random, NAMESPACES),
    workloadLabels: {
      app: account,
      'io.cilium.k8s.policy.serviceaccount': account,
      'io.kubernetes.pod.namespace': 'x',
    },
    service: account,
    isIdentified: true,
  }
}

const outside = (random: Random): AccessEnd => ({
  address: `${random() < 0.5 ? '10.20' : '203.0'}.${byte(random)}.${byte(random)}`,
  names: [pick(random, HOSTS)],
  isIdentified: true,
})

const bare = (random: Random): AccessEnd => ({
  address: `10.${20 + Math.floor(random() * 10)}.${byte(random)}.${byte(random)}`,
})
