import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { codePoint } from '../../../code-point.ts'
import { dialectFixtures } from '../../dialect-fixtures.ts'
import { claimOf, decisionIn, decodeRecord } from '../../flows.ts'

type Json = Record<string, unknown>

const ofGoldmane = dialectFixtures['calico-goldmane']?.lines ?? []
const ofEnterprise = dialectFixtures['calico-flow-log']?.lines ?? []

describe('a record of Goldmane', () => {
  it('counts the connections that began, where they are denied, or where they arrive', () => {
    expect(ofGoldmane.map(decisionIn)).toEqual([
      // Allowed: by the source, which the destination reports too.
      'no_signal',
      'allow allow_rule x12',
      'deny deny_rule x3',
      'deny default_deny x4',
      // Staged policies would deny it: at the destination, and at the source.
      'audit deny_rule x5',
      'audit default_deny x2',
      // To a network, which reports nothing.
      'allow default_allow x7',
      // None began.
      'no_signal',
      'allow other x6',
      // As Protocol Buffers write enumerations and 64 bits.
      'deny deny_rule x3',
      'undecoded unknown_layout',
    ])
  })

  it('is dated at its end, and has the ends as Calico knows them', () => {
    const claim = claimOf(ofGoldmane[1] ?? '')
    expect(new Date(claim.time).toISOString()).toBe('2026-11-30T10:00:15.000Z')
    expect(claim.flow).toEqual({
      source: { namespace: 'agents', workloadLabels: { app: 'agent-controller' }, isIdentified: true },
      destination: {
        namespace: 'openclaw',
        service: 'gateway',
        workloadLabels: { app: 'gateway' },
        isIdentified: true,
      },
      transport: 'tcp',
      port: 8443,
    })
    expect(claim.actor).toEqual({})
  })
})

describe('a flow log of Calico Enterprise', () => {
  it('counts the flows that began, where they are denied, or where they arrive', () => {
    expect(ofEnterprise.map(decisionIn)).toEqual([
      'no_signal',
      'allow allow_rule x9',
      // At the end of a tier, whichever order the policies are listed in.
      'deny default_deny',
      'deny deny_rule x2',
      // Staged, in both forms.
      'audit default_deny x4',
      'audit deny_rule x4',
      'allow default_allow x5',
      'no_signal',
      'deny other x3',
      'undecoded unknown_layout',
    ])
  })

  it('has the ends as Calico knows them', () => {
    expect(claimOf(ofEnterprise[1] ?? '').flow).toEqual({
      source: {
        address: '10.48.116.157',
        namespace: 'agents',
        workloadLabels: { app: 'agent-controller' },
        isIdentified: true,
      },
      destination: {
        address: '10.48.127.224',
        namespace: 'openclaw',
        service: 'gateway',
        workloadLabels: { app: 'gateway' },
        isIdentified: true,
      },
      transport: 'tcp',
      port: 8443,
    })
    expect(claimOf(ofEnterprise[6] ?? '').flow?.destination).toEqual({ address: '198.51.100.80', isIdentified: true })
  })

  it('may have its times as Elasticsearch stores them', () => {
    const at = (end_time: unknown) => decodeRecord({ ...JSON.parse(ofEnterprise[1] ?? ''), end_time })
    const time = Date.UTC(2026, 10, 30, 10, 5)
    expect([time / 1000, String(time / 1000), time, new Date(time).toISOString()].map(at)).toEqual([
      expect.objectContaining({ time }),
      // A text without a date is none: then the start counts.
      expect.objectContaining({ time: time - 300_000 }),
      expect.objectContaining({ time }),
      expect.objectContaining({ time }),
    ])
  })
})

describe('a number of flows', () => {
  it('that is none is not counted', () => {
    for (const count of [-1, 1.5, 'x', null, {}, 2 ** 60]) {
      expect(decisionIn({ ...JSON.parse(ofEnterprise[1] ?? ''), num_flows_started: count })).toBe(
        'undecoded unknown_layout',
      )
    }
  })
})

describe('names of policies and pods', () => {
  const text = fc.oneof(
    fc.string({ unit: codePoint }),
    fc.constantFrom('a|b|deny|-1', 'staged:', '|', 'app.staged:x|deny|0'),
  )

  it('are no label value, whatever they are', () => {
    fc.assert(
      fc.property(text, text, fc.array(text), (name, pod, labels) => {
        const record: Json = JSON.parse(ofEnterprise[3] ?? '')
        const hits = [`0|security|security.${name}|deny|3`]
        const policies = { all_policies: hits, enforced_policies: hits, pending_policies: hits }
        const body = { ...record, policies, source_name: pod, source_name_aggr: pod, source_labels: { labels } }
        const { labels: values, count, flow } = claimOf(JSON.stringify(body))
        expect([values.engine, values.decision, count]).toEqual(['calico', 'deny', 2])
        expect(['deny_rule', 'default_deny', 'other']).toContain(values.policy)
        expect(flow?.source).toMatchObject({ address: '10.48.116.157', namespace: 'agents' })
      }),
    )
  })
})
