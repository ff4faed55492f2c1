import fc from 'fast-check'
import { transports } from '../../core/flow.ts'
import type {
  ResolvedDestination,
  ResolvedPolicy,
  ResolvedPorts,
  ResolvedRule,
  ResolvedTerm,
} from '../../policy/language/resolved.ts'
import { type Condition, devicePostures, weekdays } from '../../policy/model/policy.ts'
import type { AccessEnd, AccessRequest } from '../../policy/model/request.ts'
import { policy, rule, zoneOf } from './fixtures.ts'

/** Few words, so that policies and requests meet. */
const identities = ['agent', 'api', 'hunter-1', 'hunter-2', 'constructor']
const namespaces = ['prod', 'data', 'ops']
const labelKeys = ['tier', 'app', 'toString']
const labelValues = ['front', 'back']
const cidrs = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.3',
  '192.0.2.0/24',
  '0.0.0.0/0',
  '2001:db8::/32',
  '2001:db8::/48',
  '2001:db8:1::/48',
  '::/0',
]
const addresses = [
  '10.1.2.3',
  '10.1.9.9',
  '10.9.9.9',
  '192.0.2.255',
  '192.0.3.0',
  '2001:db8::1',
  '2001:db8:1::1',
  '2001:db8:2::1',
  '::ffff:10.1.2.3',
  'fe80::1',
  '010.1.2.3',
  'x',
]
const patterns = ['api.example.com', '*.example.com', 'example.com', '*.api.example.com']
const hosts = ['api.example.com', 'example.com', 'v1.api.example.com', 'other.test']
const ports = [22, 80, 443, 9_200, 9_300]

const at = { from: 0, to: 0 }
const of = <T>(values: readonly T[]) => fc.constantFrom(...values)
const some = <T>(value: fc.Arbitrary<T>, most = 2) => fc.array(value, { minLength: 1, maxLength: most })

const member: fc.Arbitrary<ResolvedTerm> = fc.oneof(
  fc.constant<ResolvedTerm>({ kind: 'any' }),
  of([...identities, 'hunter-*']).map((name): ResolvedTerm => ({ kind: 'service-identity', name })),
  of(namespaces).map((name): ResolvedTerm => ({ kind: 'namespace', name })),
  fc.tuple(of(labelKeys), of(labelValues)).map(([label, value]): ResolvedTerm => ({ kind: 'label', label, value })),
  of(cidrs).map((cidr): ResolvedTerm => ({ kind: 'network', cidr })),
  of(patterns).map((name): ResolvedTerm => ({ kind: 'host', name })),
)

const portRange: fc.Arbitrary<ResolvedPorts> = fc
  .tuple(of(transports), of(ports), of([0, 100, 65_535]))
  .map(([transport, first, more]) => ({
    transport,
    first: more === 65_535 ? 0 : first,
    last: Math.min(65_535, first + more),
  }))

const condition: fc.Arbitrary<Condition> = fc.oneof(
  some(of(devicePostures)).map((is): Condition => ({ at, kind: 'device-posture', is })),
  fc
    .tuple(of([0, 480, 1_080]), of([0, 360, 1_080, 1_440]))
    .map(([from, to]): Condition => ({ at, kind: 'time', from, to })),
  some(of(weekdays), 5).map((days): Condition => ({ at, kind: 'weekday', days })),
  some(of(cidrs)).map((networks): Condition => ({ at, kind: 'network', networks })),
  fc.constant<Condition>({ at, kind: 'authentication', is: 'mutual' }),
)

export const policies: fc.Arbitrary<ResolvedPolicy> = fc
  .tuple(
    fc.array(some(some(member), 3), { maxLength: 4 }),
    of(['UTC', 'Europe/Berlin', 'Asia/Kathmandu']),
    of([undefined, 'app']),
  )
  .chain(([zones, timeZone, identityLabel]) => {
    const zoneTerm = fc
      .nat({ max: Math.max(0, zones.length - 1) })
      .map((zone): ResolvedTerm => ({ kind: 'zone', zone }))
    const term = zones.length === 0 ? member : fc.oneof(member, zoneTerm)
    const destination: fc.Arbitrary<ResolvedDestination> = fc.record({
      terms: some(term),
      ports: fc.array(portRange, { maxLength: 2 }),
    })
    const one: fc.Arbitrary<ResolvedRule> = fc
      .tuple(
        some(some(term)),
        some(destination),
        fc.array(condition, { maxLength: 2 }),
        of([undefined, '2026-11-29', '2026-11-30']),
      )
      .map(([from, to, conditions, expires]) =>
        rule('r', from, to, { conditions, ...(expires === undefined ? {} : { expires }) }),
      )
    return fc.array(one, { maxLength: 8 }).map(rules =>
      policy({
        timeZone,
        zones: zones.map((members, position) => zoneOf(`zone-${position}`, ...members)),
        rules: rules.map((each, position) => ({ ...each, name: `rule-${position}` })),
        ...(identityLabel === undefined ? {} : { identityLabel }),
      }),
    )
  })

const end: fc.Arbitrary<AccessEnd> = fc.record(
  {
    identity: of(identities),
    namespace: of(namespaces),
    workloadLabels: fc.dictionary(
      of([...labelKeys, 'io.cilium.k8s.policy.serviceaccount']),
      of([...labelValues, ...identities]),
      { maxKeys: 3 },
    ),
    service: of(identities),
    address: of(addresses),
    names: fc.array(of(hosts), { maxLength: 3 }),
    isIdentified: fc.constant(true as const),
  },
  { requiredKeys: [] },
)

/** Without what a workload has. */
const bareEnd: fc.Arbitrary<AccessEnd> = fc.record(
  {
    address: of(addresses),
    names: fc.oneof(
      { weight: 4, arbitrary: fc.array(of(hosts), { maxLength: 1 }) },
      fc.array(of(hosts), { maxLength: 2 }),
    ),
    isIdentified: fc.constant(true as const),
  },
  { requiredKeys: [] },
)

const requestsOf = (one: fc.Arbitrary<AccessEnd>): fc.Arbitrary<AccessRequest> =>
  fc.record(
    {
      source: one,
      destination: one,
      port: of([...ports, 9_250, 65_535]),
      transport: of(transports),
      devicePosture: of(devicePostures),
      time: fc.integer({ min: Date.UTC(2026, 9, 20), max: Date.UTC(2026, 10, 5) }),
      isMutuallyAuthenticated: fc.boolean(),
    },
    { requiredKeys: ['source', 'destination'] },
  )

export const requests = requestsOf(end)
export const bareRequests = requestsOf(bareEnd)
