import { describe, expect, it } from '@jest/globals'
import { UNATTRIBUTED } from '../../core/signals.ts'
import { compileTrustZones, defaultZoneRules, type ZoneRule, type ZoneSubject } from '../../core/trust-zones.ts'

const subject = (parts: Partial<ZoneSubject> = {}): ZoneSubject => ({
  gateway: 'gw',
  signal: 'auth_failures',
  ...parts,
})
const zoneBy = (match: ZoneRule['match'], parts: Partial<ZoneSubject>) =>
  compileTrustZones([{ zone: 'found', match }]).zoneOf(subject(parts))

describe('a rule', () => {
  it.each<[string, ZoneRule['match'], Partial<ZoneSubject>]>([
    ['gateway', { gateway: ['gw'] }, {}],
    ['host', { host: [/^edge-/] }, { host: 'edge-7' }],
    ['service', { service: ['kibana'] }, { service: 'kibana' }],
    ['namespace', { namespace: ['prod', 'stage'] }, { namespace: 'stage' }],
    [
      'workload labels',
      { workloadLabels: { app: ['claw'], tier: [/a|b/] } },
      { workloadLabels: { app: 'claw', tier: 'b' } },
    ],
    ['network', { cidr: ['10.0.0.0/8'] }, { address: '10.9.8.7' }],
    ['IPv6 network', { cidr: ['2001:db8::/32'] }, { address: '2001:db8::5' }],
    ['single address', { cidr: ['192.0.2.7'] }, { address: '::ffff:192.0.2.7' }],
    ['signal', { signal: ['auth_failures'] }, {}],
    ['subsystem', { subsystem: ['gateway/ws'] }, { subsystem: 'gateway/ws' }],
    ['route', { route: [/^\/admin/] }, { route: '/admin/devices' }],
  ])('matches by %s, and not where that is something else or absent', (_field, match, parts) => {
    expect(zoneBy(match, parts)).toBe('found')
    const other = { gateway: 'elsewhere', signal: 'posture_drifts', host: 'x', address: '203.0.113.1' } as const
    expect(zoneBy(match, other)).toBe(UNATTRIBUTED)
    expect(zoneBy({ ...match, service: ['never'] }, parts)).toBe(UNATTRIBUTED)
  })

  it('does not take a label from the prototype of the labels', () => {
    expect(zoneBy({ workloadLabels: { constructor: [/./] } }, { workloadLabels: {} })).toBe(UNATTRIBUTED)
  })

  it('does not match an address that is none', () => {
    expect(zoneBy({ cidr: ['0.0.0.0/0', '::/0'] }, { address: 'unknown-ip' })).toBe(UNATTRIBUTED)
  })
})

describe('a map of rules', () => {
  it('takes the first rule that matches', () => {
    const zones = compileTrustZones([
      { zone: 'first', match: { gateway: ['gw'], signal: ['posture_drifts'] } },
      { zone: 'second', match: { gateway: ['gw'] } },
      { zone: 'third', match: {} },
    ])
    expect(zones.zoneOf(subject())).toBe('second')
    expect(zones.zoneOf(subject({ gateway: 'other' }))).toBe('third')
  })

  it('knows the zone of one end of a flow by the rules that ask for something that an end has of its own', () => {
    const zones = compileTrustZones([
      { zone: 'whole', match: { gateway: ['gw'] } },
      { zone: 'host', match: { namespace: ['prod'], host: ['h'] } },
      { zone: 'other-cluster', match: { namespace: ['prod'], gateway: ['other'] } },
      { zone: 'workload', match: { namespace: ['prod'], workloadLabels: { app: ['claw'] } } },
      { zone: 'service', match: { service: ['api'] } },
      { zone: 'network', match: { cidr: ['10.0.0.0/8'] } },
      { zone: 'rest', match: {} },
    ])
    const end = (parts: Partial<ZoneSubject>) => zones.zoneOfEnd(subject({ signal: 'policy_decisions', ...parts }))
    expect(end({ namespace: 'prod', workloadLabels: { app: 'claw' }, address: '10.0.0.1' })).toBe('workload')
    expect(end({ namespace: 'prod', gateway: 'other' })).toBe('other-cluster')
    expect(end({ service: 'api' })).toBe('service')
    expect(end({ namespace: 'prod', address: '10.0.0.1' })).toBe('network')
    expect(end({ namespace: 'prod' })).toBe(UNATTRIBUTED)
    expect(end({})).toBe(UNATTRIBUTED)
  })

  it('knows the zone of an address by the rules that are about networks alone', () => {
    const zones = compileTrustZones([
      { zone: 'one-gateway', match: { cidr: ['10.0.0.0/8'], gateway: ['gw'] } },
      { zone: 'office', match: { cidr: ['10.0.0.0/8'] } },
    ])
    expect(zones.zoneOfAddress('10.1.1.1')).toBe('office')
    expect(zones.zoneOfAddress('198.51.100.1')).toBe(UNATTRIBUTED)
  })

  it.each<[string, Partial<ZoneSubject>]>([
    ['agent-control', { signal: 'auth_failures', subsystem: 'gateway/ws' }],
    ['agent-control', { signal: 'auth_successes' }],
    ['agent-control', { signal: 'posture_drifts', subsystem: 'gateway/ws' }],
    ['management-api', { signal: 'posture_drifts', subsystem: 'gateway/reload' }],
    ['management-api', { signal: 'policy_decisions', subsystem: 'gateway/ws' }],
    ['data-ingest', { signal: 'auth_lockouts', subsystem: 'gateway/hooks' }],
    ['data-ingest', { route: '/hooks/agent' }],
    ['data-ingest', { route: '/logs-openclaw/_bulk' }],
    ['analytics', { service: 'elasticsearch' }],
    ['analytics', { route: '/v1/chat/completions' }],
    [UNATTRIBUTED, { signal: 'policy_decisions', subsystem: 'security' }],
  ])('by default puts %s where the design says', (zone, parts) => {
    expect(compileTrustZones(defaultZoneRules).zoneOf(subject(parts))).toBe(zone)
  })
})
