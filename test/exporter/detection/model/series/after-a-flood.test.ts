import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { alertPresets } from '../../../../../exporter/detection/model/series/alert-presets.ts'
import { scoreOf } from '../../../../../exporter/detection/model/series/score.ts'
import { createSeriesScorer, type SeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { START } from './fixtures.ts'

const HOUR = 60
const DAY = 24 * HOUR
/** The longest window holds the last minute of a flood for six hours; then a series rests after 15 minutes. */
const OVER_AFTER = 6 * HOUR + 15

interface Flood {
  /** Minutes that are watched before it. */
  readonly before: number
  /** Events an hour without it. */
  readonly perHour: number
  readonly minutes: number
  /** Events a minute. */
  readonly rate: number
  readonly seed: number
}

/** Minutes one after the other. */
class Watch {
  readonly scorer: SeriesScorer = createSeriesScorer({ series: 'after a flood' })
  #minute = 0

  /** @returns the score of the silence view alone, and whether the series is active */
  minute(count: number): { readonly silence: number; readonly active: boolean } {
    const { active } = this.scorer.step(START + 60 * this.#minute++, count)
    return { silence: scoreOf(this.scorer.explain()?.silence.surprise ?? 0), active }
  }

  run(minutes: number, count: () => number) {
    return Array.from({ length: minutes }, () => this.minute(count()))
  }
}

/** The day after a flood. */
function dayAfter({ before, perHour, minutes, rate, seed }: Flood) {
  const random = new Random(seed)
  const watch = new Watch()
  const quiet = () => random.poisson(perHour / HOUR)
  watch.run(before, quiet)
  watch.run(minutes, () => rate)
  return watch.run(DAY, quiet)
}

const flood = {
  before: fc.integer({ min: 13 * HOUR, max: 7 * DAY }),
  minutes: fc.integer({ min: 1, max: 120 }),
  rate: fc.integer({ min: 10, max: 10_000 }),
  seed: fc.nat(),
}

describe('after a flood of up to two hours on a quiet series', () => {
  it('the silence does not reach the threshold of the most sensitive preset', () => {
    const floods = fc.record({ ...flood, perHour: fc.double({ min: 0, max: 2, noNaN: true }) })
    fc.assert(
      fc.property(floods, drawn => {
        const silence = Math.max(...dayAfter(drawn).map(minute => minute.silence))
        expect(silence).toBeLessThan(alertPresets.sensitive.twice)
      }),
      { numRuns: 25, seed: 1 },
    )
  })

  it('a series that has no other events is no longer active six hours and a quarter later', () => {
    fc.assert(
      fc.property(fc.record({ ...flood, perHour: fc.constant(0) }), drawn => {
        const after = dayAfter(drawn).slice(OVER_AFTER)
        expect(after.filter(({ active }) => active)).toHaveLength(0)
      }),
      { numRuns: 25, seed: 2 },
    )
  })

  it.each([
    { before: 3 * DAY, perHour: 0, minutes: 20, rate: 50, seed: 1 },
    { before: 3 * DAY, perHour: 0, minutes: 120, rate: 10_000, seed: 1 },
    { before: 3 * DAY, perHour: 0.5, minutes: 120, rate: 10, seed: 1 },
    { before: DAY, perHour: 0.5, minutes: 60, rate: 10, seed: 1 },
  ])('the silence, which would have reached 57 to 100, stays below 45: %j', drawn => {
    expect(Math.max(...dayAfter(drawn).map(minute => minute.silence))).toBeLessThan(45)
  })
})

describe('the silence of a series whose level held', () => {
  it.each([
    [8, 1],
    [60, 20],
  ])('is scored in full: %i events a minute, an outage on the sixth day', (rate, within) => {
    const random = new Random(3)
    const watch = new Watch()
    watch.run(5 * DAY + 10 * HOUR, () => random.negativeBinomial(rate, 0.3))
    const outage = watch.run(180, () => 0)
    expect(outage.findIndex(({ active }) => active)).toBe(within)
    expect(Math.max(...outage.map(({ silence }) => silence))).toBeGreaterThan(alertPresets.default.twice)
  })

  it('is scored again where a quiet series has become a busy one for some days', () => {
    const random = new Random(4)
    const watch = new Watch()
    watch.run(2 * DAY, () => 0)
    watch.run(4 * DAY + 10 * HOUR, () => random.negativeBinomial(8, 0.3))
    const outage = watch.run(180, () => 0)
    expect(Math.max(...outage.map(({ silence }) => silence))).toBeGreaterThan(alertPresets.default.enter)
  })
})
