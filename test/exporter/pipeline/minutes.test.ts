import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Losses } from '../../../exporter/pipeline/losses.ts'
import { minuteOf } from '../../../exporter/pipeline/minute-series.ts'
import { Minutes } from '../../../exporter/pipeline/minutes.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import type { MinuteValue } from '../../../service/state/state.ts'
import { savedMinutes } from '../../service/state/saved-state.ts'
import { failure, Listener, NOON } from './fixtures.ts'

const MINUTE = 60_000
const START = NOON / 1000

function table(readTo?: () => number) {
  const listener = new Listener()
  const losses = new Losses()
  const minutes = new Minutes({ subscribers: listener, losses, ...(readTo !== undefined && { readTo }) })
  const drain = () => {
    while (minutes.close(3));
  }
  return { listener, losses, minutes, drain }
}

const event = (minute: number, gateway = 'gw', count = 1) => failure(NOON + minute * MINUTE + 7, { gateway, count })

const documentsOf = (minutes: Minutes) => new SavedParts(minutes.persistents).changes().documents

/** What a state database holds of minutes. */
class SavedMinutes {
  readonly #documents = new Map<string, unknown>()
  readonly #minutes = new Map<number, MinuteValue>()

  save(minutes: Minutes): void {
    for (const { name, value } of documentsOf(minutes)) this.#documents.set(name, structuredClone(value))
    for (const value of minutes.changes()) this.#minutes.set(value.minute, value)
  }

