import { scoreSeverities } from '../core/score-severity.ts'

/** A colour from this value on; the lowest step has no value. */
export interface Step {
  readonly value: number | null
  readonly color: string
}

const { low: lowScore, medium, high, critical } = scoreSeverities

const anomalous: readonly Step[] = [
  { value: lowScore, color: 'blue' },
  { value: medium, color: 'yellow' },
  { value: high, color: 'orange' },
  { value: critical, color: 'red' },
]

/** Unusual, but no reason to act: unobtrusive in both themes. */
const low = '#3f80e073'

/** Transparent, then blue, yellow, orange, red: distinguishable with colour blindness. */
export const scoreSteps: readonly Step[] = [
  { value: null, color: 'transparent' },
  ...anomalous.map(step => (step.color === 'blue' ? { ...step, color: low } : step)),
]

/** The same for a number in the colour of its step. */
export const scoreTextSteps: readonly Step[] = [{ value: null, color: 'green' }, ...anomalous]

/** Percent of decisions that are denials. No red: for some engines, OpenClaw's log contains only the denials. */
export const denyRateSteps: readonly Step[] = [
  { value: null, color: 'transparent' },
  { value: 1, color: low },
  { value: 25, color: 'yellow' },
  { value: 50, color: 'orange' },
]

/** Any value but 0 needs attention. */
export const zeroIsGood: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'red' },
]

/** 1 is good, 0 is not. */
export const oneIsGood: readonly Step[] = [
  { value: null, color: 'red' },
  { value: 1, color: 'green' },
]

/** Lag in seconds: up to one minute is normal, five minutes are an alert. */
export const lagSteps: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 60, color: 'orange' },
  { value: 300, color: 'red' },
]

const DAY = 86_400

/** Seconds until a certificate expires: two weeks are an alert. */
export const expirySteps: readonly Step[] = [
  { value: null, color: 'red' },
  { value: 0, color: 'orange' },
  { value: 14 * DAY, color: 'green' },
]

/** Seconds since a threat list was written: two days are an alert. */
export const intelligenceSteps: readonly Step[] = [
  { value: null, color: 'green' },
  { value: DAY, color: 'orange' },
  { value: 2 * DAY, color: 'red' },
]

export const neutral: readonly Step[] = [{ value: null, color: 'blue' }]

/** The colour of a severity, wherever a severity is named; yellow itself can hardly be seen on white. */
export const severityColours = {
  critical: 'red',
  high: 'orange',
  warning: 'orange',
  medium: 'dark-yellow',
  low: 'blue',
  info: 'green',
} as const

/** Any value but 0 needs a look. */
export const zeroIsBetter: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'orange' },
]

/** Share of a period that was observed, 0 to 1. */
export const coverageSteps: readonly Step[] = [
  { value: null, color: 'red' },
  { value: 0.9, color: 'orange' },
  { value: 0.99, color: 'green' },
]

/** Seconds that a report is overdue: six hours are an alert. */
export const overdueSteps: readonly Step[] = [
  { value: null, color: 'green' },
  { value: 1, color: 'orange' },
  { value: 6 * 3_600, color: 'red' },
]
