import { describe, expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { accessRequestOf, createLiveDecider } from '../../../policy/shadow/live.ts'
import { any, network, policy, rule, tcp, to } from '../fixtures.ts'

const noon = Date.parse('2026-11-30T12:00:00Z')
const flow = {
  source: { address: '10.0.0.1' },
  destination: { address: '10.0.0.2' },
  port: 443,
  transport: 'tcp' as const,
}
const event = (fields: Partial<SecurityEvent> = {}): SecurityEvent => ({
  signal: 'policy_decisions',
  labels: {},
  outcome: 'success',
  severity: 'low',
  eventTime: noon,
  count: 1,
  gateway: 'prod',
  trustZone: 'api',
  actor: { addressTrusted: false },
  record: { source: 'hubble', id: '1' },
  flow,
  ...fields,
})

describe('the request of an event', () => {
  it('is its flow at its time; what the record lacks is absent', () => {
    expect(accessRequestOf(event())).toEqual({ ...flow, time: noon })
    const { flow: _flow, ...withoutFlow } = event()
    expect(accessRequestOf(withoutFlow)).toBeUndefined()
  })

  it.each([
    ['compliant', 'trusted'],
    ['noncompliant', 'untrusted'],
  ] as const)('has the identity of the actor, and of a %s device the posture %s', (deviceCompliance, devicePosture) => {
    const actor = { addressTrusted: false, identity: 'agent-controller', deviceCompliance }
    const source = { address: '10.0.0.1', identity: 'agent-controller' }
    expect(accessRequestOf(event({ actor }))).toEqual({ ...flow, source, devicePosture, time: noon })
  })
})

describe('the request of a sign-in at a gateway', () => {
  const access = {
    destination: { service: 'openclaw-gateway' },
    port: 18_789,
    transport: 'tcp',
    sourceZone: 'x',
  } as const
  const signIn = (fields: Partial<SecurityEvent> = {}): SecurityEvent => {
    const { flow: _flow, ...rest } = event({ signal: 'auth_failures', access, ...fields })
    return rest
  }
  const asked = { destination: access.destination, port: 18_789, transport: 'tcp', time: noon }

  it('is to the gateway, from an address that is trusted', () => {
    const at = (addressTrusted: boolean) => signIn({ actor: { addressTrusted, address: '10.0.0.1', identity: 'hash' } })
    expect(accessRequestOf(at(true))).toEqual({ ...asked, source: { address: '10.0.0.1' } })
    expect(accessRequestOf(at(false))).toEqual({ ...asked, source: {} })
  })

  it('has the identity that its record names', () => {
    expect(accessRequestOf(signIn({ access: { ...access, identity: 'ana' } }))).toEqual({
      ...asked,
      source: { identity: 'ana' },
    })
  })
})

describe('a policy that decides as events come', () => {
  const onDevices = rule('devices', [[any]], [to([network('10.0.0.2/32')], tcp(443))], {
    conditions: [{ kind: 'device-posture', is: ['trusted'], at: { from: 0, to: 0 } }],
  })

  it('answers unknown where the flow lacks what a rule needs', () => {
    const decide = createLiveDecider(policy({ rules: [onDevices] }))
    expect(decide(event())).toBe('unknown')
    expect(decide(event({ flow: { ...flow, port: 80 } }))).toBe('deny')
    expect(decide(event({ actor: { addressTrusted: false, deviceCompliance: 'compliant' } }))).toBe('allow')
  })

  it('takes a rule as expired by the day of the event in the time zone of the policy, in any order', () => {
    const until = (expires: string, port: number) => rule(expires, [[any]], [to([any], tcp(port))], { expires })
    const decide = createLiveDecider(
      policy({ timeZone: 'Europe/Berlin', rules: [until('2026-11-30', 443), until('2026-12-31', 80)] }),
    )
    const at = (time: string, port = 443) => decide(event({ eventTime: Date.parse(time), flow: { ...flow, port } }))
    expect(at('2026-11-30T22:59:59Z')).toBe('allow')
    expect(at('2026-11-30T23:00:00Z')).toBe('deny')
    expect(at('2026-11-30T23:00:00Z', 80)).toBe('allow')
    expect(at('2027-01-01T00:00:00Z', 80)).toBe('deny')
    expect(at('2026-11-30T22:59:59Z')).toBe('allow')
  })
})
