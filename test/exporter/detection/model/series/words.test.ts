import { describe, expect, it } from '@jest/globals'
import { anomalyViews } from '../../../../../exporter/detection/model/series/views.ts'
import { inWords, usualInWords } from '../../../../../exporter/detection/model/series/words.ts'
import { explanation } from './explanation.ts'

const firstSeen = { kind: 'address', newKeys: 3, minutes: 60, surprise: 2, oneEventIn: 400, newest: [] } as const
/** Saturday 2025-01-11 03:12 UTC, within a job that began at 03:10 UTC. */
const SATURDAY_NIGHT = Date.parse('2025-01-11T03:12:00Z') / 1000
const backup = { minuteOfDay: 190, minutes: 8, events: 40 }
const whileItRuns = {
  minuteStart: SATURDAY_NIGHT,
  expected: 5.5,
  expectation: { people: 0.5, day: 'saturday', job: backup },
} as const

describe('a score in words', () => {
  it('says how many times the expected count, over which time, and which entities are new', () => {
    expect(inWords(explanation({ count_4m: 7 }, { firstSeen: [firstSeen] }))).toBe(
      '7 times the expected count for a Sunday night over 4 minutes; first seen: 3 addresses',
    )
  })

  it('names the window that has raw', () => {
    const window = { minutes: 360, observed: 90, expected: 40, lower: 20, upper: 70 }
    expect(inWords(explanation({ count_360m: 7 }, { window }))).toBe(
      '2.3 times the expected count for a Sunday night over 6 hours',
    )
  })

  it('gives counts instead of a ratio where next to nothing is expected', () => {
    const window = { minutes: 20, observed: 4, expected: 0.0211, lower: 0, upper: 1 }
    expect(inWords(explanation({ count_20m: 7 }, { window }))).toBe(
      '4 events over 20 minutes, 0.021 expected for a Sunday night',
    )
  })

  it('reports a silence, and too few events', () => {
    const silence = { minutes: 190, missed: 41.3, surprise: 6 }
    expect(inWords(explanation({ silence: 7 }, { silence }))).toBe('no events for 3.2 hours, 41 expected')
    const shortfall = { minutes: 360, observed: 12, expected: 90.4, lower: 60, upper: 130 }
    expect(inWords(explanation({ shortfall: 7 }, { shortfall }))).toBe('12 events in 6 hours, 90 expected')
  })

  it('names one first-seen entity in the singular', () => {
    const one = { ...firstSeen, kind: 'identity', newKeys: 1 } as const
    expect(inWords(explanation({ first_seen: 7 }, { firstSeen: [one] }))).toBe('first seen: 1 identity')
  })

  it('has words for every view', () => {
    const shortfall = { minutes: 360, observed: 12, expected: 90, lower: 60, upper: 130 }
    for (const view of anomalyViews) {
      expect(inWords(explanation({ [view]: 7 }, { shortfall, firstSeen: [firstSeen] }))).toMatch(/^\w.+\w$/)
    }
  })

  it('says what is usual then: a job by its time, because it has no name', () => {
    expect(inWords(explanation({ count_8m: 7 }, whileItRuns))).toBe(
      '7 times the expected count for a Saturday night over 4 minutes; usual: a daily job at 03:10 UTC brings 40 in 8 minutes',
    )
    expect(inWords(explanation({}, { ...whileItRuns, score: 12 }))).toBe(
      'as expected for a Saturday night: a daily job at 03:10 UTC brings 40 in 8 minutes',
    )
  })

  it('leaves out a job that brings next to nothing of what is expected', () => {
    const beside = { ...whileItRuns, expected: 60, expectation: { people: 58, job: backup } } as const
    expect(inWords(explanation({}, { ...beside, score: 12 }))).toBe('as expected for a Saturday night')
  })

  it('names a minute of the hour that stands out', () => {
    const hourly = { expected: 18, expectation: { people: 6, hourly: 12 } } as const
    expect(inWords(explanation({}, { ...hourly, score: 12 }))).toBe(
      'as expected for a Sunday night: minute 10 of each hour brings 12 more',
    )
  })

  it('says of a holiday what it looks like', () => {
    const holiday = {
      minuteStart: Date.parse('2025-01-01T09:00:00Z') / 1000,
      expectation: { day: 'sunday', isOtherDay: true },
      score: 12,
    } as const
    expect(inWords(explanation({}, holiday))).toBe('as expected for a Wednesday morning that looks like a Sunday')
  })

  it.each([
    [1.62, '; usual: the last hours were 1.6 times as busy as usual'],
    [0.5, '; usual: the last hours were 0.5 times as busy as usual'],
    [1.2, ''],
    [0.8, ''],
  ])('names a level of %d where it is far from what is usual', (level, words) => {
    expect(inWords(explanation({ count_4m: 7 }, { expectation: { level, people: 6 / level } }))).toBe(
      `7 times the expected count for a Sunday night over 4 minutes${words}`,
    )
  })

  it('says that the model is wrong for a series where its guard holds the surprise down by half a unit or more', () => {
    expect(inWords(explanation({ count_4m: 7 }, { expectation: { guard: 0.2 } }))).not.toContain('wrong')
    expect(inWords(explanation({ count_4m: 7 }, { expectation: { guard: 0.6 } }))).toMatch(
      /; usual: the model is wrong for this series, and surprises are held down$/,
    )
  })

  it('names days, times and minutes by the clock of the time zone given', () => {
    expect(inWords(explanation({ count_4m: 7 }), 'Asia/Tokyo')).toContain('Monday morning')
    expect(inWords(explanation({}, { ...whileItRuns, score: 12 }), 'Asia/Kolkata')).toBe(
      'as expected for a Saturday morning: a daily job at 08:40 Asia/Kolkata brings 40 in 8 minutes',
    )
  })

  it('says how many minutes a score requires', () => {
    expect(inWords(explanation({}, { score: undefined, samplesSeen: 45 }))).toBe(
      'no score yet: 45 of the first 720 minutes are learnt',
    )
  })
})

describe('what is usual, without the score', () => {
  it('is said only where there is more than the rhythm of the day', () => {
    expect(usualInWords(explanation())).toBeUndefined()
    expect(usualInWords(explanation({}, whileItRuns))).toBe(
      'usual for a Saturday night: a daily job at 03:10 UTC brings 40 in 8 minutes',
    )
  })
})
