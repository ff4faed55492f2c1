import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { expectedPartsInWords, expectedPartsOf } from '../../../../../exporter/detection/model/series/expected-parts.ts'
import { createSeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { explanation } from './explanation.ts'

const job = { minuteOfDay: 190, minutes: 8, events: 40 }
const partsOf = (expected: number, expectation: NonNullable<Parameters<typeof explanation>[1]>['expectation'] = {}) =>
  expectedPartsOf(explanation({}, { expected, expectation }))

describe('the parts of what is expected', () => {
  it('are people where nothing else is due, whatever the level', () => {
    expect(partsOf(9, { people: 6, level: 1.5 })).toEqual({ people: 9, job: 0, hourly: 0 })
  })

  it('are of a job what is expected beyond people, up to what it brings a minute', () => {
    expect(partsOf(5.5, { people: 0.5, job })).toEqual({ people: 0.5, job: 5, hourly: 0 })
    expect(partsOf(1.5, { people: 0.5, job })).toEqual({ people: 0.5, job: 1, hourly: 0 })
  })

  it('are of the larger one of a job and a minute of the hour', () => {
    expect(partsOf(18, { people: 6, hourly: 12 })).toEqual({ people: 6, job: 0, hourly: 12 })
    expect(partsOf(18, { people: 6, hourly: 12, job })).toEqual({ people: 6, job: 0, hourly: 12 })
    expect(partsOf(9, { people: 4, hourly: 2, job })).toEqual({ people: 4, job: 5, hourly: 0 })
  })

  it('sum to what is expected, and none is below zero', () => {
    const events = fc.double({ min: 0, max: 1e6, noNaN: true })
    const positive = fc.double({ min: 1e-5, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(positive, positive, events, fc.option(events), (expected, people, hourly, brings) => {
        const due = brings === null ? undefined : { ...job, events: brings }
        const parts = Object.values(partsOf(expected, { people, hourly, job: due }))
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0)
        expect(parts.reduce((sum, part) => sum + part) / expected).toBeCloseTo(1)
      }),
    )
  })

  it('are named where there is more than people', () => {
    expect(expectedPartsInWords({ people: 6, job: 0, hourly: 0 }, String)).toBeUndefined()
    expect(expectedPartsInWords({ people: 2, job: 5, hourly: 0 }, String)).toBe('2 from people, 5 from a daily job')
    expect(expectedPartsInWords({ people: 2, job: 0, hourly: 9 }, String)).toBe(
      '2 from people, 9 from the minute of the hour',
    )
  })

  it('of a series with a nightly job name the job while it runs, and people otherwise', () => {
    const scorer = createSeriesScorer({ series: 'a test' })
    const start = Date.UTC(2025, 0, 6) / 1000
    const partsAt = (until: number, from: number) => {
      for (let minute = from; minute < until; minute++) {
        const ofDay = minute % 1440
        scorer.step(start + 60 * minute, (minute * 7) % 5 === 0 ? 1 : ofDay >= 190 && ofDay < 198 ? 5 : 0)
      }
      const explained = scorer.explain()
      return explained && expectedPartsOf(explained)
    }
    const running = partsAt(14 * 1440 + 194, 0)
    expect(running?.job).toBeGreaterThan(2)
    expect(running?.people).toBeLessThan(1)
    const after = partsAt(14 * 1440 + 600, 14 * 1440 + 194)
    expect(after).toMatchObject({ job: 0, hourly: 0 })
  })
})
