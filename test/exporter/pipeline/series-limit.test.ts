import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type SignalName, signals } from '../../../core/signals.ts'
import type { Claim } from '../../../decoding/toolkit/record.ts'
import type { Pipeline } from '../../../exporter/pipeline/pipeline.ts'
import { SHARED_GATEWAY } from '../../../exporter/pipeline/series-table.ts'
import { savedMinutes } from '../../service/state/saved-state.ts'
import { batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

const MINUTE = 60_000
const LIMIT = 4

/** Events of each series of minutes in the hour before NOON and the one after. */
function eventsOf(pipeline: Pipeline): Map<string, number> {
  const events = new Map<string, number>()
  for (const { byGateway } of pipeline.view.minutes.groups) {
    for (const [gateway, series] of byGateway) {
      const sum = series.addTo(new Float64Array(120), NOON / 1000 - 3_600)
      events.set(gateway, (events.get(gateway) ?? 0) + sum)
    }
  }
  return events
}

const sum = (counts: Iterable<number>) => [...counts].reduce((all, count) => all + count, 0)

/** A failed sign-in or an approved pairing of some gateway, whose names are more than the limit. */
const told = fc.record({
  signal: fc.constantFrom<SignalName>('auth_failures', 'posture_drifts'),
  gateway: fc.oneof(
    fc.nat(9).map(number => `gw-${number}`),
    fc.constantFrom(SHARED_GATEWAY, 'x'.repeat(2_000)),
  ),
  minute: fc.integer({ min: -50, max: 0 }),
  count: fc.integer({ min: 1, max: 5 }),
})

type Told = typeof told extends fc.Arbitrary<infer T> ? T : never

const recordsOf = (all: readonly Told[]) =>
  all.map(({ signal, gateway, minute, count }, index) => {
    const labels = signal === 'posture_drifts' ? { kind: 'config_write', severity: 'low' } : {}
    const said: Partial<Claim> = { signal, labels, count, time: NOON + minute * MINUTE, origin: { host: gateway } }
    return recordOf(`${index}`, said)
  })

/** All counts of the signals, whatever their labels. */
const counted = (store: Parameters<typeof total>[0]) =>
  sum([signals.auth_failures, signals.posture_drifts].map(({ metric }) => total(store, metric)))

describe('the limit of series with minutes of their own', () => {
  it('changes no counter and loses no event of any minute, and says how many are in shared ones', () => {
    fc.assert(
      fc.property(fc.array(fc.array(told, { maxLength: 12 }), { maxLength: 6 }), batches => {
        const [limited, free] = [bench({ minuteSeries: LIMIT }), bench()]
        // No minute closes before the last batch: an event for a minute before the first of its series would be in none.
        for (const batch of batches) {
          const read = batchOf(recordsOf(batch), { watermark: NOON - 55 * MINUTE })
          for (const { pipeline } of [limited, free]) pipeline.ingest('log', read)
        }
        for (const { pipeline } of [limited, free]) {
          pipeline.ingest('log', batchOf([]))
          while (pipeline.closeMinutes(3));
        }
        const truth = sum(batches.flat().map(({ count }) => count))
        expect(counted(limited.store)).toBe(truth)
        expect(limited.store.changes().filter(({ metric }) => metric === signals.auth_failures.metric)).toEqual(
          free.store.changes().filter(({ metric }) => metric === signals.auth_failures.metric),
        )
        const [events, own] = [eventsOf(limited.pipeline), eventsOf(free.pipeline)]
        expect(sum(events.values())).toBe(truth)
        expect(events.get(SHARED_GATEWAY) ?? 0).toBe(total(limited.store, 'clawtrust_shared_minute_events_total'))
        expect(sum(limited.pipeline.view.minutes.groups.map(({ byGateway }) => byGateway.size))).toBeLessThanOrEqual(
          LIMIT + 2,
        )
        for (const [gateway, count] of events) {
          if (gateway !== SHARED_GATEWAY) expect(count).toBeLessThanOrEqual(own.get(gateway) ?? 0)
        }
      }),
    )
  })

  it('applies to a backfill as well', () => {
    const { pipeline, listener } = bench({ minuteSeries: LIMIT })
    const past = Array.from({ length: 10 }, (_, index) => ({ host: `gw-${index}` }))
    pipeline
      .backfill('log')
      ?.add(batchOf(past.map((origin, index) => recordOf(`${index}`, { origin, time: NOON - MINUTE }))))
    pipeline.backfill('log')?.finish()
    expect(listener.told.map(({ key, counts }) => [key.gateway, sum(counts.values())])).toEqual([
      ['gw-0', 1],
      ['gw-1', 1],
      ['gw-2', 1],
      ['gw-3', 1],
      [SHARED_GATEWAY, 6],
    ])
  })

  it('gives subscribers of events the shared gateway, and no name that they would have to hold', () => {
    const names: string[] = []
    const { pipeline } = bench({
      minuteSeries: LIMIT,
      subscribers: [{ onEvent: ({ gateway }) => void names.push(gateway) }],
    })
    for (let made = 0; made < 10; made++) {
      pipeline.ingest('log', batchOf([recordOf(`${made}`, { origin: { host: `gw-${made}` } })]))
    }
    expect(new Set(names)).toEqual(new Set(['gw-0', 'gw-1', 'gw-2', 'gw-3', SHARED_GATEWAY]))
    expect(pipeline.view.recentEvents()[0]?.gateway).toBe('gw-9')
  })

  it('keeps the series with most events when a state holds more, and lets the others go from the state', () => {
    const before = bench()
    for (let gateway = 0; gateway < 8; gateway++) {
      const origin = { host: `gw-${gateway}` }
      before.pipeline.ingest('log', batchOf([recordOf(`${gateway}`, { origin, count: 1 + (gateway % 5) })]))
    }
    const { documents, minutes } = before.pipeline.changes()
    const after = bench({ minuteSeries: LIMIT })
    after.pipeline.restore({
      series: [],
      cursors: [],
      blobs: [],
      documents: structuredClone(documents),
      minutes: savedMinutes(minutes),
    })
    expect([...eventsOf(after.pipeline)]).toEqual([
      ['gw-2', 3],
      ['gw-3', 4],
      ['gw-4', 5],
      ['gw-7', 3],
    ])
    const gone = after.pipeline.changes().documents.filter(({ value }) => value === null)
    expect(gone.map(({ name }) => name)).toEqual(['minutes/gw-0', 'minutes/gw-1', 'minutes/gw-5', 'minutes/gw-6'])
  })
})
