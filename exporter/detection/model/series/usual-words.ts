import { MINUTE_MS } from '../../../../core/clock.ts'
import { spelledOut } from '../../../../core/time/duration.ts'
import { expectedPartsOf } from './expected-parts.ts'
import { rounded } from './rounded.ts'
import type { Explanation } from './score-result.ts'
import { minuteOfDayWords, minuteOfHourWords } from './when-words.ts'

/** A part of the expectation is named from this share of it on. */
const NAMED_FROM = 0.2
/** The level of the last hours is named where it is that many times what is usual, or that part of it. */
const LEVEL_FROM = 1.3
/** The guard is named where it holds the surprise down by this much: to three times the probability. */
const GUARD_FROM = 0.5

/**
 * What is usual at this time beyond the rhythm of the day, part by part where it matters: a job that is due, a minute of
 * the hour, the level of the last hours, and that the model is not to be relied on. Jobs have no names: they are known
 * by their time.
 */
export function usualPhrases(explanation: Explanation, timeZone: string): string[] {
  const { minuteStart, expected, expectation } = explanation
  const { job, hourly, level, guard } = expectation
  const parts = expectedPartsOf(explanation)
  const phrases: string[] = []
  if (job !== undefined && parts.job >= NAMED_FROM * expected) {
    const length = job.minutes === 1 ? '' : ` in ${spelledOut(job.minutes * MINUTE_MS)}`
    const time = minuteOfDayWords(minuteStart, job.minuteOfDay, timeZone)
    phrases.push(`a daily job at ${time} brings ${rounded(job.events)}${length}`)
  }
  if (parts.hourly > 0 && parts.hourly >= NAMED_FROM * expected) {
    phrases.push(`minute ${minuteOfHourWords(minuteStart, timeZone)} of each hour brings ${rounded(hourly)} more`)
  }
  if (Math.max(level, 1 / level) >= LEVEL_FROM) {
    phrases.push(`the last hours were ${rounded(level)} times as busy as usual`)
  }
  if (guard >= GUARD_FROM) phrases.push('the model is wrong for this series, and surprises are held down')
  return phrases
}
