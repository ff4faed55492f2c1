import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { compileTrustZones, defaultZoneRules, type ZoneRule } from '../../../core/trust-zones.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import { CandidateDecisions } from '../../../exporter/pipeline/candidate-decisions.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { renderedAlerts } from '../../alert-rules/rendered.ts'
import { dialectFixtures } from '../../decoding/dialect-fixtures.ts'
import { decisionIn } from '../../decoding/flows.ts'
import { batchOf, bench, NOON, total } from './fixtures.ts'

const linesOf = (name: string) => dialectFixtures[name]?.lines ?? []

const map: readonly ZoneRule[] = [
  { zone: 'agents', match: { namespace: ['agents'], workloadLabels: { app: ['agent-controller'] } } },
  { zone: 'openclaw', match: { namespace: ['openclaw'] } },
  { zone: 'edge', match: { cidr: ['10.87.0.0/24', 'fd00:87::/64'] } },
  { zone: 'analytics', match: { namespace: ['observability'] } },
  { zone: 'internet', match: { workloadLabels: { 'cilium:reserved': ['world'] } } },
  // About whole gateways: it must not put both ends into one zone.
  { zone: 'everything', match: { gateway: [/./] } },
  ...defaultZoneRules,
]

interface Batches {
  readonly source?: string
  readonly gateway?: string
}

/** The decisions that are counted of some records, from zone to zone. */
function decisionsOf(batches: readonly (readonly (string | Fields)[])[], { source = 'log', gateway }: Batches = {}) {
  const { pipeline, store, clock } = bench({
    dispatcher: createDispatcher(dialects),
    zones: compileTrustZones(map),
  })
  clock.time = NOON + 8 * 24 * 60 * MINUTE_MS
  let at = 0
  for (const lines of batches) {
    const records = lines.map(body => ({ id: String(at++), body, ...(gateway !== undefined && { gateway }) }))
    pipeline.ingest(source, batchOf(records, { watermark: NOON }))
  }
  pipeline.ingest(source, batchOf([], { watermark: clock.time }))
  while (pipeline.closeMinutes()) {}
  return { counts: countsIn(store), store, pipeline }
}

/** The counted decisions, from zone to zone. */
function countsIn(store: SeriesStore): Record<string, number> {
  const changed = store.changes().filter(({ metric, value }) => metric === DECISIONS && value > 0)
  return Object.fromEntries(
    changed.map(({ labels: [, zone, , policy, decision, source, destination], value }) => {
      expect(destination).toBe(zone)
      return [`${source} ${destination} ${decision} ${policy}`, value]
    }),
  )
}

const DECISIONS = 'clawtrust_policy_decisions_total'

const hubble = {
  'agents openclaw allow allow_rule': 2,
  'agents openclaw deny auth_required': 1,
  'agents openclaw deny unencrypted_traffic': 1,
  'agents openclaw deny l7_rule': 1,
  'agents analytics deny deny_rule': 1,
  'agents analytics deny default_deny': 4,
  'agents analytics audit default_deny': 1,
  'agents analytics audit deny_rule': 1,
  'internet openclaw deny default_deny': 1,
  'internet openclaw deny source_range': 1,
  'internet openclaw allow allow_rule': 1,
  'agents internet allow allow_rule': 1,
  // With a field mask that leaves labels out.
  'unattributed analytics deny default_deny': 1,
  'unattributed analytics deny other': 1,
}

const shuffled = (lines: readonly string[]) =>
  fc
    .shuffledSubarray([...lines], { minLength: lines.length })
    .chain(all => fc.nat({ max: all.length }).map(at => [all.slice(0, at), all.slice(at)]))

