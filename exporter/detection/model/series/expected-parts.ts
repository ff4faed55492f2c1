import type { Explanation } from './score-result.ts'

/** The closed set of the label `part` of clawtrust_anomaly_expected_part. */
export const expectedParts = ['people', 'job', 'hourly'] as const
export type ExpectedPart = (typeof expectedParts)[number]

const partWords: Readonly<Record<ExpectedPart, string>> = {
  people: 'people',
  job: 'a daily job',
  hourly: 'the minute of the hour',
}

/** `2.1 from people, 40 from a daily job`; undefined where people bring everything. */
export function expectedPartsInWords(
  parts: Readonly<Record<ExpectedPart, number>>,
  amount: (events: number) => string,
): string | undefined {
  const named = expectedParts.filter(part => parts[part] > 0)
  if (named.every(part => part === 'people')) return undefined
  return named.map(part => `${amount(parts[part])} from ${partWords[part]}`).join(', ')
}

/**
 * The expected events of a minute split by what brings them, each at the level of the last hours; the sum is `expected`.
 * Of a job and a minute of the hour only the larger one counts, as in the profile: what is expected beyond people is
 * the job's, up to what it brings a minute, where that is more than the minute of the hour.
 */
export function expectedPartsOf(
  explanation: Pick<Explanation, 'expected' | 'expectation'>,
): Readonly<Record<ExpectedPart, number>> {
  const { expected, expectation } = explanation
  const { people, job, hourly, level } = expectation
  const perMinute = job === undefined ? 0 : job.events / job.minutes
  const beyond = Math.max(hourly, Math.min(perMinute, expected / level - people))
  if (beyond === 0) return { people: expected, job: 0, hourly: 0 }
  const more = (expected * beyond) / (people + beyond)
  const rest = { people: expected - more, job: 0, hourly: 0 }
  return beyond > hourly ? { ...rest, job: more } : { ...rest, hourly: more }
}
