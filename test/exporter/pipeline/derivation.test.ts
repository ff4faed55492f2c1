import { describe, expect, it } from '@jest/globals'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { PipelineOptions } from '../../../exporter/pipeline/options.ts'
import { savedState } from '../../service/state/saved-state.ts'
import {
  ADDRESS,
  attempt,
  bring,
  ENTITIES,
  FIRST_SUCCESSES,
  LATE,
  names,
  SPRAYS,
  success,
} from './derivation-records.ts'
import { type Bench, batchOf, bench, NOON, recordOf, source, total } from './fixtures.ts'

function restarted(before: Bench, parts: Partial<PipelineOptions> = {}): Bench {
  const saved = savedState({ ...before.pipeline.changes(), series: before.store.changes() })
  const after = bench(parts)
  after.clock.time = before.clock.time
  after.store.restore(saved.series)
  after.pipeline.restore(saved)
  return after
}

describe('a spray', () => {
  it('is an address that tries ten identities in 15 minutes, reported once', () => {
    const all = bench()
    bring(
      all,
      NOON + 9 * MINUTE_MS,
      names(9).map((name, index) => attempt(name, NOON + index * MINUTE_MS)),
    )
    expect(total(all.store, SPRAYS)).toBe(0)
    bring(
      all,
      NOON + 12 * MINUTE_MS,
      names(5, 9).map(name => attempt(name, NOON + 10 * MINUTE_MS)),
    )
    expect(total(all.store, SPRAYS)).toBe(1)
    expect(all.pipeline.view.offenders()).toContainEqual(
      expect.objectContaining({ address: ADDRESS, signal: 'auth_sprays' }),
    )
  })

  it('has the time and the record of the attempt that completed the number, whatever came first', () => {
    const all = bench()
    const attempts = names(12).map((name, index) => attempt(name, NOON + index * 1000))
    bring(all, NOON + MINUTE_MS, attempts.toReversed())
    const spray = all.pipeline.view.recentEvents().find(({ signal }) => signal === 'auth_sprays')
    expect(spray).toMatchObject({
      eventTime: NOON + 9_000,
      actor: { identity: 'user-9', address: ADDRESS, addressTrusted: true },
      record: { source: 'log', id: `user-9 ${ADDRESS} ${NOON + 9_000}` },
    })
  })

  it('belongs to the minute of its attempt, which closes only with it', () => {
    const { pipeline, listener, store } = bench()
    pipeline.ingest('log', batchOf(names(10).map(name => attempt(name, NOON))))
    pipeline.ingest('log', batchOf([], { watermark: NOON + 3 * MINUTE_MS }))
    while (pipeline.closeMinutes());
    const sprays = listener.closed.filter(({ key }) => key.signal === 'auth_sprays')
    expect(sprays.map(({ start, count }) => [start * 1000 - NOON, count])).toEqual([
      [0, 1],
      [MINUTE_MS, 0],
      [2 * MINUTE_MS, 0],
    ])
    expect(total(store, 'clawtrust_late_events_total')).toBe(0)
  })

  it('is a network whose addresses try ten identities between them', () => {
    const all = bench()
    const attempts = names(12).map((name, index) => attempt(name, NOON + index * 1000, `2001:db8:1:2::${index}`))
    bring(all, NOON + MINUTE_MS, attempts)
    expect(total(all.store, SPRAYS)).toBe(1)
    const spray = all.pipeline.view.recentEvents().find(({ signal }) => signal === 'auth_sprays')
    expect(spray?.actor).toMatchObject({ identity: 'user-9', address: '2001:db8:1:2::9', addressTrusted: true })
  })

  it('is not the same identity again and again, nor ten that took longer', () => {
    const all = bench()
    bring(
      all,
      NOON + MINUTE_MS,
      names(20).map((_, index) => attempt('ops', NOON + index * 1000)),
    )
    bring(
      all,
      NOON + 50 * MINUTE_MS,
      names(20).map((name, index) => attempt(name, NOON + (index + 1) * 2 * MINUTE_MS)),
    )
    expect(total(all.store, SPRAYS)).toBe(0)
  })

  it('is reported again when it begins again, and is still known after a restart', () => {
    const all = bench()
    bring(
      all,
      NOON + MINUTE_MS,
      names(10).map(name => attempt(name, NOON)),
    )
    const after = restarted(all)
    bring(
      after,
      NOON + 3 * MINUTE_MS,
      names(10, 50).map(name => attempt(name, NOON + MINUTE_MS)),
    )
    bring(
      after,
      NOON + 18 * MINUTE_MS,
      names(10, 70).map(name => attempt(name, NOON + 16 * MINUTE_MS)),
    )
    expect(total(after.store, SPRAYS)).toBe(0)
    bring(
      after,
      NOON + 62 * MINUTE_MS,
      names(10, 90).map(name => attempt(name, NOON + 60 * MINUTE_MS)),
    )
    expect(total(after.store, SPRAYS)).toBe(2)
  })

  it('holds the attempt of a lone partner, whose minute waits for it', () => {
    const all = bench()
    const tenth = { time: NOON + 50_000, actor: { identity: 'tenth', peerAddress: ADDRESS } }
    const partner = recordOf('partner', { ...tenth, pair: { key: 'c1', role: 'partner' } })
    const records = names(9).map(name => attempt(name, NOON))
    bring(all, NOON + 100_000, [...records, partner])
    expect(total(all.store, SPRAYS)).toBe(0)
    bring(all, NOON + 3 * MINUTE_MS)
    expect(total(all.store, SPRAYS)).toBe(1)
    expect([total(all.store, LATE), total(all.store, 'clawtrust_late_events_total')]).toEqual([0, 0])
  })

  it('is of no address that may be forged', () => {
    const all = bench()
    bring(
      all,
      NOON + MINUTE_MS,
      names(20).map(name => attempt(name, NOON, '10.0.0.1')),
    )
    expect(total(all.store, SPRAYS)).toBe(0)
  })

  it('is recognised after late attempts, with the next one in time', () => {
    const all = bench()
    bring(all, NOON + 2 * MINUTE_MS, [attempt('first', NOON)])
    bring(
      all,
      NOON + 3 * MINUTE_MS,
      names(12).map(name => attempt(name, NOON + 1000)),
    )
    expect([total(all.store, SPRAYS), total(all.store, LATE, 'log')]).toEqual([0, 12])
    bring(all, NOON + 5 * MINUTE_MS, [attempt('last', NOON + 3 * MINUTE_MS)])
    expect(total(all.store, SPRAYS)).toBe(1)
  })
})