describe('flows of Hubble', () => {
  it('are one decision each, from the zone of the one end to the zone of the other', () => {
    expect(decisionsOf([linesOf('hubble')]).counts).toEqual(hubble)
  })

  it('are counted the same in any order, in any batches, and where their records are shipped twice', () => {
    const paired = linesOf('hubble').filter(line => !line.includes('"source":{"namespace"'))
    const { counts } = decisionsOf([paired])
    fc.assert(
      fc.property(shuffled([...paired, ...paired]), batches => expect(decisionsOf(batches).counts).toEqual(counts)),
      { numRuns: 30 },
    )
  })

  it('are one decision also where a minute ends between the records of both ends', () => {
    const at = (line: string, time: string) => line.replaceAll(/2026-11-29T10:00:\d\d\.\d{9}Z/g, time)
    const [egress = '', ingress = ''] = linesOf('hubble')
    const counted = (first: string, second: string) =>
      decisionsOf([[at(egress, first)], [at(ingress, second)]]).counts['agents openclaw allow allow_rule']
    expect(counted('2026-11-29T10:00:59.999999999Z', '2026-11-29T10:01:00.000000001Z')).toBe(1)
    expect(counted('2026-11-29T10:01:00.000000001Z', '2026-11-29T10:00:59.999999999Z')).toBe(1)
    // Another connection between the same ports.
    expect(counted('2026-11-29T10:00:00.000000000Z', '2026-11-29T10:01:30.000000000Z')).toBe(2)
  })

  it('that one end denies are denied, also where the end that allowed them was counted long before', () => {
    const [allowed = '', denied = ''] = linesOf('hubble').slice(6, 8)
    const { pipeline, store } = bench({ dispatcher: createDispatcher(dialects), zones: compileTrustZones(map) })
    const time = Date.parse('2026-11-29T10:00:04Z')
    pipeline.ingest('log', batchOf([{ id: '1', body: allowed }], { watermark: time }))
    pipeline.ingest('log', batchOf([], { watermark: time + 5 * MINUTE_MS }))
    pipeline.ingest('log', batchOf([{ id: '2', body: denied }], { watermark: time + 5 * MINUTE_MS }))
    pipeline.ingest('log', batchOf([{ id: '3', body: denied }], { watermark: time + 5 * MINUTE_MS }))
    expect(countsIn(store)).toEqual({
      'agents analytics allow allow_rule': 1,
      'agents analytics deny default_deny': 1,
    })
  })

  it('are counted where nodes of a cluster are read, and not once for each', () => {
    const { store } = decisionsOf([linesOf('hubble')])
    const gateways = new Set(store.changes().flatMap(({ metric, labels }) => (metric === DECISIONS ? labels[0] : [])))
    expect(gateways).toEqual(new Set(['prod']))
  })

  it('that were lost are lost telemetry of the source', () => {
    expect(total(decisionsOf([linesOf('hubble')]).store, 'clawtrust_telemetry_lost_total', 'records')).toBe(18)
  })
})

describe('documents of Hubble', () => {
  it('give the series that the trust map draws in the host of the panel', () => {
    const documents = linesOf('hubble').map(line => ({
      '@timestamp': '2026-11-29T10:00:20.000Z',
      agent: { type: 'filebeat' },
      input: { type: 'filestream' },
      host: { name: 'shipper' },
      json: JSON.parse(line),
    }))
    const { counts } = decisionsOf([documents])
    const drawn: Record<string, number> = {}
    for (const [series, count] of Object.entries(counts)) {
      const pair = series.split(' ').slice(0, 3).join(' ')
      drawn[pair] = (drawn[pair] ?? 0) + count
    }
    expect(JSON.parse(readFileSync(DRAWN, 'utf8'))).toEqual(
      Object.keys(drawn)
        .toSorted()
        .map(series => {
          const [source_zone, destination_zone, decision] = series.split(' ')
          return { source_zone, destination_zone, decision, count: drawn[series] }
        }),
    )
  })
})

/** What the case `hubble` of the panel's host draws. */
const DRAWN = new URL('../../../grafana-plugin/host/hubble-decisions.json', import.meta.url)

describe('flows of Calico', () => {
  it('are counted by the number of connections that began', () => {
    expect(decisionsOf([linesOf('calico-goldmane')]).counts).toEqual({
      'agents openclaw allow allow_rule': 12,
      'agents openclaw allow other': 6,
      'agents openclaw deny deny_rule': 6,
      'agents openclaw deny default_deny': 4,
      'agents openclaw audit deny_rule': 5,
      'agents openclaw audit default_deny': 2,
      'agents unattributed allow default_allow': 7,
    })
    expect(decisionsOf([linesOf('calico-flow-log')]).counts).toEqual({
      'agents openclaw allow allow_rule': 9,
      'agents openclaw deny default_deny': 1,
      'agents openclaw deny deny_rule': 2,
      'agents openclaw audit default_deny': 4,
      'agents openclaw audit deny_rule': 4,
      'agents unattributed allow default_allow': 5,
      'agents openclaw deny other': 3,
    })
  })
})

describe('packets that nftables logged', () => {
  it('are decisions between the zones of their addresses', () => {
    const { counts } = decisionsOf([linesOf('nftables')])
    expect(counts).toEqual({
      // Four captured; a fragment, an echo, and one connection that six lines report.
      'edge edge deny packet_filter': 7,
      'edge edge audit packet_filter': 1,
      'edge edge allow packet_filter': 1,
    })
  })

  it('are one decision where several rules and hooks log one packet', () => {
    const [denied = '', , , accepted = ''] = linesOf('nftables')
    const sameFlow = accepted.replace('SPT=52498 DPT=84', 'SPT=54488 DPT=81')
    for (const lines of [
      [sameFlow, denied],
      [denied, sameFlow],
    ]) {
      expect(decisionsOf([lines]).counts).toEqual({ 'edge edge deny packet_filter': 1 })
    }
  })
})

