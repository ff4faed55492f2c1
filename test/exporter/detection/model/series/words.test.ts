import { describe, expect, it } from '@jest/globals'
import type { Explanation } from '../../../../../exporter/detection/model/series/score-result.ts'
import { type AnomalyView, anomalyViews } from '../../../../../exporter/detection/model/series/views.ts'
import { inWords } from '../../../../../exporter/detection/model/series/words.ts'

/** Sunday 2025-01-12 23:10 UTC. */
const SUNDAY_NIGHT = Date.parse('2025-01-12T23:10:00Z') / 1000

function explanation(
  contributions: Partial<Record<AnomalyView, number>>,
  more: Partial<Explanation> = {},
): Explanation {
  const none = Object.fromEntries(anomalyViews.map(view => [view, 0])) as Record<AnomalyView, number>
  return {
    minuteStart: SUNDAY_NIGHT,
    completeness: 'complete',
    samplesSeen: 9000,
    score: 70,
    raw: 7,
    active: true,
    notify: true,
    observed: 42,
    expected: 6,
    lower: 1,
    upper: 15,
    contributions: { ...none, ...contributions },
    window: { minutes: 1, observed: 42, expected: 6, lower: 1, upper: 15 },
    silence: { minutes: 0, missed: 0, surprise: 0 },
    block: { observed: 0, expected: 0 },
    firstSeen: [],
    oneIn: 40_000,
    ...more,
  }
}

const firstSeen = { kind: 'address', newKeys: 3, minutes: 60, surprise: 2, oneEventIn: 400, newest: [] } as const

describe('a score in words', () => {
  it('says how many times the expected count, and which entities are new', () => {
    expect(inWords(explanation({ count_1m: 5 }, { firstSeen: [firstSeen] }))).toBe(
      '7 times the expected count for a Sunday night; first seen: 3 addresses',
    )
  })

  it('names the window when it is longer than a minute', () => {
    const window = { minutes: 360, observed: 90, expected: 40, lower: 20, upper: 70 }
    expect(inWords(explanation({ count_360m: 5 }, { window }))).toBe(
      '2.3 times the expected count for a Sunday night over 6 hours',
    )
  })

  it('gives counts instead of a ratio where next to nothing is expected', () => {
    const window = { minutes: 20, observed: 4, expected: 0.0211, lower: 0, upper: 1 }
    expect(inWords(explanation({ count_20m: 5 }, { window }))).toBe(
      '4 events over 20 minutes, 0.021 expected for a Sunday night',
    )
  })

  it('reports silence', () => {
    const silence = { minutes: 190, missed: 41.3, surprise: 6 }
    expect(inWords(explanation({ silence: 6 }, { silence }))).toBe('no events for 3.2 hours, 41 expected')
  })

  it('puts the strongest view first and names at most three', () => {
    const words = inWords(explanation({ envelope: 3, level_30m: 2, high_1h: 1, calm_30m: 4, density_6h: 0.1 }))
    expect(words).toBe(
      'low variation over 30 minutes; a level not seen before at this time of day; level shift over 30 minutes',
    )
  })

  it('names one first-seen entity in the singular', () => {
    const one = { ...firstSeen, kind: 'identity', newKeys: 1 } as const
    expect(inWords(explanation({ first_seen: 4 }, { firstSeen: [one] }))).toBe('first seen: 1 identity')
  })

  it('names the time of day in the time zone given', () => {
    expect(inWords(explanation({ count_1m: 5 }), 'Asia/Tokyo')).toContain('Monday morning')
  })

  it('has a short text for a low score, and says how many minutes a score requires', () => {
    expect(inWords(explanation({}, { score: 12 }))).toBe('as expected')
    expect(inWords(explanation({}, { score: undefined, samplesSeen: 45 }))).toBe(
      'no score yet: 45 of the first 720 minutes are learnt',
    )
  })
})