  restore(minutes: Minutes): void {
    const documents = [...this.#documents].map(([name, value]) => ({ name, value: structuredClone(value) as never }))
    new SavedParts(minutes.persistents).restore({ documents, blobs: [] })
    minutes.restore(savedMinutes(this.#minutes.values()), new Set(['s']))
  }

  counts(): Map<number, number> {
    return new Map([...this.#minutes].map(([minute, { count }]) => [minute, count]))
  }
}

describe('minutes', () => {
  it('close in order with explicit zeros, also after an outage', () => {
    const { minutes, listener, drain } = table()
    minutes.add('s', event(0, 'gw', 5))
    minutes.advance('s', NOON + 30_000)
    drain()
    expect(listener.closed).toEqual([])
    minutes.add('s', event(3))
    minutes.advance('s', NOON + 4 * MINUTE)
    drain()
    expect(listener.closed.map(({ start, count }) => [(start - START) / 60, count])).toEqual([
      [0, 5],
      [1, 0],
      [2, 0],
      [3, 1],
    ])
  })

  it('emit an event for a closed minute as late, and count it there', () => {
    const { minutes, listener, drain } = table()
    minutes.add('s', event(0))
    minutes.advance('s', NOON + 2 * MINUTE)
    drain()
    minutes.changes()
    expect(minutes.add('s', event(1, 'gw', 2))).toBe(false)
    expect(listener.lateCounts).toEqual([{ start: START + 60, count: 2 }])
    expect(minutes.changes()).toEqual([
      { series: ['gw', 'agent-control', 'auth_failures'], minute: START + 60, count: 2 },
    ])
  })

  it('do not begin in 1970 because of a clock that was never set', () => {
    const { minutes, listener, drain } = table(() => NOON)
    minutes.add('s', event(-NOON / MINUTE))
    minutes.advance('s', NOON)
    drain()
    expect(listener.closed).toHaveLength(14 * 1440)
    expect(listener.closed[0]?.start).toBe(START - 14 * 86_400)
  })

  it('wait for every source that feeds a series, and for no other', () => {
    const { minutes, listener, drain } = table()
    minutes.add('a', event(0, 'both'))
    minutes.add('b', event(0, 'both'))
    minutes.add('a', event(0, 'alone'))
    minutes.advance('a', NOON + MINUTE)
    drain()
    expect(listener.closed.map(({ key }) => key.gateway)).toEqual(['alone'])
    minutes.advance('b', NOON + MINUTE)
    drain()
    expect(listener.closed.map(({ key }) => key.gateway)).toEqual(['alone', 'both'])
  })

  it('are partial where their source is known to have lost records', () => {
    const { minutes, losses, listener, drain } = table()
    minutes.add('s', event(0))
    losses.add('s', START + 60)
    losses.add('other', START)
    minutes.advance('s', NOON + 3 * MINUTE)
    drain()
    expect(listener.closed.map(({ completeness }) => completeness)).toEqual(['complete', 'partial', 'complete'])
  })

  it('begin earlier when an older event comes before the first minute has closed', () => {
    const { minutes, listener, drain } = table()
    minutes.add('s', event(5))
    expect(minutes.add('s', event(2))).toBe(true)
    minutes.advance('s', NOON + 6 * MINUTE)
    drain()
    expect(listener.closed.map(({ count }) => count)).toEqual([1, 0, 0, 1])
  })

  it('take the backfill as the time before, and emit all of it in one piece', () => {
    const { minutes, listener, drain } = table()
    minutes.beginBackfill()
    minutes.add('s', event(0, 'gw', 3))
    minutes.advance('s', NOON + MINUTE)
    drain()
    const key = { gateway: 'gw', trustZone: 'agent-control', signal: 'auth_failures' } as const
    minutes.addBackfilled('s', event(-1440, 'gw', 9), NOON)
    minutes.addBackfilled('s', event(0, 'gw', 1), NOON)
    expect(listener.told).toEqual([])
    minutes.concludeBackfill('s')
    expect(listener.told).toEqual([
      {
        key,
        first: START - 86_400,
        end: START + 60,
        counts: new Map([
          [START - 86_400, 9],
          [START, 4],
        ]),
        partial: new Set(),
      },
    ])
    const saved = minutes.changes().map(({ minute, count }) => [minute, count])
    expect(saved).toEqual([
      [START, 4],
      [START - 86_400, 9],
    ])
  })

  it('take a backfill that is read for longer than closed minutes are kept, through restarts', () => {
    const state = new SavedMinutes()
    let { minutes, listener, drain } = table()
    minutes.beginBackfill()
    const truth = new Map<number, number>()
    const count = (minute: number, counted: number) => {
      truth.set(START + 60 * minute, (truth.get(START + 60 * minute) ?? 0) + counted)
      return event(minute, 'gw', counted)
    }
    for (let hour = 0; hour < 20; hour++) {
      minutes.addBackfilled('s', count(-30 + hour, 1), NOON)
      minutes.add('s', count(60 * hour, 2))
      minutes.advance('s', NOON + 60 * (hour + 1) * MINUTE)
      drain()
      state.save(minutes)
      if (hour % 5 !== 4) continue
      const next = table()
      next.minutes.beginBackfill()
      state.restore(next.minutes)
      // What is told while the past is under way begins where live reading did.
      expect(next.listener.told[0]?.first).toBe(START)
      minutes = next.minutes
      listener = next.listener
      drain = next.drain
    }
    minutes.addBackfilled('s', count(0, 5), NOON)
    minutes.concludeBackfill('s')
    minutes.endBackfill()
    state.save(minutes)
    expect(state.counts()).toEqual(truth)
    expect(listener.told.at(-1)?.first).toBe(START - 30 * 60)
    expect(listener.told.at(-1)?.counts).toEqual(truth)
  })

  it('of a backfill move with a series that turns out to have begun earlier', () => {
    const { minutes, listener, drain } = table()
    minutes.beginBackfill()
    minutes.addBackfilled('s', event(3, 'gw', 1), NOON + 5 * MINUTE)
    minutes.add('s', event(2))
    minutes.add('s', event(3))
    minutes.advance('s', NOON + 5 * MINUTE)
    drain()
    expect(listener.closed.map(({ count }) => count)).toEqual([1, 2, 0])
  })

  it('go on where each series stood when a restart brings an earlier watermark', () => {
    const saved = new SavedMinutes()
    const closed: string[] = []
    /** A life from restore to commit. */
    const live = (...acts: ((minutes: Minutes) => void)[]) => {
      const { minutes, listener, drain } = table()
      saved.restore(minutes)
      for (const act of acts) {
        act(minutes)
        drain()
        saved.save(minutes)
      }
      closed.push(...listener.closed.map(({ key, start }) => `${key.gateway} ${(start - START) / 60}`))
    }
    const read = (minute: number) => (minutes: Minutes) => minutes.advance('s', NOON + minute * MINUTE)
    live(minutes => minutes.add('s', event(0)), read(2), read(4))
    live(read(3), minutes => minutes.add('s', event(1, 'gw2')))
    live(read(5))
    expect(closed.toSorted()).toEqual(['gw 0', 'gw 1', 'gw 2', 'gw 3', 'gw 4', 'gw2 1', 'gw2 2', 'gw2 3', 'gw2 4'])
  })

  it('go on where a series stood that was not closed as far as the others', () => {
    const saved = new SavedMinutes()
    const { minutes, drain } = table()
    minutes.add('s', event(-1))
    minutes.advance('s', NOON)
    drain()
    minutes.add('s', event(0, 'gw2'))
    saved.save(minutes)
    minutes.add('s', event(-3, 'gw2'))
    minutes.close(2)
    saved.save(minutes)
    const after = table()
    saved.restore(after.minutes)
    after.minutes.advance('s', NOON + MINUTE)
    after.drain()
    const starts = after.listener.closed.filter(({ key }) => key.gateway === 'gw2').map(({ start }) => start - START)
    expect(starts).toEqual([-60, 0])
  })

  it('save one document a minute, however many gateways there are', () => {
    const { minutes, drain } = table()
    minutes.advance('s', NOON)
    for (let gateway = 0; gateway < 100; gateway++) minutes.add('s', event(0, `gw${gateway}`))
    drain()
    // One more says since when the source is read.
    expect(documentsOf(minutes)).toHaveLength(101)
    minutes.advance('s', NOON + MINUTE)
    drain()
    expect(documentsOf(minutes)).toHaveLength(1)
    expect(documentsOf(minutes)).toHaveLength(0)
  })

  it('close each exactly once, none skipped, whatever comes, also through restarts', () => {
    const all = ['gw', 'gw2', 'gw3'].flatMap(gateway => [
      { gateway, signal: 'auth_failures' as const },
      { gateway, signal: 'auth_sprays' as const },
    ])
    const step = fc.oneof(
      fc.record({
        add: fc.integer({ min: -5, max: 30 }),
        source: fc.constantFrom('a', 'b'),
        of: fc.constantFrom(...all),
        count: fc.nat(9),
      }),
      fc.record({ advance: fc.integer({ min: -5, max: 40 }), source: fc.constantFrom('a', 'b') }),
      fc.record({ close: fc.constantFrom(1, 2, 50) }),
      fc.constantFrom('commit' as const, 'restart' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        let { minutes, listener } = table()
        const closed: Listener['closed'] = []
        const zeros: Listener['told'] = []
        const documents = new Map<string, unknown>()
        const counts = new Map<string, { series: readonly string[]; minute: number; count: number }>()
        const save = () => {
          for (const { name, value } of documentsOf(minutes)) documents.set(name, value)
          for (const value of minutes.changes()) counts.set(JSON.stringify([value.series, value.minute]), value)
          closed.push(...listener.closed.splice(0))
          zeros.push(...listener.told.splice(0).filter(({ isNew }) => isNew))
        }
        let truth = 0
        for (const one of steps) {
          if (one === 'commit') save()
          else if (one === 'restart') {
            save()
            const fresh = table()
            const saved = [...documents].map(([name, value]) => ({ name, value: structuredClone(value) as never }))
            new SavedParts(fresh.minutes.persistents).restore({ documents: saved, blobs: [] })
            fresh.minutes.restore(savedMinutes(counts.values()), new Set(['a', 'b']))
            minutes = fresh.minutes
            listener = fresh.listener
          } else if ('add' in one) {
            minutes.add(one.source, { ...event(one.add, 'gw', one.count), ...one.of })
            truth += one.count
          } else if ('close' in one) minutes.close(one.close)
          else {
            minutes.advance(one.source, NOON + one.advance * MINUTE)
            minutes.close(2)
          }
        }
        for (const source of ['a', 'b']) minutes.advance(source, NOON + 100 * MINUTE)
        while (minutes.close(7));
        save()
        for (const { gateway, signal } of all) {
          const starts = closed
            .filter(({ key }) => key.gateway === gateway && key.signal === signal)
            .map(({ start }) => start)
          const expected = Array.from(starts, (_, index) => (starts[0] ?? 0) + index * 60)
          expect(starts).toEqual(expected)
          const before = zeros.filter(({ key }) => key.gateway === gateway && key.signal === signal)
          expect(before.map(({ end }) => end)).toEqual(before.length > 0 ? [starts[0]] : [])
          if (starts.length > 0) expect(starts.at(-1)).toBe(minuteOf(NOON + 99 * MINUTE))
        }
        if (truth > 0) expect(closed.length).toBeGreaterThan(0)
        const kept = [...counts.values()].reduce((sum, { count }) => sum + count, 0)
        expect(kept).toBeLessThanOrEqual(truth)
        for (const { key, start, count } of closed) {
          const held = counts.get(JSON.stringify([[key.gateway, key.trustZone, key.signal], start]))?.count ?? 0
          expect(count).toBeLessThanOrEqual(held)
        }
      }),
      { numRuns: 600 },
    )
  })
})
