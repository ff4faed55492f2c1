import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { MINUTE_MS } from '../../../core/clock.ts'
import { signals } from '../../../core/signals.ts'
import { actions } from '../../../decoding/dialects/openclaw-security-event/actions.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import type { Place, RawRecord } from '../../../exporter/contracts/source.ts'
import type { SeriesValue } from '../../../service/series/series.ts'
import { openMemoryState } from '../../../service/state/memory.ts'
import { realSecurityEvents, syntheticSecurityEvents } from '../../decoding/fixtures.ts'
import { securityEventForms } from '../../decoding/security-event-forms.ts'
import { authority, batchOf, bench, NOON, total } from './fixtures.ts'

const events: readonly Fields[] = [
  ...realSecurityEvents.map(line => JSON.parse(line).event),
  ...syntheticSecurityEvents.map(line => JSON.parse(line)),
]
const layOut = securityEventForms['mapping mode otel'] as (event: Fields) => Fields
const signalMetrics = new Set<string>(Object.values(signals).map(({ metric }) => metric))
const moved = new Set<string>([
  ...signalMetrics,
  'clawtrust_approval_grants_total',
  'clawtrust_self_approvals_total',
  'clawtrust_first_seen_entities_total',
])
const START = Math.min(...events.map(({ ts }) => Number(ts)))
const END = Math.max(...events.map(({ ts }) => Number(ts))) + MINUTE_MS

const bySecurityEvents = {
  ...authority,
  auth_failures: 'security-event',
  auth_lockouts: 'security-event',
  posture_drifts: 'security-event',
  policy_decisions: 'security-event',
} as const

function begin(chosen: typeof authority = bySecurityEvents) {
  const parts = bench({ dispatcher: createDispatcher(dialects), authority: chosen })
  parts.clock.time = END
  return parts
}

