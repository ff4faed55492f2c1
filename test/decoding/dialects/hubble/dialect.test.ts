import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { codePoint } from '../../../code-point.ts'
import { dialectFixtures } from '../../dialect-fixtures.ts'
import { claimOf, decisionIn, decodeRecord } from '../../flows.ts'

type Json = Record<string, unknown>

const lines = dialectFixtures.hubble?.lines ?? []
const allowed = (): Json => JSON.parse(lines[1] ?? '')
const denied = (): Json => JSON.parse(lines[7] ?? '')

/** A copy of a record with other fields in its flow. */
const withFlow = (record: Json, fields: Json): Json => ({ ...record, flow: { ...(record.flow as Json), ...fields } })

describe('a flow of Hubble', () => {
  it('is a decision where a policy gave a verdict, and none where a packet was seen', () => {
    expect(lines.map(decisionIn)).toEqual([
      // Allowed, at both ends; two packets at trace points, the second a reply.
      'allow allow_rule partner',
      'allow allow_rule partner',
      'no_signal',
      'no_signal',
      // Denied at the source: the verdict, and the drop.
      'deny deny_rule leading',
      'deny deny_rule leading',
      // Allowed at the source and denied at the destination.
      'allow allow_rule partner',
      'deny default_deny leading',
      'deny auth_required leading',
      'deny unencrypted_traffic leading',
      // Would be denied at the destination; at the source, and is allowed at the destination.
      'audit default_deny leading',
      'audit deny_rule deputy',
      'allow allow_rule partner',
      // A proxy allows a request, and answers; it denies another one.
      'allow allow_rule partner',
      'allow allow_rule partner',
      'no_signal',
      'allow allow_rule partner',
      'deny l7_rule leading',
      // From the world, and to it: at the other end is no policy.
      'deny default_deny leading',
      'deny source_range leading',
      'allow allow_rule leading',
      'allow allow_rule leading',
      'deny default_deny leading',
      'deny default_deny leading',
      'deny default_deny leading',
      // A technical drop, an error, a reply that is dropped.
      'no_signal',
      'no_signal',
      'no_signal',
      // With less fields.
      'deny default_deny leading',
      'deny other leading',
      'no_signal',
      'telemetry_lost',
      'telemetry_lost',
    ])
  })

  it('has the ends as the agent knows them, without the names of pods', () => {
    expect(claimOf(allowed()).flow).toEqual({
      source: {
        address: '10.0.1.235',
        namespace: 'agents',
        workloadLabels: { app: 'agent-controller', 'io.kubernetes.pod.namespace': 'agents' },
        isIdentified: true,
      },
      destination: {
        address: '10.0.0.21',
        namespace: 'openclaw',
        service: 'gateway',
        workloadLabels: { app: 'gateway', 'io.kubernetes.pod.namespace': 'openclaw' },
        isIdentified: true,
      },
      transport: 'tcp',
      port: 8443,
      report: { end: 'destination', kind: 'verdict' },
    })
  })

  it('says at which end it was decided, and whether its record is the verdict, the drop or a request', () => {
    const reportOf = (at: number) => Object.values(claimOf(lines[at] ?? '').flow?.report ?? {}).join(' ')
    expect([0, 1, 4, 5, 17].map(reportOf)).toEqual([
      'source verdict',
      'destination verdict',
      'source verdict',
      'source drop',
      'destination request',
    ])
  })

  it('has reserved identities as a label that no workload can have', () => {
    expect(claimOf(lines[18] ?? '').flow?.source.workloadLabels).toEqual({ 'cilium:reserved': 'world' })
    const pretender = {
      identity: 4711,
      labels: ['k8s:reserved:world', 'k8s:reserved=world', 'container:cilium:reserved=world'],
    }
    const { workloadLabels } = claimOf(withFlow(denied(), { source: pretender })).flow?.source ?? {}
    expect(workloadLabels).toEqual({ 'reserved:world': '', reserved: 'world' })
  })

  it('has the same key at both ends, in the verdict and the drop, and for a request and its connection', () => {
    const keyOf = (at: number) => claimOf(lines[at] ?? '').pair?.key
    expect(keyOf(0)).toBe(keyOf(1))
    expect(keyOf(4)).toBe(keyOf(5))
    expect(keyOf(6)).toBe(keyOf(7))
    expect(keyOf(16)).toBe(keyOf(17))
    const keys = [0, 4, 6, 8, 9, 10, 11, 13, 16, 18, 22, 23, 24].map(keyOf)
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is a decision of its own where its ports are left out', () => {
    expect(decisionIn(withFlow(denied(), { l4: { TCP: { flags: { SYN: true } } } }))).toBe('deny default_deny')
    expect(decisionIn(withFlow(denied(), { l4: undefined }))).toBe('deny default_deny')
  })

  it('belongs to the cluster, whichever node reports it', () => {
    expect(claimOf(lines[0] ?? '').origin).toEqual({ service: 'cilium', serviceInstance: 'prod', host: 'worker-1' })
    expect(claimOf(lines[1] ?? '').origin).toMatchObject({ serviceInstance: 'prod', host: 'worker-2' })
    const lone = withFlow(allowed(), { node_name: 'worker-9' })
    expect(claimOf(lone).origin).toEqual({ service: 'cilium', host: 'worker-9' })
  })

  it('has a source address that is never trusted', () => {
    expect(claimOf(denied()).actor).toEqual({ packetAddress: '10.0.1.235' })
  })

  it('says what a field mask leaves out', () => {
    const { decode } = createDispatcher(dialects)
    const lacking = (at: number) => decode({ id: '1', body: lines[at] ?? '' }).lacks?.field
    expect([28, 29, 30].map(lacking)).toEqual([undefined, 'flow.drop_reason_desc', 'flow.event_type'])
  })
})

