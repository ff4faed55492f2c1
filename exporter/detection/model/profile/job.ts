import { anomalyConstants } from '../constants.ts'
import { positiveModulo } from '../time.ts'
import { DAY_MINUTES } from './calendar.ts'

const { cameFrom } = anomalyConstants.jobs

/** Work that comes back at a time of the day (UTC) and brings events: a backup, a rotation of keys, a report. */
export interface Job {
  /** Minute of the day at which it began when it last came, and how much later it begins each day. */
  readonly at: number
  readonly drift: number
  /** Variance of its beginning, minutes squared. */
  readonly spread: number
  readonly minutes: number
  /** Events that it brings, and the relative variance of them. */
  readonly events: number
  readonly variation: number
  /** Probability that it comes. */
  readonly chance: number
  /** Days it came in all, and days it has not come since. */
  readonly came: number
  readonly missed: number
}

/** Fields of a job, in the order in which they are saved. */
export const jobFields = [
  'at',
  'drift',
  'spread',
  'minutes',
  'events',
  'variation',
  'chance',
  'came',
  'missed',
] as const satisfies readonly (keyof Job)[]

/** A day's counts, by the minute of the day. */
export interface ObservedDay {
  /** Expected without jobs, and counts beyond that; 0 where the minute was not observed. */
  readonly base: Float64Array
  readonly excess: Float64Array
  /** φ of single minutes. */
  readonly dispersion: number
}

/** A job needs this many standard deviations of the minutes that it lies in to be seen on one day. */
const SEEN_FROM = 1.5
/** Looked for in two standard deviations around where it should begin, at least so many minutes. */
const LEAST_REACH = 3
/** Of two places that explain as much, the nearer one. */
const DISTANCE_COST = 0.02
/** Days after which it is known what a job brings; the mean is of at most so many. */
const KNOWN_FROM = 5
/** Then events beyond this many times those are not learnt: what hides in a job must not become one. */
const LARGEST_GROWTH = 2
/** Longer work cannot be told from the next day's (see `jobShare`). */
const MOST_MINUTES = DAY_MINUTES / 2
/** Minutes a day, and minutes squared. */
const DRIFT_RANGE = [-6, 6] as const
const SPREAD_RANGE = [0.25, 200] as const
const EDGE_IN = 0.5
const EDGE_OUT = 0.3

export function sumAround(values: Float64Array, from: number, minutes: number): number {
  let sum = 0
  for (let minute = from; minute < from + minutes; minute++)
    sum += values[positiveModulo(minute, DAY_MINUTES)] as number
  return sum
}

/** Follows a job through a day: whether it came, when, for how long, and with how many events. */
export function followJob(job: Job, day: ObservedDay): Job {
  const due = job.at + job.drift
  const nearest = Math.round(due)
  // What was not observed is no absence.
  if (!isObserved(day, nearest, job.minutes)) return { ...job, at: positiveModulo(due, DAY_MINUTES) }
  const reach = Math.round(Math.max(LEAST_REACH, 2 * Math.sqrt(job.spread)))
  let offset = 0
  let most = Number.NEGATIVE_INFINITY
  for (let by = -reach; by <= reach; by++) {
    const worth = sumAround(day.excess, nearest + by, job.minutes) - DISTANCE_COST * job.events * Math.abs(by)
    if (worth <= most) continue
    most = worth
    offset = by
  }
  const start = nearest + offset
  const events = sumAround(day.excess, start, job.minutes)
  const base = sumAround(day.base, start, job.minutes)
  const deviation = Math.sqrt(base + (day.dispersion * base * base) / job.minutes)
  if (events <= cameFrom * job.events || events <= SEEN_FROM * deviation) return missedJob(job, due)

  const late = start - due
  const growth = events / job.events
  const relative = (job.came < KNOWN_FROM ? growth : Math.min(growth, LARGEST_GROWTH)) - 1
  const at = due + 0.7 * late
  const mean = job.events * (1 + relative / Math.min(job.came + 1, KNOWN_FROM))
  return {
    ...withEdges(Math.round(at), at, job.minutes, mean / job.minutes, day.excess),
    drift: clamp(job.drift + 0.3 * late, ...DRIFT_RANGE),
    spread: clamp(job.spread + 0.3 * (late * late - job.spread), ...SPREAD_RANGE),
    events: mean,
    variation: job.variation + 0.3 * (Math.min(1, relative * relative) - job.variation),
    chance: job.chance + 0.25 * (1 - job.chance),
    came: job.came + 1,
    missed: 0,
  }
}

