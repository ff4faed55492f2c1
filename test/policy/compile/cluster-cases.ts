import fc from 'fast-check'
import { type Transport, transports } from '../../../core/flow.ts'
import type {
  ResolvedDestination,
  ResolvedPolicy,
  ResolvedPorts,
  ResolvedTerm,
} from '../../../policy/language/resolved.ts'
import type { Condition, DevicePosture } from '../../../policy/model/policy.ts'
import type { AccessEnd, AccessRequest } from '../../../policy/model/request.ts'
import { policy, rule, zoneOf } from '../fixtures.ts'
import type { ClusterPeer, Connection } from './models/cluster.ts'

/** Workloads have addresses of no network of a policy, and hosts one name: what the targets of a cluster assume. */
const identities = ['agent', 'api', 'hunter-1', 'hunter-2']
const namespaces = ['prod', 'data', 'ops']
const tiers = ['front', 'back']
const cidrs = ['192.0.2.0/24', '192.0.2.128/25', '192.0.2.200', '198.51.100.0/24', '2001:db8::/32', '2001:db8:1::/48']
const addresses = [
  '192.0.2.1',
  '192.0.2.129',
  '192.0.2.200',
  '198.51.100.1',
  '203.0.113.1',
  '2001:db8::1',
  '2001:db8:1::1',
  '2001:dba::1',
]
const patterns = ['api.example.com', '*.example.com', 'example.com', 'other.test']
const hosts = ['api.example.com', 'v1.example.com', 'example.com', 'other.test', 'none.test']
const ports = [22, 80, 443, 9_200]

const at = { from: 0, to: 0 }
const of = <T>(values: readonly T[]) => fc.constantFrom(...values)
const some = <T>(value: fc.Arbitrary<T>, most = 2) => fc.array(value, { minLength: 1, maxLength: most })

const workloadTerm: fc.Arbitrary<ResolvedTerm> = fc.oneof(
  { weight: 6, arbitrary: of(identities).map((name): ResolvedTerm => ({ kind: 'service-identity', name })) },
  { weight: 1, arbitrary: fc.constant<ResolvedTerm>({ kind: 'service-identity', name: 'hunter-*' }) },
  { weight: 4, arbitrary: of(namespaces).map((name): ResolvedTerm => ({ kind: 'namespace', name })) },
  { weight: 3, arbitrary: of(tiers).map((value): ResolvedTerm => ({ kind: 'label', label: 'tier', value })) },
)
const networkTerm = of(cidrs).map((cidr): ResolvedTerm => ({ kind: 'network', cidr }))
const hostTerm = of(patterns).map((name): ResolvedTerm => ({ kind: 'host', name }))

/** Terms of one kind of end mostly, because others exclude each other. */
const conjunction: fc.Arbitrary<readonly ResolvedTerm[]> = fc.oneof(
  { weight: 8, arbitrary: some(workloadTerm) },
  { weight: 4, arbitrary: some(networkTerm) },
  { weight: 3, arbitrary: some(hostTerm, 1) },
  { weight: 3, arbitrary: fc.constant<readonly ResolvedTerm[]>([{ kind: 'any' }]) },
  { weight: 1, arbitrary: some(fc.oneof(workloadTerm, networkTerm, hostTerm)) },
)

const portRange: fc.Arbitrary<ResolvedPorts> = fc
  .tuple(of(transports), of(ports), of([0, 0, 100, 65_535]))
  .map(([transport, first, more]) => ({
    transport,
    first: more === 65_535 ? 0 : first,
    last: more === 65_535 ? 65_535 : first + more,
  }))

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant<Condition>({ at, kind: 'device-posture', is: ['trusted'] }),
  some(of(cidrs)).map((networks): Condition => ({ at, kind: 'network', networks })),
  fc.constant<Condition>({ at, kind: 'authentication', is: 'mutual' }),
)

export const clusterPolicies: fc.Arbitrary<ResolvedPolicy> = fc
  .tuple(fc.array(some(conjunction), { maxLength: 3 }), of([undefined, 'app']))
  .chain(([zones, identityLabel]) => {
    const zoneTerm = fc
      .nat({ max: Math.max(0, zones.length - 1) })
      .map((zone): readonly ResolvedTerm[] => [{ kind: 'zone', zone }])
    const terms = zones.length === 0 ? conjunction : fc.oneof(conjunction, zoneTerm)
    const destination: fc.Arbitrary<ResolvedDestination> = fc.record({
      terms,
      ports: fc.array(portRange, { maxLength: 2 }),
    })
    const one = fc
      .tuple(
        some(terms),
        some(destination),
        fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(condition) }),
        fc.boolean(),
      )
      .map(([from, to, conditions, isTls]) => rule('r', from, to, { conditions, isTls }))
    return fc.array(one, { maxLength: 4 }).map(rules =>
      policy({
        zones: zones.map((members, position) => zoneOf(`zone-${position}`, ...members)),
        rules: rules.map((each, position) => ({ ...each, name: `rule-${position}` })),
        ...(identityLabel === undefined ? {} : { identityLabel }),
      }),
    )
  })

const workload: fc.Arbitrary<ClusterPeer> = fc
  .tuple(of(namespaces), of(identities), of(identities), of(tiers), fc.boolean())
  .map(([namespace, serviceAccount, app, tier, isTiered]) => ({
    address: '10.244.1.1',
    namespace,
    serviceAccount,
    labels: { app, ...(isTiered ? { tier } : {}) },
  }))
const outside: fc.Arbitrary<ClusterPeer> = fc.record({ address: of(addresses), name: of(hosts) })

export interface ClusterCase {
  readonly connection: Connection
  readonly devicePosture: DevicePosture
}

/** At least one end is a workload: others are in no cluster. */
export const clusterCases: fc.Arbitrary<ClusterCase> = fc
  .tuple(
    fc.oneof(fc.tuple(workload, workload), fc.tuple(workload, outside), fc.tuple(outside, workload)),
    of(transports),
    of([...ports, 9_250]),
    fc.boolean(),
    of<DevicePosture>(['trusted', 'untrusted']),
  )
  .map(([[source, destination], transport, port, isMutuallyAuthenticated, devicePosture]) => ({
    connection: {
      source: inFamilyOf(destination, source),
      destination: inFamilyOf(source, destination),
      transport,
      port: transport === 'icmp' ? undefined : port,
      isMutuallyAuthenticated,
    },
    devicePosture,
  }))

/** A workload has addresses of both families, and uses that of the other end. */
const inFamilyOf = (other: ClusterPeer, one: ClusterPeer): ClusterPeer =>
  one.namespace !== undefined && other.address.includes(':') ? { ...one, address: 'fd00:10:244::1' } : one

/** The same for the evaluator, with nothing missing. */
export function requestOf({ connection, devicePosture }: ClusterCase): AccessRequest {
  const { source, destination, transport, port, isMutuallyAuthenticated } = connection
  return {
    source: endOf(source),
    destination: endOf(destination),
    transport: transport as Transport,
    ...(port === undefined ? {} : { port }),
    devicePosture,
    isMutuallyAuthenticated,
    time: 0,
  }
}

const endOf = ({ address, name, namespace, labels, serviceAccount }: ClusterPeer): AccessEnd =>
  namespace === undefined
    ? { address, names: [name ?? ''], isIdentified: true }
    : {
        address,
        namespace,
        names: ['workload.cluster.local'],
        workloadLabels: { ...labels, 'io.cilium.k8s.policy.serviceaccount': serviceAccount ?? '' },
        isIdentified: true,
      }