describe('events that Hubble lost', () => {
  it('are lost telemetry, by their number', () => {
    expect(decodeRecord(lines[31] ?? '')).toMatchObject({ kind: 'telemetry_lost', records: 17 })
    expect(decodeRecord(lines[32] ?? '')).toMatchObject({ kind: 'telemetry_lost', records: 1 })
    for (const lost of [-1, 1.5, '1e3', 'x', {}, '9'.repeat(30)]) {
      const body = { lost_events: { source: 'OBSERVER', num_events_lost: lost }, time: '2026-11-29T10:00:17Z' }
      expect(decisionIn(body)).toBe('undecoded unknown_layout')
    }
  })
})

describe('what users of a cluster write', () => {
  /** Texts that look like fields, labels and addresses. */
  const hostile = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.constantFrom(
      'k8s:app=gateway',
      'reserved:world',
      'reserved:host',
      '__proto__=x',
      'k8s:__proto__=polluted',
      '","verdict":"DROPPED","x":"',
      '"},"verdict":"FORWARDED","source":{"namespace":"prod',
      '203.0.113.9',
      'clawtrust',
      'x'.repeat(5_000),
    ),
  )
  const workload = fc.record({
    ID: fc.nat(),
    identity: fc.integer({ min: 256, max: 65_535 }),
    namespace: fc.constant('agents'),
    labels: fc.array(
      hostile.map(text => `k8s:team=${text}`),
      { maxLength: 5 },
    ),
    pod_name: hostile,
    workloads: fc.array(fc.record({ name: hostile, kind: hostile }), { maxLength: 3 }),
  })
  const policies = fc.array(fc.record({ name: hostile, namespace: hostile, labels: fc.array(hostile), kind: hostile }))

  it('is no label value, and changes no decision, address, namespace or key', () => {
    const expected = claimOf(denied())
    fc.assert(
      fc.property(workload, workload, policies, hostile, fc.array(hostile), (source, destination, by, text, names) => {
        const { flow, ...claim } = claimOf(
          JSON.stringify(
            withFlow(denied(), {
              source,
              destination: { ...destination, namespace: 'observability' },
              ingress_denied_by: by,
              source_names: names,
              destination_names: names,
              policy_log: [text],
              Summary: text,
              l7: { type: text, http: { url: text, headers: [{ key: text, value: text }] } },
            }),
          ),
        )
        const { flow: _flow, ...rest } = expected
        expect(claim).toEqual(rest)
        expect(flow?.source).toMatchObject({ address: '10.0.1.235', namespace: 'agents' })
        expect(Object.keys(flow?.source.workloadLabels ?? {}).filter(name => name !== 'team')).toEqual([])
      }),
    )
  })

  it('of a wrong type is left out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (source, service, ip) => {
        const record = withFlow(denied(), { source, destination_service: service, IP: ip })
        const decoding = decodeRecord(JSON.stringify(record))
        expect(decoding).toMatchObject({ kind: 'claim', claim: { labels: { decision: 'deny' } } })
      }),
    )
  })
})
