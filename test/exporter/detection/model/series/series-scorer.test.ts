import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ClawtrustError } from '../../../../../core/errors.ts'
import { scoreOf } from '../../../../../exporter/detection/model/series/score.ts'
import type { ScoreResult } from '../../../../../exporter/detection/model/series/score-result.ts'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { drawMinutes, live, START } from './fixtures.ts'

/** A release that doubles the events is active no longer than this; measured on three seeds: 27.1 to 29.7. */
const RELEASE_HOURS = 32

const create = () => createSeriesScorer({ series: 'gw/zone/auth_failures' })
const figures = (result: ScoreResult) => [
  result.raw,
  result.score ?? 0,
  result.expected,
  result.lower,
  result.upper,
  result.observed,
  result.samplesSeen,
]

describe('the series scorer', () => {
  const minutes = drawMinutes(4000)

  it('has no score in the first 720 minutes, and one from then on', () => {
    const results = live(create(), minutes)
    expect(results.slice(0, 720).every(({ score, raw }) => score === undefined && raw === 0)).toBe(true)
    expect(results.slice(720).every(({ score }) => score !== undefined)).toBe(true)
    expect(results[719]?.samplesSeen).toBe(720)
  })

  it('gives the same results for a prefix as for the whole', () => {
    const whole = live(create(), minutes)
    for (const part of [0.3, 0.6, 0.9]) {
      const prefix = minutes.slice(0, part * minutes.length)
      expect(live(create(), prefix)).toEqual(whole.slice(0, prefix.length))
    }
  })

  it('gives the same bytes for the same input', () => {
    const [one, other] = [create(), create()]
    live(one, minutes)
    live(other, minutes)
    expect(one.snapshot()).toEqual(other.snapshot())
  })

  it.each([1, 3, 719, 1440, 2003, 2880])('continues bit for bit from a snapshot after %p minutes', cut => {
    const lived = create()
    live(lived, minutes.slice(0, cut))
    const restored = create()
    expect(restored.restore(lived.snapshot())).toBeUndefined()
    expect(restored.explain()).toEqual(lived.explain())
    expect(live(restored, minutes.slice(cut))).toEqual(live(lived, minutes.slice(cut)))
    expect(restored.snapshot()).toEqual(lived.snapshot())
  })

  it('continues bit for bit from a snapshot in the middle of a job and of a gap', () => {
    const job = (time: number) => (time % 86_400 >= 11_400 && time % 86_400 < 11_760 ? 20 : 0)
    const isAway = (time: number) => time >= START + 5 * 86_400 + 60_000 && time < START + 5 * 86_400 + 70_000
    const days = drawMinutes(7 * 1440)
    const go = (scorer: SeriesScorer, from: number, to: number) =>
      days.slice(from, to).flatMap(({ start, count, keys }) => {
        if (isAway(start)) return start % 120 === 0 ? [] : [scorer.step(start, 0, 'partial')]
        return [scorer.step(start, count + job(start), 'complete', keys)]
      })
    for (const cut of [5 * 1440 + 192, 5 * 1440 + 1080, 5 * 1440 + 1081]) {
      const lived = create()
      go(lived, 0, cut)
      const restored = create()
      expect(restored.restore(lived.snapshot())).toBeUndefined()
      expect(go(restored, cut, days.length)).toEqual(go(lived, cut, days.length))
      expect(restored.explain()).toEqual(lived.explain())
      expect(restored.snapshot()).toEqual(lived.snapshot())
    }
  })

  it('refuses a snapshot of the version before, so that it is rebuilt', () => {
    const lived = create()
    live(lived, minutes.slice(0, 800))
    const before = lived.snapshot()
    new DataView(before.buffer).setUint32(4, 2, true)
    const scorer = create()
    expect(scorer.restore(before)).toBe('version')
    expect(scorer.lastMinute).toBeUndefined()
  })

  it('scores times before 1970 as any other', () => {
    const scorer = create()
    const results = minutes.map(({ count }, minute) => scorer.step(60 * (minute - 3000), count))
    expect(results.flatMap(figures).every(Number.isFinite)).toBe(true)
    expect(results.at(-1)?.expected).toBeGreaterThan(1)
    expect(scorer.snapshot()).toBeInstanceOf(Uint8Array)
  })

  it('learns a day whatever its series is called: each is fitted at a minute of its own', () => {
    for (const series of ['a', 'b', 'c', 'd']) {
      const scorer = createSeriesScorer({ series })
      live(scorer, minutes)
      const { expectation } = scorer.explain() ?? {}
      expect(expectation?.people).toBeGreaterThan(1)
      expect(expectation?.people).toBeLessThan(9)
    }
  })

  it('takes counts that are not whole', () => {
    const scorer = create()
    const results = minutes.map(({ start, count }) => scorer.step(start, count + 0.25))
    expect(results.flatMap(figures).every(Number.isFinite)).toBe(true)
    expect(results.at(-1)?.score).toBeLessThan(60)
  })

  it('rests again after a lasting change to twice the events: it is the new usual', () => {
    const scorer = create()
    const before = 14 * 1440
    const days = drawMinutes(before + 5 * 1440, 3)
    live(scorer, days.slice(0, before))
    const results = days.slice(before).map(({ start, count }) => scorer.step(start, 2 * count))
    const last = results.findLastIndex(({ active }) => active)
    expect(last / 60).toBeLessThan(RELEASE_HOURS)
  })

  it('splits raw by view, exactly, in every minute', () => {
    const scorer = create()
    for (const { start, count, keys } of minutes) {
      const { raw } = scorer.step(start, count * (start % 7200 < 600 ? 4 : 1), 'complete', keys)
      const contributions = Object.values(scorer.explain()?.contributions ?? {})
      expect(contributions.reduce((sum, part) => sum + part, 0)).toBeCloseTo(raw, 10)
      expect(contributions.every(part => part >= 0)).toBe(true)
    }
  })

  it('finds a burst at once, and names it', () => {
    const scorer = create()
    live(scorer, minutes)
    const result = scorer.step(START + 60 * 4000, 60)
    expect(result).toMatchObject({ active: true, notify: true, observed: 60 })
    expect(result.observed).toBeGreaterThan(result.upper)
    const explanation = scorer.explain()
    expect(explanation?.contributions.count_4m).toBeGreaterThan(3)
    expect(explanation?.window.minutes).toBe(4)
    expect(explanation?.window.observed).toBeGreaterThanOrEqual(60)
    expect(explanation?.oneIn).toBeGreaterThan(1000)
  })

  it('finds addresses never seen before', () => {
    const scorer = create()
    live(scorer, minutes)
    const addresses = new Map(Array.from({ length: 8 }, (_, i) => [`203.0.113.${i}`, 1] as const))
    scorer.step(START + 60 * 4000, 8, 'complete', { address: addresses })
    const [firstSeen] = scorer.explain()?.firstSeen ?? []
    expect(firstSeen).toMatchObject({ kind: 'address', newKeys: 8 })
    expect(firstSeen?.surprise).toBeGreaterThan(4)
    expect(firstSeen?.newest).toContain('203.0.113.7')
  })

  it('finds a silence', () => {
    const scorer = create()
    const days = drawMinutes(9 * 1440)
    live(scorer, days)
    const from = START + 60 * days.length
    const scores = Array.from({ length: 120 }, (_, i) => scorer.step(from + 60 * i, 0).score as number)
    expect(Math.max(...scores)).toBeGreaterThan(50)
    const { silence, contributions } = scorer.explain() ?? {}
    expect(silence?.minutes).toBe(120)
    expect(silence?.surprise).toBeGreaterThan(2)
    expect((contributions?.silence ?? 0) + (contributions?.shortfall ?? 0)).toBeGreaterThan(2)
  })

  it.each([
    ['NaN', Number.NaN],
    ['a negative number', -1],
    ['infinity', Number.POSITIVE_INFINITY],
    ['more than can be counted exactly', 2 ** 53],
  ])('refuses %s as a count, names the series and stays as it was', (_name, count) => {
    const scorer = create()
    live(scorer, minutes.slice(0, 10))
    const before = scorer.snapshot()
    expect(() => scorer.step(START + 600, count)).toThrow(/gw\/zone\/auth_failures/)
    expect(() => scorer.late(START, count)).toThrow(ClawtrustError)
    expect(scorer.snapshot()).toEqual(before)
  })

  it.each([
    ['a minute twice', START + 540],
    ['a minute of the past', START + 60],
    ['a time between minutes', START + 601],
    ['no time', Number.NaN],
  ])('refuses %s and stays as it was', (_name, time) => {
    const scorer = create()
    live(scorer, minutes.slice(0, 10))
    const before = scorer.snapshot()
    expect(() => scorer.step(time, 1)).toThrow(ClawtrustError)
    expect(scorer.snapshot()).toEqual(before)
  })

  it('stays finite through 10^15 events in a minute, and comes back', () => {
    const scorer = create()
    live(scorer, minutes)
    const flood = scorer.step(START + 60 * 4000, 1e15)
    expect(flood.score).toBe(100)
    for (let i = 1; i <= 2000; i++) {
      const result = scorer.step(START + 60 * (4000 + i), minutes[i]?.count as number)
      expect(figures(result).every(Number.isFinite)).toBe(true)
      if (i === 2000) expect(result.score).toBeLessThan(50)
    }
    expect(scorer.explain()?.expected).toBeLessThan(10)
  })

  it('is finite for any counts', () => {
    const counts = fc.array(fc.oneof(fc.nat(5), fc.constantFrom(0, 1e6, 1e15, Number.MAX_SAFE_INTEGER)), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(counts, fc.boolean(), (values, warm) => {
        const scorer = create()
        if (warm) live(scorer, minutes.slice(0, 900))
        values.forEach((count, i) => {
          expect(figures(scorer.step(START + 60 * (900 + i), count)).every(Number.isFinite)).toBe(true)
        })
      }),
      { numRuns: 30 },
    )
  })

  it('has a score that only grows with raw, between 0 and 100', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (a, b) => {
          expect(scoreOf(Math.max(a, b))).toBeGreaterThanOrEqual(scoreOf(Math.min(a, b)))
          expect(scoreOf(a)).toBeGreaterThanOrEqual(0)
          expect(scoreOf(a)).toBeLessThanOrEqual(100)
        },
      ),
    )
    expect(scoreOf(4)).toBe(50)
  })
})
