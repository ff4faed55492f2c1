import { describe, expect, it } from '@jest/globals'
import type { Batch } from '../../../exporter/contracts/source.ts'
import type { Pipeline } from '../../../exporter/pipeline/pipeline.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import type { CursorValue, DocumentValue, MinuteValue, SavedState } from '../../../service/state/state.ts'
import { SavedBlobs, savedMinutes, savedState } from '../../service/state/saved-state.ts'
import { batchOf, bench, NOON, recordOf, source, total } from './fixtures.ts'

const FAILURES = 'clawtrust_auth_failures_total'
const MINUTE = 60_000
const pair = (role: 'leading' | 'partner', key = 'c1') => ({ pair: { key, role } })

/** The first record of a connection, and the leading one of the connection before. */
const pairedRecords = (number: number) => {
  const time = NOON - (60 - number) * MINUTE
  const before = { ...pair('leading', `c${number - 1}`), time: time - MINUTE }
  const partner = recordOf(`p${number}`, { ...pair('partner', `c${number}`), time })
  return number === 0 ? [partner] : [recordOf(`l${number}`, before), partner]
}

/** What a state database holds of a pipeline. */
class SavedPipeline {
  readonly cursors = new Map<string, CursorValue>()
  readonly documents = new Map<string, DocumentValue>()
  readonly #minutes = new Map<string, MinuteValue>()
  readonly #blobs = new SavedBlobs()

  save(pipeline: Pipeline): void {
    const { cursors, documents, minutes, blobs } = structuredClone(pipeline.changes())
    this.#blobs.add(blobs)
    for (const one of cursors) this.#put(this.cursors, one.key, one)
    for (const one of documents) this.#put(this.documents, one.name, one)
    for (const one of minutes) this.#minutes.set(JSON.stringify([one.series, one.minute]), one)
  }

