import { describe, expect, it } from '@jest/globals'
import type { EventSubscriber } from '../../../exporter/contracts/subscriber.ts'
import { Subscribers } from '../../../exporter/pipeline/subscribers.ts'
import { batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

const MINUTE = 60_000

/** Writes down each call of a hook under a name. */
function recorder(name: string, calls: string[]): Required<EventSubscriber> {
  return {
    onEvent: (event, phase) => void calls.push(`${name} event ${event.record.id} ${phase}`),
    onMinute: (_key, start, count) => void calls.push(`${name} minute ${(start * 1000 - NOON) / MINUTE} ${count}`),
    onLateEvents: (_key, start, count) => void calls.push(`${name} late ${(start * 1000 - NOON) / MINUTE} ${count}`),
    onBackfill: ({ first, end }) => void calls.push(`${name} backfill of ${(end - first) / 60} minutes`),
  }
}

describe('subscribers', () => {
  it('are called in the order of the list, each with every hook', () => {
    const calls: string[] = []
    const { pipeline } = bench({ subscribers: [recorder('a', calls), recorder('b', calls)] })
    pipeline.ingest('log', batchOf([recordOf('1', {})], { watermark: NOON }))
    pipeline.ingest('log', batchOf([], { watermark: NOON + MINUTE }))
    while (pipeline.closeMinutes());
    pipeline.ingest('log', batchOf([recordOf('2', {})], { watermark: NOON + MINUTE }))
    pipeline.ingest('log', batchOf([recordOf('3', { time: NOON + 48 * 60 * MINUTE })], { watermark: NOON + MINUTE }))
    pipeline.backfill('log')?.add(batchOf([recordOf('0', { time: NOON - 4 * MINUTE })]))
    pipeline.backfill('log')?.finish()
    const expected = [
      'event 1 live',
      'minute 0 1',
      'late 0 1',
      'event 2 live',
      'event 3 ahead',
      'event 0 backfill',
      'backfill of 5 minutes',
    ]
    expect(calls).toEqual(expected.flatMap(call => [`a ${call}`, `b ${call}`]))
  })

  it('need only the hooks that they use', () => {
    const calls: string[] = []
    const { onMinute } = recorder('minutes only', calls)
    const key = { gateway: 'gw', trustZone: 'zone', signal: 'auth_failures' } as const
    const subscribers = new Subscribers([{}, { onMinute }])
    subscribers.onLateEvents(key, NOON / 1000, 1)
    subscribers.onBackfill({ key, first: 0, end: 60, counts: new Map(), partial: new Set() })
    expect(calls).toEqual([])
    subscribers.onMinute(key, NOON / 1000, 2, 'complete')
    expect(calls).toEqual(['minutes only minute 0 2'])
  })

  it('leave each closed minute counted, also without any', () => {
    const { pipeline, store } = bench({ subscribers: [] })
    pipeline.ingest('log', batchOf([recordOf('1', {})]))
    pipeline.ingest('log', batchOf([], { watermark: NOON + 3 * MINUTE }))
    while (pipeline.closeMinutes());
    expect(total(store, 'clawtrust_scorings_total')).toBe(3)
  })

  it('leave the zeros before the first event of a series counted', () => {
    const { pipeline, store } = bench({ subscribers: [] })
    pipeline.ingest('log', batchOf([]))
    pipeline.ingest('log', batchOf([recordOf('1', { time: NOON + 10 * MINUTE })], { watermark: NOON + 12 * MINUTE }))
    while (pipeline.closeMinutes());
    expect(total(store, 'clawtrust_scorings_total')).toBe(12)
  })
})