describe('a first success', () => {
  it('is one from an address without any in the 30 days before, once a day was learned', () => {
    const all = bench()
    bring(all, NOON + DAY_MS, [success('192.0.2.1', NOON), success('192.0.2.2', NOON + DAY_MS / 2)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(0)
    bring(all, NOON + 3 * DAY_MS, [success('192.0.2.1', NOON + 2 * DAY_MS), success('192.0.2.3', NOON + 2 * DAY_MS)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
    bring(all, NOON + 32 * DAY_MS, [success('192.0.2.1', NOON + 31 * DAY_MS)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
    bring(all, NOON + 33 * DAY_MS, [success('192.0.2.2', NOON + 32 * DAY_MS)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(2)
  })

  it('is remembered over a restart, and so is what was learned', () => {
    const all = bench()
    bring(all, NOON + 2.5 * DAY_MS, [success('192.0.2.1', NOON), success('192.0.2.2', NOON + 2 * DAY_MS)])
    const after = restarted(all)
    const third = NOON + 3 * DAY_MS
    bring(after, third + MINUTE_MS, [success('192.0.2.2', third), success('192.0.2.1', third)])
    expect(total(after.store, FIRST_SUCCESSES)).toBe(0)
    bring(after, third + 9 * MINUTE_MS, [success('192.0.2.9', third + 8 * MINUTE_MS)])
    expect(total(after.store, FIRST_SUCCESSES)).toBe(2)
  })

  it('is not forgotten for the sake of an event from the future', () => {
    const all = bench()
    bring(all, NOON + MINUTE_MS, [success('192.0.2.1', NOON), success('192.0.2.7', NOON + 400 * DAY_MS)])
    bring(all, NOON + 3 * DAY_MS, [success('192.0.2.1', NOON + 2 * DAY_MS)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(0)
  })

  it('is learned from the backfill and not reported, and none is first-seen before all of it is known', () => {
    const all = bench()
    all.pipeline.backfill('log')?.add(batchOf([success('192.0.2.1', NOON - 5 * DAY_MS)]))
    bring(all, NOON + MINUTE_MS, [success('192.0.2.8', NOON)])
    all.pipeline.backfill('log')?.finish()
    expect(total(all.store, FIRST_SUCCESSES)).toBe(0)
    const later = NOON + 2 * MINUTE_MS
    bring(all, NOON + 4 * MINUTE_MS, [success('192.0.2.1', later), success('192.0.2.2', later)])
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
  })

  it('is known from a late success, which is counted as late', () => {
    const all = bench()
    bring(all, NOON + 2 * DAY_MS, [success('192.0.2.1', NOON)])
    bring(all, NOON + 2 * DAY_MS + MINUTE_MS, [success('192.0.2.2', NOON + DAY_MS)])
    bring(all, NOON + 3 * DAY_MS, [success('192.0.2.2', NOON + 2.5 * DAY_MS)])
    expect([total(all.store, FIRST_SUCCESSES), total(all.store, LATE, 'log')]).toEqual([0, 1])
  })
})

describe('first-seen entities', () => {
  it('count newcomers of each kind, after a day', () => {
    const all = bench()
    bring(all, NOON + DAY_MS, [attempt('ops', NOON)])
    const later = NOON + 2 * DAY_MS
    bring(all, later + MINUTE_MS, [attempt('ops', later), attempt('eve', later, '192.0.2.8')])
    expect(total(all.store, ENTITIES, 'identity')).toBe(1)
    expect(total(all.store, ENTITIES, 'address')).toBe(1)
    expect(total(all.store, ENTITIES, 'device')).toBe(0)
  })

  it('count for a new gateway only after its own first day', () => {
    const all = bench()
    const of = (host: string, identity: string, time: number) =>
      recordOf(`${host} ${identity} ${time}`, { time, actor: { identity }, origin: { host } })
    bring(all, NOON + DAY_MS, [of('old', 'ops', NOON)])
    const later = NOON + 2 * DAY_MS
    bring(all, later + MINUTE_MS, [of('new', 'ops', later), of('old', 'eve', later)])
    expect(total(all.store, ENTITIES, 'new')).toBe(0)
    expect(total(all.store, ENTITIES, 'old')).toBe(1)
    bring(all, later + 2 * DAY_MS, [of('new', 'mallory', later + DAY_MS)])
    expect(total(all.store, ENTITIES, 'new')).toBe(1)
  })
})

describe('the sources of a gateway', () => {
  const sources = [source('log'), source('proxy')]
  const halves = () => {
    const attempts = names(10).map((name, index) => attempt(name, NOON + index * 1000))
    return [attempts.slice(0, 5), attempts.slice(5)] as const
  }

  it('are waited for, all of them, before its minutes are derived', () => {
    const all = bench({ sources })
    const [first, second] = halves()
    bring(all, NOON - MINUTE_MS, [attempt('known', NOON - 2 * MINUTE_MS)], 'proxy')
    bring(all, NOON + 20 * MINUTE_MS, first)
    expect(total(all.store, SPRAYS)).toBe(0)
    bring(all, NOON + MINUTE_MS, second, 'proxy')
    expect(total(all.store, SPRAYS)).toBe(1)
    expect(total(all.store, 'clawtrust_late_events_total')).toBe(0)
  })

  it('hold up no other gateway when one of them is unavailable', () => {
    const all = bench({ sources })
    bring(all, NOON, [recordOf('1', { time: NOON, origin: { host: 'other' } })], 'proxy')
    bring(
      all,
      NOON + 20 * MINUTE_MS,
      names(10).map(name => attempt(name, NOON)),
    )
    expect(total(all.store, SPRAYS, 'gw')).toBe(1)
  })

  it('are not waited for when the configuration names them no more; what is pending outlasts the restart', () => {
    const before = bench({ sources })
    const [first, second] = halves()
    bring(before, NOON - MINUTE_MS, [attempt('known', NOON - 2 * MINUTE_MS)], 'proxy')
    bring(before, NOON + 20 * MINUTE_MS, [...first, ...second])
    expect(total(before.store, SPRAYS)).toBe(0)
    const after = restarted(before, { sources: [source('log')] })
    bring(after, NOON + 21 * MINUTE_MS)
    expect(total(after.store, SPRAYS)).toBe(1)
    expect(total(after.store, 'clawtrust_late_events_total')).toBe(0)
  })
})

describe('the addresses of one network', () => {
  const host = (number: number) => `2001:db8:1:2::${number.toString(16)}`
  const later = NOON + 2 * DAY_MS

  it('are first seen once, and succeed for the first time once', () => {
    const all = bench()
    bring(all, NOON + MINUTE_MS, [success('192.0.2.1', NOON)])
    bring(
      all,
      later + 5 * MINUTE_MS,
      [1, 2, 3].map(number => success(host(number), later + number * MINUTE_MS)),
    )
    expect(total(all.store, ENTITIES, 'address')).toBe(1)
    expect(total(all.store, FIRST_SUCCESSES)).toBe(1)
  })

  it('are known by each of them from the state of a version that knew single addresses', () => {
    const single = { ipv4_prefix: 32, ipv6_prefix: 128 }
    const before = bench({ sourceNetworks: single })
    const hours = 6 * 60 * MINUTE_MS
    bring(before, NOON + 2 * hours, [
      success(host(1), NOON),
      success(host(2), NOON + hours),
      success('192.0.2.1', NOON),
    ])
    bring(
      before,
      later,
      names(12).map((name, index) => attempt(name, later - MINUTE_MS, host(index % 2))),
    )
    expect(total(before.store, SPRAYS)).toBe(0)
    const after = restarted(before)
    const entities = total(after.store, ENTITIES)
    const successes = total(after.store, FIRST_SUCCESSES)
    bring(after, later + 5 * MINUTE_MS, [
      success(host(3), later + MINUTE_MS),
      success('192.0.2.1', later + MINUTE_MS),
      attempt('user-0', later + MINUTE_MS, host(4)),
    ])
    expect(total(after.store, ENTITIES)).toBe(entities)
    expect(total(after.store, FIRST_SUCCESSES)).toBe(successes)
    expect(total(after.store, SPRAYS)).toBe(0)
  })

  it('are known for 30 days after the last of them, wherever the state had them', () => {
    const before = bench({ sourceNetworks: { ipv4_prefix: 32, ipv6_prefix: 128 } })
    bring(before, NOON + MINUTE_MS, [success(host(1), NOON)])
    bring(before, NOON + 20 * DAY_MS, [success(host(2), NOON + 20 * DAY_MS - MINUTE_MS)])
    const after = restarted(before)
    const successes = total(after.store, FIRST_SUCCESSES)
    const next = NOON + 45 * DAY_MS
    bring(after, next, [success(host(3), next - MINUTE_MS)])
    expect(total(after.store, FIRST_SUCCESSES)).toBe(successes)
  })
})

describe('what is saved', () => {
  it('is each observation about once, however many commits a minute has, and nothing of it when it is derived', () => {
    const all = bench()
    const state = new Map<string, unknown>()
    let written = 0
    const commit = () => {
      for (const { name, value } of all.pipeline.changes().documents) {
        if (value === null) state.delete(name)
        else state.set(name, value)
        if (name.startsWith('observations/') && value !== null) written += (value as unknown[]).length
      }
    }
    for (let second = 0; second < 60; second++) {
      const records = names(100, second * 100).map(name => attempt(name, NOON + second * 1000))
      all.pipeline.ingest('log', batchOf(records))
      commit()
    }
    // Each commit writes again the one document that was not full.
    expect(written).toBeLessThan(6_000 + 60 * 256)
    bring(all, NOON + 2 * MINUTE_MS)
    commit()
    expect([...state.keys()].filter(name => name.startsWith('observations/'))).toEqual([])
  })
})