/** What the events have moved, by series; not what is counted of records and minutes. */
const movedBy = (series: Iterable<SeriesValue>) =>
  Object.fromEntries(
    [...series]
      .filter(({ metric }) => moved.has(metric))
      .map(({ metric, labels, value }) => [[metric, ...labels].join(' '), value] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Each event once, in their order. */
function expected() {
  const { pipeline, store } = begin()
  const records = events.map((event, number) => ({ id: `${number}`, body: layOut(event) }))
  pipeline.ingest('log', batchOf(records, { watermark: END }))
  while (pipeline.closeMinutes());
  return movedBy(store.changes())
}

describe('events of the security.event stream', () => {
  it('count once by their id: repeated in other documents and batches, in any order, over restarts', async () => {
    const once = expected()
    expect(Object.keys(once).length).toBeGreaterThan(20)
    const delivery = fc.record({
      copies: fc.array(fc.record({ event: fc.nat(events.length - 1), order: fc.nat() }), { maxLength: 60 }),
      orders: fc.array(fc.nat(), { minLength: events.length, maxLength: events.length }),
      size: fc.integer({ min: 1, max: 50 }),
      restarts: fc.array(fc.boolean(), { maxLength: 20 }),
    })
    await fc.assert(
      fc.asyncProperty(delivery, async ({ copies, orders, size, restarts }) => {
        const records: RawRecord[] = [...orders.map((order, event) => ({ order, event })), ...copies]
          .sort((a, b) => a.order - b.order)
          .map(({ event }, number) => ({ id: `document ${number}`, body: layOut(events[event] as Fields) }))
        const database = openMemoryState()
        let { pipeline, store } = begin()
        const commit = async () => {
          const series = store.changes()
          await database.commit({ ...pipeline.changes(), series })
          store.publish(series)
        }
        for (let at = 0, turn = 0; at < records.length; at += size, turn++) {
          pipeline.ingest('log', batchOf(records.slice(at, at + size), { watermark: START }))
          if (restarts[turn] !== true) continue
          await commit()
          ;({ pipeline, store } = begin())
          const saved = await database.load()
          store.restore(saved.series)
          pipeline.restore(saved)
        }
        pipeline.ingest('log', batchOf([], { watermark: END }))
        while (pipeline.closeMinutes());
        await commit()
        const { series } = await database.load()
        await database.close()
        expect(movedBy(series)).toEqual(once)
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  it('count each time where they have no id, and the source says so', () => {
    const { pipeline, store } = begin()
    const { eventId: _, ...event } = events.find(({ action }) => action === 'exec.approval.requested') as Fields
    const place: Place = { kind: 'index', name: 'otel' }
    for (const id of ['1', '2']) pipeline.ingest('log', batchOf([{ id, body: layOut(event), place } as RawRecord]))
    expect(total(store, 'clawtrust_approvals_total', 'asked')).toBe(2)
    expect(pipeline.view.progress('log').incomplete).toMatchObject([{ lacks: { field: 'event_id' } }])
  })
})

describe('a device that approves its own request', () => {
  const own = events.find(({ action, target, actor }) => {
    const [device, approver] = [target as Fields, actor as Fields]
    return action === 'device.pairing.approved' && device.idHash === approver.deviceIdHash
  }) as Fields

  it.each([
    ['security-event', bySecurityEvents, 1],
    ['file-log', authority, 0],
  ])('counts once as a self-approval where the authoritative stream is %s', (_stream, chosen, drifts) => {
    const { pipeline, store } = begin(chosen as typeof authority)
    for (const id of ['1', '2']) pipeline.ingest('log', batchOf([{ id, body: layOut(own) }]))
    expect(total(store, 'clawtrust_self_approvals_total', 'device')).toBe(1)
    expect(total(store, 'clawtrust_posture_drifts_total', 'pairing_approved')).toBe(drifts)
  })

  it('that is older than the installation is not counted', () => {
    const { pipeline, store } = begin(authority)
    pipeline.ingest('log', batchOf([{ id: '1', body: layOut(own), countsFrom: NOON + 365 * 24 * 60 * MINUTE_MS }]))
    expect(total(store, 'clawtrust_self_approvals_total')).toBe(0)
  })
})

/** What the file log reports too, by the default authority; everything else counts whichever stream is chosen. */
const ofBothStreams: Readonly<Record<string, boolean>> = {
  'gateway.auth.failed': true,
  'gateway.auth.succeeded': false,
  'device.pairing.approved': true,
  'device.pairing.rejected': false,
  'device.pairing.renamed': true,
  'device.pairing.removed': true,
  'device.role.removed': true,
  'device.token.rotated': true,
  'device.token.revoked': true,
  'device.pairing.denied': true,
  'device.role.removal_denied': true,
  'device.token.rotation_denied': true,
  'device.token.revocation_denied': true,
  'exec.approval.requested': false,
  'exec.approval.approved': false,
  'exec.approval.denied': false,
  'plugin.installed': false,
  'plugin.updated': false,
  'plugin.audit.failed': false,
  'security.audit.completed': false,
}

describe('the authoritative stream', () => {
  const decided = (chosen: typeof authority, action: string) => {
    const { pipeline, store } = begin(chosen)
    const own = events.filter(event => event.action === action)
    pipeline.ingest('log', batchOf(own.map((event, number) => ({ id: `${number}`, body: layOut(event) }))))
    const counted = store.changes().filter(({ metric }) => signalMetrics.has(metric))
    return { counted: counted.length > 0, refused: total(store, 'clawtrust_undecoded_total', 'not_authoritative') > 0 }
  }

  it('is decided for each action, tool.execution.blocked by its policy', () => {
    expect(new Set([...Object.keys(ofBothStreams), 'tool.execution.blocked'])).toEqual(new Set(actions.keys()))
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(actions.keys()))
  })

  it.each(Object.entries(ofBothStreams))(
    'decides whether %s counts, where both streams report it: %s',
    (action, isOfBoth) => {
      expect(decided(authority, action)).toEqual({ counted: !isOfBoth, refused: isOfBoth })
      expect(decided(bySecurityEvents, action)).toEqual({ counted: true, refused: false })
    },
  )
})
