import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bucketsOf } from '../../../compliance/evidence/calendar.ts'
import { counterIncrease } from '../../../compliance/evidence/counter-increase.ts'
import { picked } from '../../../compliance/evidence/series.ts'
import type { MetricSeries } from '../../../compliance/evidence/stores.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { simulatedPrometheus } from './simulated-prometheus.ts'

const start = Date.UTC(2026, 10, 23)
const period = { name: '2026-W48', start, end: start + 7 * DAY_MS, timeZone: 'UTC' }
const { buckets } = bucketsOf(period)
const signal = new AbortController().signal
const target = { job: 'exporter', instance: 'one' }

type Samples = MetricSeries['samples']

const counter = (samples: Samples, labels: Readonly<Record<string, string>> = target): MetricSeries => ({
  labels: { __name__: 'events_total', gateway: 'alpha', ...labels },
  samples,
})
const up = (times: readonly number[], labels: Readonly<Record<string, string>> = target): MetricSeries => ({
  labels: { __name__: 'up', ...labels },
  samples: times.map(time => [time, 1]),
})
const increaseOf = async (series: readonly MetricSeries[], store = simulatedPrometheus(series)) => {
  const identity = (labels: Readonly<Record<string, string>>) => picked(labels, ['gateway'])
  const { groups } = await counterIncrease({ store, series: 'events_total', identity, buckets, signal })
  return groups
}

/** The truth by every sample, one after the other. */
function scanned(samples: Samples, scrapes: readonly number[]): number {
  const before = samples.filter(([time]) => time <= period.start).at(-1)?.[1]
  const inside = samples.filter(([time]) => time > period.start && time <= period.end)
  const [first] = inside
  if (first === undefined) return 0
  let last = before ?? (scrapes.some(time => time < first[0]) ? 0 : first[1])
  return inside.reduce((sum, [, value]) => {
    const increase = value < last ? value : value - last
    last = value
    return sum + increase
  }, 0)
}

describe('the increase of a counter', () => {
  it('is what every sample shows, whatever is missing and however often it fell', async () => {
    // Scrapes at any hours from three days before the period to a day after it; a life of the counter ends at some.
    const arbitrary = fc.record({
      scrapes: fc.uniqueArray(fc.integer({ min: -72, max: 8 * 24 }), { minLength: 1, maxLength: 60 }),
      exposedFrom: fc.integer({ min: -90, max: 5 * 24 }),
      steps: fc.array(fc.record({ events: fc.nat(5), isRestarted: fc.integer({ max: 9, min: 0 }) }), {
        minLength: 60,
        maxLength: 60,
      }),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ scrapes, exposedFrom, steps }) => {
        const hours = scrapes.toSorted((one, other) => one - other)
        const times = hours.map(hour => start + hour * HOUR_MS + MINUTE_MS)
        let value = 3
        const samples = times.flatMap((time, index): [number, number][] => {
          const { events, isRestarted } = steps[index] ?? { events: 0, isRestarted: 1 }
          value = (isRestarted === 0 ? 0 : value) + events
          return (hours[index] ?? 0) < exposedFrom ? [] : [[time, value]]
        })
        if (samples.length === 0) return
        const groups = await increaseOf([counter(samples), up(times)])
        expect(groups.reduce((sum, { total }) => sum + total, 0)).toBe(scanned(samples, times))
        for (const { total, buckets } of groups) expect(buckets.reduce((sum, each) => sum + each, 0)).toBe(total)
      }),
      { numRuns: 200 },
    )
  })

  it('adds up over consecutive periods', async () => {
    const samples = Array.from({ length: 200 }, (_, each): [number, number] => [start + each * HOUR_MS, each * 2])
    const store = simulatedPrometheus([counter(samples)])
    const over = async (from: number, to: number) => {
      const cut = bucketsOf({ ...period, start: from, end: to }).buckets
      const question = { store, series: 'events_total', identity: () => ({}), buckets: cut, signal }
      return (await counterIncrease(question)).groups[0]?.total ?? 0
    }
    const middle = start + 3 * DAY_MS
    const [first, second] = [await over(start, middle), await over(middle, period.end)]
    expect(first + second).toBe(await over(start, period.end))
  })

  it('is that of the replica that counted most, and not of both', async () => {
    const samples = (values: readonly number[]) =>
      values.map((value, day): [number, number] => [start + day * DAY_MS, value])
    const [group] = await increaseOf([
      counter(samples([100, 103, 110, 110, 111, 112, 113, 114])),
      counter(samples([100, 102, 110, 110, 111, 112, 113, 113]), { job: 'exporter', instance: 'two' }),
    ])
    expect([group?.labels, group?.total]).toEqual([{ gateway: 'alpha' }, 14])
  })

  it('is that of a target and of its successor, also within one day', async () => {
    const minutes = (from: number, to: number, value: number) =>
      Array.from({ length: to - from }, (_, each): [number, number] => [start + (from + each) * MINUTE_MS, value])
    const [one, two] = ['one', 'two'].map(instance => ({ job: 'exporter', instance })) as [typeof target, typeof target]
    const known: [number, number] = [start - HOUR_MS, 10]
    const first = [known, ...minutes(10, 60, 14)]
    const second = [...minutes(58, 100, 14), ...minutes(100, 200, 17)]
    const times = second.map(([time]) => time)
    const groups = await increaseOf([counter(first, one), counter(second, two), up([known[0]], one), up(times, two)])
    expect(groups[0]?.total).toBe(4 + 3)
  })

  it('asks little where nothing was reset and nothing is new', async () => {
    const samples = Array.from({ length: 8 * 24 }, (_, each): [number, number] => [start + each * HOUR_MS, each])
    const store = simulatedPrometheus([counter(samples)])
    expect((await increaseOf([], store))[0]?.total).toBe(7 * 24)
    expect(store.asked).toEqual([
      'last_over_time(events_total[23h59m59s999ms])',
      'last_over_time(events_total[1d])',
      'resets(events_total[8d]) > 0',
    ])
  })

  it('counts the first value of a series without a target from its first sample', async () => {
    const groups = await increaseOf([
      counter(
        [
          [start + HOUR_MS, 40],
          [start + 2 * HOUR_MS, 45],
        ],
        { job: 'pushed' },
      ),
    ])
    expect(groups[0]?.total).toBe(5)
  })

  it('is nothing where there is no series', async () => {
    expect(await increaseOf([])).toEqual([])
  })
})
