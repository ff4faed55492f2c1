import type {
  ExpectationExplanation,
  Explanation,
} from '../../../../../exporter/detection/model/series/score-result.ts'
import { type AnomalyView, anomalyViews } from '../../../../../exporter/detection/model/series/views.ts'

/** Sunday 2025-01-12 23:10 UTC. */
export const SUNDAY_NIGHT = Date.parse('2025-01-12T23:10:00Z') / 1000

/** An explanation of a busy minute on a Sunday night, for one case of a test. */
export function explanation(
  contributions: Partial<Record<AnomalyView, number>> = {},
  {
    expectation,
    ...more
  }: Omit<Partial<Explanation>, 'expectation'> & {
    readonly expectation?: Partial<ExpectationExplanation>
  } = {},
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
    window: { minutes: 4, observed: 168, expected: 24, lower: 10, upper: 45 },
    shortfall: undefined,
    silence: { minutes: 0, missed: 0, surprise: 0 },
    expectation: {
      people: 6,
      day: 'sunday',
      isOtherDay: false,
      job: undefined,
      hourly: 0,
      level: 1,
      guard: 0,
      ...expectation,
    },
    firstSeen: [],
    oneIn: 40_000,
    ...more,
  }
}