/** False where most of the minutes were not observed: they have no base. */
function isObserved({ base }: ObservedDay, from: number, minutes: number): boolean {
  let observed = 0
  for (let minute = from; minute < from + minutes; minute++) {
    if (base[positiveModulo(minute, DAY_MINUTES)] !== 0) observed++
  }
  return 2 * observed >= minutes
}

function missedJob(job: Job, due: number): Job {
  return {
    ...job,
    at: positiveModulo(due, DAY_MINUTES),
    spread: Math.min(SPREAD_RANGE[1], job.spread + 1),
    chance: job.chance * 0.85,
    missed: job.missed + 1,
  }
}

/** One minute more at an end that brings at least half of a minute's share, one less where it brings little. */
function withEdges(first: number, at: number, minutes: number, share: number, excess: Float64Array) {
  const brings = (minute: number) => excess[positiveModulo(minute, DAY_MINUTES)] as number
  let length = minutes
  let start = at
  if (brings(first - 1) > EDGE_IN * share) {
    length++
    start--
  } else if (length > 1 && brings(first) < EDGE_OUT * share) {
    length--
    start++
  }
  const last = Math.round(start) + length
  if (brings(last) > EDGE_IN * share) length++
  else if (length > 1 && brings(last - 1) < EDGE_OUT * share) length--
  return { at: positiveModulo(start, DAY_MINUTES), minutes: Math.min(MOST_MINUTES, length) }
}

/** False where it comes too seldom, or did not come back after it was found. */
export function isKept({ chance, came, missed }: Job): boolean {
  if (came < 3 && missed > 1) return false
  return chance >= 0.2 || missed <= 2
}

/** False for numbers that no job that was learnt has; of one that was saved. */
export function isPossible({ at, drift, spread, minutes, events, variation, chance, came, missed }: Job): boolean {
  return (
    within(at, 0, DAY_MINUTES) &&
    within(drift, ...DRIFT_RANGE) &&
    within(spread, ...SPREAD_RANGE) &&
    within(minutes, 1, MOST_MINUTES) &&
    within(events, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER) &&
    within(variation, 0, 1) &&
    within(chance, 0, 1) &&
    within(came, 0, Number.MAX_SAFE_INTEGER) &&
    within(missed, 0, Number.MAX_SAFE_INTEGER)
  )
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && value <= to
}

/** Events a minute that a job is expected to bring, and their variance. */
export interface JobShare {
  readonly events: number
  readonly variance: number
}

/**
 * The share of a minute: the events of a minute of the job times the probability that it runs then, with a logistic
 * spread of its beginning; the variance is of whether it runs, and of how much it brings.
 */
export function jobShare(
  at: number,
  drift: number,
  spread: number,
  minutes: number,
  events: number,
  variation: number,
  chance: number,
  minute: number,
): JobShare | undefined {
  const deviation = Math.sqrt(spread)
  const due = at + drift
  // The nearest of the job's times before and after midnight.
  const since = positiveModulo(minute + 0.5 - due + DAY_MINUTES / 2, DAY_MINUTES) - DAY_MINUTES / 2
  const reach = 2.5 * deviation + 2
  if (since < -reach || since > minutes + reach) return undefined
  const runs = Math.max(0, begun(since / deviation) - begun((since - minutes) / deviation))
  const probability = chance * runs
  const perMinute = events / minutes
  return {
    events: perMinute * probability,
    variance: perMinute * perMinute * (probability * (1 - probability) + probability * variation),
  }
}

function begun(deviations: number): number {
  return 1 / (1 + Math.exp(-1.7 * deviations))
}

function clamp(value: number, from: number, to: number): number {
  return Math.max(from, Math.min(to, value))
}
