import { describe, expect, it } from '@jest/globals'
import { compileTrustZones } from '../../../core/trust-zones.ts'
import type { Claim, Origin } from '../../../decoding/toolkit/record.ts'
import { AddressTrust } from '../../../exporter/pipeline/address.ts'
import { attribute } from '../../../exporter/pipeline/attribution.ts'
import { claim, NOON } from './fixtures.ts'

const zones = compileTrustZones([
  { zone: 'office', match: { cidr: ['192.0.2.0/24'] } },
  { zone: 'shop', match: { service: ['Keycloak'], realm: ['shop'] } },
  { zone: 'server', match: { subsystem: ['gateway/ws'] } },
])
const attributed = (parts: Partial<Claim>, gateway?: string) => {
  const record = { id: '1', body: '', ...(gateway === undefined ? {} : { gateway }) }
  return attribute('log', record, claim(parts), {
    clock: { now: () => NOON },
    zones,
    addresses: new AddressTrust(['10.0.0.1']),
  })
}

describe('attribution', () => {
  it.each<[string, string | undefined, Origin]>([
    ['configured', 'configured', { serviceInstance: 'instance', host: 'host' }],
    ['instance', undefined, { serviceInstance: 'instance', host: 'host' }],
    ['host', undefined, { host: 'host' }],
    ['unknown', undefined, {}],
  ])('names the gateway %s', (name, configured, origin) => {
    expect(attributed({ origin }, configured).gateway).toBe(name)
  })

  it('puts an event into the zone of its address only where that may be trusted', () => {
    const forwardedFor = '192.0.2.7'
    expect(attributed({ actor: { peerAddress: '10.0.0.1', forwardedFor } }).trustZone).toBe('office')
    expect(attributed({ actor: { peerAddress: '10.0.0.2', forwardedFor } }).trustZone).toBe('server')
  })

  it('puts an event of an identity provider into the zone of its realm', () => {
    expect(attributed({ origin: { service: 'Keycloak', realm: 'shop' } }).trustZone).toBe('shop')
    expect(attributed({ origin: { service: 'Keycloak', realm: 'master' } }).trustZone).toBe('unattributed')
  })

  it('keeps the account, the posture of the device and the code of the record', () => {
    const account = { kind: 'client', name: 'agent' } as const
    const event = attributed({ account, code: '99999', actor: { device: 'd-1', deviceCompliance: 'noncompliant' } })
    expect(event).toMatchObject({ account, code: '99999', actor: { device: 'd-1', deviceCompliance: 'noncompliant' } })
    expect(Object.keys(attributed({}))).not.toEqual(expect.arrayContaining(['account']))
  })

  it('reports the zones between which a decision was made', () => {
    const labels = { engine: 'openclaw-rpc', policy: 'missing_scope', decision: 'deny' }
    const origin = { host: 'gw', subsystem: 'gateway/ws' }
    const decision = { signal: 'policy_decisions', labels, origin } as const
    expect(attributed({ ...decision, actor: { peerAddress: '198.51.100.1' } }).labels).toEqual({
      ...labels,
      source_zone: 'unattributed',
      destination_zone: 'server',
    })
    const inside = attributed({ ...decision, actor: { peerAddress: '192.0.2.9' } })
    expect(inside.labels).toMatchObject({ source_zone: 'office', destination_zone: 'office' })
  })

  it('names the gateway that a client signed in to, and of the client no hash', () => {
    const origin = { host: 'gw', port: 18_789 }
    const signIn = { signal: 'auth_failures', origin, stream: 'file-log' } as const
    const actor = { peerAddress: '192.0.2.9', identity: 'ana' }
    const access = {
      destination: { service: 'openclaw-gateway' },
      port: 18_789,
      transport: 'tcp',
      sourceZone: 'office',
    }
    expect(attributed({ ...signIn, actor }).access).toEqual({ ...access, identity: 'ana' })
    expect(attributed({ ...signIn, actor, stream: 'security-event' }).access).toEqual(access)
    expect(attributed({ ...signIn, actor, stream: 'other' })).not.toHaveProperty('access')
    expect(attributed({ ...signIn, actor, signal: 'posture_drifts' })).not.toHaveProperty('access')
  })

  it('puts each end of a flow into its own zone, the event into that of the destination, and trusts no packet', () => {
    const labels = { engine: 'nftables', policy: 'packet_filter', decision: 'deny' }
    const flow = (source: string, destination: string) =>
      attributed({
        signal: 'policy_decisions',
        labels,
        // Rules by subsystem are about the writer of a record.
        origin: { host: 'gw', subsystem: 'gateway/ws' },
        actor: { packetAddress: source },
        flow: { source: { address: source }, destination: { address: destination } },
      })
    const inwards = flow('198.51.100.1', '192.0.2.7')
    expect(inwards.labels).toEqual({ ...labels, source_zone: 'unattributed', destination_zone: 'office' })
    expect(inwards.trustZone).toBe('office')
    expect(inwards.actor).toEqual({ address: '198.51.100.1', addressTrusted: false })
    const outwards = flow('192.0.2.7', '198.51.100.1')
    expect(outwards.labels).toEqual({ ...labels, source_zone: 'office', destination_zone: 'unattributed' })
    expect(outwards.trustZone).toBe('unattributed')
    expect(flow('no address', '192.0.2.7').actor).toEqual({ addressTrusted: false })
  })
})
