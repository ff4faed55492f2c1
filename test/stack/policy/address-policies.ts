import fc from 'fast-check'
import type {
  ResolvedDestination,
  ResolvedPolicy,
  ResolvedPorts,
  ResolvedTerm,
} from '../../../policy/language/resolved.ts'
import { policy, rule, zoneOf } from '../../policy/fixtures.ts'
import type { Probe } from './probe.ts'
import { clientAddresses, serverAddresses } from './routed-network.ts'

/** Ports of the listeners. */
export const ports = [7_001, 7_002, 7_003] as const

const cidrs = [
  '192.0.2.0/24',
  '192.0.2.0/25',
  '192.0.2.1',
  '203.0.113.0/24',
  '203.0.113.128/25',
  '203.0.113.2',
  '0.0.0.0/0',
  '2001:db8:1::/48',
  '2001:db8:9::/49',
  '2001:db8:9::1',
  '::/0',
]

const at = { from: 0, to: 0 }
const of = <T>(values: readonly T[]) => fc.constantFrom(...values)
const some = <T>(value: fc.Arbitrary<T>, most = 2) => fc.array(value, { minLength: 1, maxLength: most })

const network = of(cidrs).map((cidr): ResolvedTerm => ({ kind: 'network', cidr }))
const conjunction = fc.oneof(
  { weight: 4, arbitrary: some(network, 1) },
  { weight: 1, arbitrary: some(network, 2) },
  { weight: 2, arbitrary: fc.constant<ResolvedTerm[]>([{ kind: 'any' }]) },
)
const portRange: fc.Arbitrary<ResolvedPorts> = fc
  .tuple(of(['tcp', 'udp', 'sctp', 'icmp'] as const), of(ports), of(['one', 'range', 'all'] as const))
  .map(([transport, port, kind]) => ({
    transport,
    first: kind === 'all' ? 0 : port,
    last: kind === 'all' ? 65_535 : kind === 'range' ? port + 1 : port,
  }))

/** Policies on addresses, transports and ports: all that nftables can express. */
export const addressPolicies: fc.Arbitrary<ResolvedPolicy> = fc
  .array(some(conjunction), { maxLength: 3 })
  .chain(zones => {
    const zone = fc
      .nat({ max: Math.max(0, zones.length - 1) })
      .map((position): ResolvedTerm[] => [{ kind: 'zone', zone: position }])
    const terms = zones.length === 0 ? conjunction : fc.oneof(conjunction, zone)
    const destination: fc.Arbitrary<ResolvedDestination> = fc.record({
      terms,
      ports: fc.array(portRange, { maxLength: 3 }),
    })
    const condition = fc.option(some(of(cidrs)), { freq: 1, nil: undefined })
    const one = fc
      .tuple(some(terms), some(destination), condition)
      .map(([from, to, networks]) =>
        rule('r', from, to, { conditions: networks === undefined ? [] : [{ at, kind: 'network', networks }] }),
      )
    return fc.array(one, { minLength: 1, maxLength: 4 }).map(rules =>
      policy({
        zones: zones.map((members, position) => zoneOf(`zone-${position}`, ...members)),
        rules: rules.map((each, position) => ({ ...each, name: `rule-${position}` })),
      }),
    )
  })

const isLong = (address: string) => address.includes(':')

export const probes: fc.Arbitrary<Omit<Probe, 'text'>> = fc
  .tuple(of(clientAddresses), of(serverAddresses), of(ports), of(['tcp', 'udp'] as const))
  .filter(([source, destination]) => isLong(source) === isLong(destination))
  .map(([source, destination, port, transport]) => ({ source, destination, port, transport }))