  load(): SavedState {
    const rows = <T>(map: Map<string, T>) => [...map.values()]
    const { cursors, documents } = this
    const minutes = savedMinutes(this.#minutes.values())
    return { cursors: rows(cursors), documents: rows(documents), minutes, series: [], blobs: this.#blobs.all() }
  }

  #put<T extends { readonly value: unknown }>(rows: Map<string, T>, key: string, row: T): void {
    if (row.value === null) rows.delete(key)
    else rows.set(key, row)
  }
}

async function exposed(store: SeriesStore): Promise<string> {
  let text = ''
  for await (const slice of store.render()) text += slice
  return text
}

describe('the pipeline', () => {
  it('counts what a record reports besides where it counts the record, once for a pair', () => {
    const labels = { kind: 'risky_sign_in', severity: 'high' }
    const also = [{ signal: 'posture_drifts', labels, outcome: 'success', severity: 'high' }] as const
    const { pipeline, store } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', { also, ...pair('leading') }), recordOf('2', { also })]))
    pipeline.ingest('log', batchOf([recordOf('3', { also, ...pair('leading') })]))
    expect(total(store, FAILURES, 'gw', 'agent-control', 'shared_secret', 'token_mismatch')).toBe(2)
    expect(total(store, 'clawtrust_posture_drifts_total', 'gw', 'agent-control', 'risky_sign_in', 'high')).toBe(2)
  })

  it('moves the counter of the signal, in its zone, by the count of the event', () => {
    const { pipeline, store } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', { count: 5 })]))
    expect(total(store, FAILURES, 'gw', 'agent-control', 'shared_secret', 'token_mismatch')).toBe(5)
  })

  it('counts refusals whose source address is unknown, by the reason, and no success', () => {
    const { pipeline, store } = bench()
    const actor = { peerAddress: '10.0.0.1', forwardedFor: '198.51.100.66, '.repeat(40) }
    pipeline.ingest('log', batchOf([recordOf('1', { actor, count: 5 }), recordOf('2', { actor, outcome: 'success' })]))
    const unknown = 'clawtrust_unknown_address_events_total'
    expect(total(store, unknown, 'gw', 'agent-control', 'auth_failures', 'forwarded_truncated')).toBe(5)
    expect(total(store, unknown)).toBe(5)
    expect(pipeline.view.offenders()).toEqual([])
  })

  it('has caught up with a source only when the state holds it: before, a start would begin again', () => {
    const { pipeline } = bench()
    pipeline.ingest('log', { ...batchOf([]), caughtUp: false })
    pipeline.changes()
    pipeline.ingest('log', batchOf([]))
    pipeline.committed()
    expect(pipeline.isCaughtUp('log')).toBe(false)
    pipeline.changes()
    expect(pipeline.isCaughtUp('log')).toBe(false)
    pipeline.committed()
    expect(pipeline.isCaughtUp('log')).toBe(true)
  })

  it('accounts for every record: understood, undecoded by reason, skipped, lost', () => {
    const { pipeline, store } = bench()
    const records = [
      recordOf('1', pair('partner')),
      recordOf('2', pair('leading')),
      recordOf('3', 'noise'),
      recordOf('4', { lost: 7, time: NOON }),
      recordOf('5', { stream: 'security-event' }),
    ]
    const undecoded = { line_too_long: 2 }
    const tally = { skipped: 90, undecoded, lostBytes: 11, rereadBytes: 5, duplicates: 3, beyondHorizon: 4 }
    pipeline.ingest('log', batchOf(records, { tally }))
    expect(total(store, FAILURES)).toBe(1)
    expect(total(store, 'clawtrust_events_total', 'json-claims')).toBe(3)
    for (const [reason, count] of Object.entries({
      unknown_layout: 1,
      not_authoritative: 1,
      skipped: 90,
      line_too_long: 2,
    })) {
      expect(total(store, 'clawtrust_undecoded_total', reason)).toBe(count)
    }
    expect(total(store, 'clawtrust_telemetry_lost_total', 'records')).toBe(7)
    expect(total(store, 'clawtrust_telemetry_lost_total', 'bytes')).toBe(11)
    expect(total(store, 'clawtrust_source_reread_bytes_total')).toBe(5)
    expect(total(store, 'clawtrust_duplicate_events_total')).toBe(3)
    expect(total(store, 'clawtrust_beyond_overlap_total')).toBe(4)
  })

  it('counts a lone partner in its own minute, which stays open for it', () => {
    const { pipeline, store, listener } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', {}), recordOf('2', { ...pair('partner'), time: NOON + 1000 })]))
    pipeline.ingest('log', batchOf([], { watermark: NOON + MINUTE }))
    while (pipeline.closeMinutes());
    expect(listener.closed).toEqual([])
    pipeline.ingest('log', batchOf([], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    expect(listener.closed.map(({ count }) => count)).toEqual([2, 0])
    expect(total(store, FAILURES)).toBe(2)
    expect(total(store, 'clawtrust_late_events_total')).toBe(0)
    expect(total(store, 'clawtrust_scorings_total')).toBe(2)
  })

  it('closes all minutes that are due, in however small pieces', () => {
    const { pipeline, listener } = bench()
    const gateways = Array.from({ length: 10 }, (_, number) => `gw-${number}`)
    const records = gateways.map(gateway => recordOf(gateway, { origin: { host: gateway } }))
    pipeline.ingest('log', batchOf(records, { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes(3));
    expect(listener.closed.map(({ key }) => key.gateway).sort()).toEqual([...gateways, ...gateways].sort())
  })

  it('counts a late event in the counters and as late', () => {
    const { pipeline, store } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', {})], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    pipeline.ingest('log', batchOf([recordOf('2', { count: 3 })], { watermark: NOON + 2 * MINUTE }))
    expect(total(store, FAILURES)).toBe(4)
    expect(total(store, 'clawtrust_late_events_total', 'log')).toBe(3)
  })

  it('closes no minute early of what begins after a clock that was ahead was set back, and counts all events', () => {
    const { pipeline, store, clock, listener } = bench()
    const close = (watermark: number, ...records: ReturnType<typeof recordOf>[]) => {
      pipeline.ingest('log', batchOf(records, { watermark }))
      while (pipeline.closeMinutes());
    }
    const of = (host: string, time: number) => recordOf(`${host} ${time}`, { time, origin: { host } })
    const closed = (gateway: string) =>
      listener.closed
        .filter(({ key }) => key.gateway === gateway)
        .map(({ start, count }) => [start * 1000 - NOON, count])
    clock.time = NOON + 4 * MINUTE
    close(NOON + 4 * MINUTE, of('old', NOON))
    clock.time = NOON + MINUTE
    close(NOON + 4 * MINUTE, of('old', NOON + MINUTE), of('new', NOON + MINUTE))
    close(NOON + 4 * MINUTE, of('new', NOON + MINUTE + 1))
    expect(closed('new')).toEqual([])
    expect(total(store, 'clawtrust_late_events_total', 'log')).toBe(1)
    clock.time = NOON + 2 * MINUTE
    close(NOON + 4 * MINUTE, of('old', NOON + 2 * MINUTE), of('new', NOON + 2 * MINUTE))
    expect(closed('new')).toEqual([[MINUTE, 2]])
    clock.time = NOON + 5 * MINUTE
    close(NOON + 5 * MINUTE)
    expect(closed('new')).toEqual([2, 1, 0, 0].map((count, index) => [(index + 1) * MINUTE, count]))
    expect(closed('old')).toEqual([1, 0, 0, 0, 0].map((count, index) => [index * MINUTE, count]))
    expect(total(store, FAILURES)).toBe(6)
    expect(total(store, 'clawtrust_late_events_total', 'log')).toBe(2)
    expect(pipeline.changes().minutes.reduce((sum, { count }) => sum + count, 0)).toBe(6)
  })

  it('lets a lone partner wait no longer than usual where the clock was set back', () => {
    const { pipeline, store, clock } = bench()
    clock.time = NOON + 60 * MINUTE
    pipeline.ingest('log', batchOf([], { watermark: NOON + 60 * MINUTE }))
    clock.time = NOON
    const partner = recordOf('1', { ...pair('partner'), time: NOON })
    pipeline.ingest('log', batchOf([partner], { watermark: NOON + 60 * MINUTE }))
    clock.time = NOON + 2 * MINUTE
    pipeline.ingest('log', batchOf([], { watermark: NOON + 60 * MINUTE }))
    expect(total(store, FAILURES)).toBe(1)
  })

  it('counts an event dated more than a day ahead of the clock in the counters, in no minute and in no score', () => {
    const { pipeline, store, listener } = bench()
    const DAY = 24 * 60 * MINUTE
    const ahead = [recordOf('1', { time: NOON + DAY + 1, count: 3 }), recordOf('2', { time: NOON + 400 * DAY })]
    pipeline.ingest('log', batchOf([...ahead, recordOf('3', { time: NOON })], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    expect(total(store, FAILURES)).toBe(5)
    expect(total(store, 'clawtrust_ahead_events_total', 'log')).toBe(4)
    expect(pipeline.changes().minutes.map(({ minute, count }) => [minute, count])).toEqual([[NOON / 1000, 1]])
    expect(listener.closed.map(({ count }) => count)).toEqual([1, 0])
  })

  it('takes an event of the future for one of the time at which it was read, so that silence after it is not hidden', async () => {
    const { pipeline, store, clock } = bench()
    const lastEvent = async () => {
      pipeline.observe()
      expect(await exposed(store)).toContain(
        `clawtrust_source_last_event_timestamp_seconds{source="log"} ${(pipeline.view.progress('log').lastEvent ?? 0) / 1000}\n`,
      )
      return pipeline.view.progress('log').lastEvent
    }
    pipeline.ingest('log', batchOf([recordOf('1', { time: NOON - 5 * MINUTE })]))
    expect(await lastEvent()).toBe(NOON - 5 * MINUTE)
    pipeline.ingest('log', batchOf([recordOf('2', { time: NOON + 3650 * 24 * 60 * MINUTE })]))
    expect(await lastEvent()).toBe(NOON)
    clock.time += 120 * MINUTE
    expect(await lastEvent()).toBe(NOON)
    expect(pipeline.view.gateways.newest(1)).toMatchObject([{ lastEvent: NOON }])
    pipeline.ingest('log', batchOf([recordOf('3', { time: NOON + 119 * MINUTE })]))
    expect(await lastEvent()).toBe(NOON + 119 * MINUTE)
  })

  it('marks the minute in which records were lost', () => {
    const { pipeline, listener } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', {}), recordOf('2', { lost: 1, time: NOON + 5 })]))
    pipeline.ingest('log', batchOf([], { watermark: NOON + 2 * MINUTE }))
    while (pipeline.closeMinutes());
    expect(listener.closed.map(({ completeness }) => completeness)).toEqual(['partial', 'complete'])
  })

  it('reads the backfill into minutes, never into counters, while live reading continues', () => {
    const { pipeline, store, listener } = bench()
    pipeline.backfill('log')?.add(batchOf([recordOf('h1', { time: NOON - 60 * MINUTE })], { watermark: NOON - MINUTE }))
    pipeline.ingest('log', batchOf([recordOf('1', {})]))
    pipeline.backfill('log')?.add(batchOf([recordOf('h2', { time: NOON - 30 * MINUTE, ...pair('partner') })]))
    pipeline.backfill('log')?.finish()
    expect(total(store, FAILURES)).toBe(1)
    expect(listener.told).toHaveLength(1)
    expect(listener.told[0]).toMatchObject({ first: (NOON - 60 * MINUTE) / 1000, end: NOON / 1000 })
    expect([...(listener.told[0]?.counts.values() ?? [])].sort()).toEqual([1, 1])
    pipeline.ingest('log', batchOf([], { watermark: NOON + MINUTE }))
    while (pipeline.closeMinutes());
    expect(listener.closed.map(({ start, count }) => [start, count])).toEqual([[NOON / 1000, 1]])
  })

  it('continues a backfill that was interrupted at any moment, each record counted once', () => {
    const past = Array.from({ length: 6 }, (_, number) =>
      batchOf([recordOf(`h${number}`, { time: NOON - (60 - number) * MINUTE }), ...pairedRecords(number)], {
        cursor: [{ key: 'read', value: number }],
        watermark: NOON - (60 - number) * MINUTE,
      }),
    )
    for (let stop = 0; stop <= past.length; stop++) {
      const state = new SavedPipeline()
      const first = bench()
      expect(first.pipeline.backfill('log')?.cursor).toEqual(new Map())
      first.pipeline.ingest('log', batchOf([], { cursor: [{ key: 'file', value: 1 }] }))
      for (const batch of past.slice(0, stop)) first.pipeline.backfill('log')?.add(batch)
      state.save(first.pipeline)
      // Read and not committed: it comes again.
      if (stop < past.length) first.pipeline.backfill('log')?.add(past[stop] as Batch)

      const second = bench()
      second.pipeline.restore(state.load())
      expect(second.pipeline.cursor('log')).toEqual(new Map([['file', 1]]))
      expect(second.pipeline.backfill('log')?.cursor).toEqual(stop === 0 ? new Map() : new Map([['read', stop - 1]]))
      for (const batch of past.slice(stop)) second.pipeline.backfill('log')?.add(batch)
      second.pipeline.backfill('log')?.finish()
      state.save(second.pipeline)
      expect([...(second.listener.told.at(-1)?.counts.values() ?? [])]).toEqual([2, 2, 2, 2, 2, 2])

      const third = bench()
      third.pipeline.restore(state.load())
      expect(third.pipeline.backfill('log')).toBeUndefined()
      expect([...state.cursors.keys()]).toEqual(['file'])
      expect([...state.documents.keys()].filter(name => name.includes('history'))).toEqual([])
    }
  })

  it('emits the backfill of a source that was added later together with all that others have counted', () => {
    const state = new SavedPipeline()
    const first = bench({ sources: [source('log')] })
    const HOURS = 20
    for (let hour = HOURS; hour > 0; hour--) {
      const time = NOON - hour * 60 * MINUTE
      const cursor = [{ key: 'file', value: hour }]
      first.pipeline.ingest('log', batchOf([recordOf(`${hour}`, { time })], { cursor, watermark: time + 59 * MINUTE }))
      while (first.pipeline.closeMinutes());
    }
    state.save(first.pipeline)

    const added = { ...source('other'), backfill: async function* () {} }
    const second = bench({ sources: [source('log'), added] })
    second.pipeline.restore(state.load())
    second.pipeline.backfill('other')?.add(batchOf([recordOf('h', { time: NOON - 30 * 60 * MINUTE })]))
    second.pipeline.backfill('other')?.finish()
    expect([...(second.listener.told.at(-1)?.counts ?? [])]).toHaveLength(HOURS + 1)
  })

  it('retains for the backfill what closes before the reader asks for it', () => {
    const withPast = { ...source('log'), backfill: async function* () {} }
    const { pipeline, listener } = bench({ sources: [withPast] })
    const HOURS = 20
    for (let hour = 0; hour < HOURS; hour++) {
      const time = NOON + hour * 60 * MINUTE
      pipeline.ingest('log', batchOf([recordOf(`${hour}`, { time })], { watermark: time + 59 * MINUTE }))
      while (pipeline.closeMinutes());
    }
    const session = pipeline.backfill('log')
    session?.add(batchOf([recordOf('h', { time: NOON - 60 * MINUTE })]))
    session?.finish()
    expect([...(listener.told.at(-1)?.counts ?? [])]).toHaveLength(HOURS + 1)
    expect(pipeline.backfill('log')).toBeUndefined()
  })

  it('reads no backfill of a source that an earlier start has read without', () => {
    const { pipeline, store } = bench()
    pipeline.restore({
      ...savedState({ ...bench().pipeline.changes(), series: store.changes() }),
      cursors: [{ source: 'log', key: 'file', value: 1 }],
    })
    expect(pipeline.backfill('log')).toBeUndefined()
  })

  it('gives the saved cursor until the first batch, and no empty one after it', () => {
    const { pipeline } = bench()
    expect(pipeline.cursor('log')).toEqual(new Map())
    pipeline.ingest('log', batchOf([]))
    expect(() => pipeline.cursor('log')).toThrow('its cursor is given before the first batch')
  })

  it('continues after a restart as if it had never stopped', () => {
    const first = bench()
    first.pipeline.ingest(
      'log',
      batchOf([recordOf('1', {}), recordOf('2', { ...pair('partner'), time: NOON + 1000 })], {
        cursor: [{ key: 'file', value: 17 }],
      }),
    )
    const saved = savedState({ ...first.pipeline.changes(), series: first.store.changes() })
    const second = bench()
    second.store.restore(saved.series)
    second.pipeline.restore(saved)
    expect(second.pipeline.cursor('log')).toEqual(new Map([['file', 17]]))
    for (const { pipeline } of [first, second]) {
      pipeline.ingest('log', batchOf([recordOf('3', { ...pair('leading'), time: NOON + 1020 })]))
      pipeline.ingest('log', batchOf([], { watermark: NOON + 3 * MINUTE }))
      while (pipeline.closeMinutes());
    }
    expect(second.listener.closed).toEqual(first.listener.closed)
    expect(second.listener.closed.map(({ count }) => count)).toEqual([2, 0, 0])
    expect(total(second.store, FAILURES)).toBe(total(first.store, FAILURES))
  })

  it('saves nothing of a source that starts again each time', () => {
    const { pipeline } = bench({ sources: [source('log', false)] })
    const cursor = [{ key: 'file', value: 1 }]
    pipeline.ingest('log', batchOf([recordOf('1', pair('partner'))], { cursor }))
    expect(pipeline.changes()).toMatchObject({ cursors: [], documents: [] })
  })

  it('gives the last event of each dialect and trust zone, and the dialects of a source, to the page', () => {
    const { pipeline } = bench()
    pipeline.ingest('log', batchOf([recordOf('1', { time: NOON - 9000 }), recordOf('2', { time: NOON - 5000 })]))
    expect(pipeline.view.lastEvents('log')).toEqual([
      { source: 'log', dialect: 'json-claims', signal: 'auth_failures', trustZone: 'agent-control', time: NOON - 5000 },
    ])
    expect([...pipeline.view.progress('log').dialects.keys()]).toEqual(['json-claims'])
  })

  it('gives the newest events, the offenders and the ports of a gateway to the page', () => {
    const { pipeline } = bench()
    const actor = { peerAddress: '203.0.113.9' }
    const records = [18789, 18790].map((port, index) => recordOf(`${index}`, { actor, origin: { host: 'gw', port } }))
    pipeline.ingest('log', batchOf(records))
    expect(pipeline.view.recentEvents().map(({ record }) => record.id)).toEqual(['1', '0'])
    expect(pipeline.view.offenders()).toMatchObject([{ address: '203.0.113.9', signal: 'auth_failures', events: 2 }])
    expect(pipeline.view.gateways.newest(10)).toMatchObject([
      { name: 'gw', ports: [18789, 18790], sources: ['log'], lastEvent: NOON },
    ])
    const [group] = pipeline.view.minutes.groups
    expect(group?.byGateway.get('gw')?.count(NOON / 1000)).toBe(2)
  })
})
