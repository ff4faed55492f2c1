import { describe, expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { savedState } from '../../service/state/saved-state.ts'
import { batchOf, bench, NOON, recordOf, total } from './fixtures.ts'

const FAILURES = 'clawtrust_auth_failures_total'
const BACKFILL = 'clawtrust_backfill_events_total'
const MINUTE = 60_000
const pair = (role: 'leading' | 'partner', key = 'c1') => ({ pair: { key, role } })

/** A record of an installation that began at noon. */
const ofNoon = (...parts: Parameters<typeof recordOf>) => ({ ...recordOf(...parts), countsFrom: NOON })

describe('events from before the installation', () => {
  it('are counted by name, and move nothing that can page', () => {
    const phases: [id: string, phase: string][] = []
    const onEvent = (event: SecurityEvent, phase: string) => void phases.push([event.record.id, phase])
    const { pipeline, store } = bench({ subscribers: [{ onEvent }] })
    const old = { time: NOON - 10 * 24 * 60 * MINUTE, actor: { peerAddress: '203.0.113.9' } }
    pipeline.ingest('log', batchOf([ofNoon('old', { ...old, count: 3 }), ofNoon('new', {})]))
    pipeline.ingest('log', batchOf([ofNoon('lost', { lost: 7, time: NOON - 1 })]))
    expect(total(store, BACKFILL, 'log')).toBe(3)
    expect(total(store, FAILURES)).toBe(1)
    expect(total(store, 'clawtrust_late_events_total')).toBe(0)
    expect(total(store, 'clawtrust_telemetry_lost_total')).toBe(0)
    expect(pipeline.view.offenders()).toEqual([])
    expect(pipeline.view.recentEvents().map(({ record }) => record.id)).toEqual(['new'])
    expect(phases).toEqual([
      ['old', 'backfill'],
      ['new', 'live'],
    ])
  })

  it('are also those that a record reports besides, in a backfill too', () => {
    const signals: string[] = []
    const { pipeline, store } = bench({ subscribers: [{ onEvent: ({ signal }) => void signals.push(signal) }] })
    const labels = { kind: 'risky_sign_in', severity: 'high' }
    const also = [{ signal: 'posture_drifts', labels, outcome: 'success', severity: 'high' }] as const
    pipeline.ingest('log', batchOf([ofNoon('1', { also, time: NOON - MINUTE })]))
    expect(total(store, BACKFILL)).toBe(2)
    pipeline.backfill('log')?.add(batchOf([recordOf('2', { also, time: NOON - 60 * MINUTE })]))
    expect(signals).toEqual(['auth_failures', 'posture_drifts', 'auth_failures', 'posture_drifts'])
  })

  it('begin at the time that is named, and nowhere where none is', () => {
    const { pipeline, store } = bench()
    const records = [ofNoon('1', { time: NOON - 1 }), ofNoon('2', { time: NOON }), recordOf('3', { time: NOON - 1 })]
    pipeline.ingest('log', batchOf(records))
    expect([total(store, BACKFILL), total(store, FAILURES)]).toEqual([1, 2])
  })

  it('are one where two lines report it, through a restart', () => {
    const first = bench()
    const early = NOON - 60 * MINUTE
    const records = [
      ofNoon('1', { ...pair('leading', 'a'), time: early }),
      ofNoon('2', { ...pair('partner', 'a'), time: early }),
      ofNoon('3', { ...pair('partner', 'b'), time: early }),
    ]
    first.pipeline.ingest('log', batchOf(records))
    expect(total(first.store, BACKFILL)).toBe(1)
    const saved = savedState({ ...first.pipeline.changes(), series: first.store.changes() })
    const second = bench()
    second.store.restore(saved.series)
    second.pipeline.restore(saved)
    second.pipeline.ingest('log', batchOf([ofNoon('4', { ...pair('leading', 'b'), time: early })]))
    second.pipeline.ingest('log', batchOf([ofNoon('5', { ...pair('partner', 'c'), time: early })]))
    second.pipeline.ingest('log', batchOf([], { watermark: NOON + 10 * MINUTE }))
    while (second.pipeline.closeMinutes());
    expect([total(second.store, BACKFILL), total(second.store, FAILURES)]).toEqual([3, 0])
    expect(total(second.store, 'clawtrust_pair_exceptions_total')).toBe(0)
  })

  it('count once where one of two lines is of the installation’s time', () => {
    const { pipeline, store } = bench()
    pipeline.ingest('log', batchOf([ofNoon('1', { ...pair('leading'), time: NOON - 1 })]))
    pipeline.ingest('log', batchOf([ofNoon('2', { ...pair('partner'), time: NOON })]))
    pipeline.ingest('log', batchOf([], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    expect([total(store, BACKFILL), total(store, FAILURES)]).toEqual([1, 1])
  })

  it('are part of a backfill that is under way, and correct a minute that is held, but begin no series', () => {
    const { pipeline, listener } = bench()
    pipeline.ingest('log', batchOf([ofNoon('1', {}), ofNoon('2', { time: NOON - 30 * MINUTE })]))
    pipeline.ingest('log', batchOf([], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    pipeline.ingest('log', batchOf([{ ...recordOf('3', { time: NOON + MINUTE }), countsFrom: NOON + 2 * MINUTE }]))
    expect(listener.lateCounts.map(({ start, count }) => [start * 1000, count])).toEqual([[NOON + MINUTE, 1]])

    pipeline.backfill('log')?.add(batchOf([]))
    pipeline.ingest('log', batchOf([ofNoon('4', { time: NOON - 40 * MINUTE })]))
    pipeline.backfill('log')?.finish()
    expect(listener.told.at(-1)).toMatchObject({ first: (NOON - 40 * MINUTE) / 1000 })
    expect([...(listener.told.at(-1)?.counts ?? [])].map(([minute]) => minute)).not.toContain(
      (NOON - 30 * MINUTE) / 1000,
    )
  })
})