describe('a candidate policy', () => {
  const lines = ['hubble', 'nftables', 'calico-goldmane', 'calico-flow-log'].flatMap(linesOf)

  /** What is counted of decisions, and what a candidate decides on. */
  function decided(withEnds: boolean) {
    const store = createSeriesStore()
    let seen = 0
    const decide = ({ flow }: SecurityEvent) => {
      seen += flow?.source === undefined ? 0 : 1
      return 'deny' as const
    }
    const { pipeline, clock } = bench({
      store,
      dispatcher: createDispatcher(dialects),
      subscribers: [new CandidateDecisions(store, [{ name: 'candidate', decide }])],
      withEnds,
    })
    clock.time = NOON + 8 * 24 * 60 * MINUTE_MS
    const records = lines.map((body, at) => ({ id: String(at), body }))
    pipeline.ingest('log', batchOf(records, { watermark: NOON }))
    pipeline.ingest('log', batchOf([], { watermark: clock.time }))
    while (pipeline.closeMinutes()) {}
    const countOf = (name: string) =>
      store.changes().reduce((sum, { metric, value }) => (metric === name ? sum + value : sum), 0)
    return { enforced: countOf(DECISIONS), shadow: countOf('clawtrust_policy_shadow_decisions_total'), seen }
  }

  it('decides on as many flows as are counted of the enforced policies, also on those that waited for their other end', () => {
    const { enforced, shadow, seen } = decided(true)
    expect(enforced).toBeGreaterThan(15)
    expect(shadow).toBe(enforced)
    expect(seen).toBeGreaterThan(10)
  })

  it('decides on none where there is no candidate, whose ends no event then holds', () => {
    expect(decided(false)).toMatchObject({ shadow: 0, seen: 0 })
  })
})

describe('what staged policies and policies in audit mode would deny', () => {
  const audits = ['hubble', 'calico-goldmane', 'calico-flow-log', 'nftables'].flatMap(name =>
    linesOf(name).filter(line => decisionIn(line).startsWith('audit')),
  )

  it('is of the decision audit, and moves nothing that is counted of denials', () => {
    expect(audits.length).toBeGreaterThan(6)
    const { counts, store, pipeline } = decisionsOf([audits], { gateway: 'gw' })
    expect(Object.keys(counts).map(series => series.split(' ')[2])).toEqual(Object.keys(counts).map(() => 'audit'))
    expect(pipeline.view.offenders()).toEqual([])
    const moved = new Set(store.changes().flatMap(({ metric, value }) => (value > 0 ? metric : [])))
    expect([...moved].filter(metric => /offender|unknown_address|failures|lockouts|drifts/.test(metric))).toEqual([])
  })

  it('moves no alert on denials: each asks for the decision deny', () => {
    const onDecisions = [...renderedAlerts.values()].filter(({ expr }) => expr.includes(DECISIONS))
    expect(onDecisions.map(({ alert }) => alert)).toContain('ClawtrustPolicyDenials')
    for (const { expr } of onDecisions) {
      for (const [selector] of expr.matchAll(/clawtrust_policy_decisions_total\{?[^}[]*\}?/g)) {
        expect(selector).toContain('decision="deny"')
      }
    }
  })
})

describe('the source address of a packet', () => {
  it('names no offender and no new address: whoever sent the packet may have chosen it', () => {
    const { store, pipeline } = decisionsOf([linesOf('hubble'), linesOf('nftables')], { gateway: 'gw' })
    expect(pipeline.view.offenders()).toEqual([])
    expect(pipeline.view.recentEvents().some(({ actor }) => actor.address !== undefined)).toBe(true)
    expect(pipeline.view.recentEvents().some(({ actor }) => actor.addressTrusted)).toBe(false)
    expect(total(store, 'clawtrust_first_seen_entities_total', 'address')).toBe(0)
  })
})

describe('a pair of zones', () => {
  it('is first-seen when a flow is decided between two zones that had none before', () => {
    const { pipeline, store, clock } = bench({ dispatcher: createDispatcher(dialects), zones: compileTrustZones(map) })
    const [, allowed = ''] = linesOf('hubble')
    const denied = linesOf('hubble')[7] ?? ''
    const began = Date.parse('2026-11-29T10:00:00Z')
    const dated = (line: string, day: number) => line.replaceAll('2026-11-29', `2026-12-0${day}`)
    clock.time = began + 6 * 24 * 60 * MINUTE_MS
    const ingest = (id: string, body: string) => pipeline.ingest('log', batchOf([{ id, body }], { watermark: began }))
    ingest('1', allowed)
    ingest('2', dated(allowed, 2))
    ingest('3', dated(denied, 2))
    pipeline.ingest('log', batchOf([], { watermark: clock.time }))
    while (pipeline.closeMinutes()) {}
    expect(total(store, 'clawtrust_first_seen_entities_total', 'zone_pair')).toBe(1)
    expect(total(store, 'clawtrust_first_seen_entities_total', 'zone_pair', 'analytics')).toBe(1)
  })
})
