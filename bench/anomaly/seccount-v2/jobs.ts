import type { Random } from '../seccount/random.ts'
import { type Calendar, DAY, DAYS, localTime, MINUTES } from './calendar.ts'
import type { CauseMap } from './causes.ts'

const { floor, round } = Math

/** A job that runs once a day on every gateway of a zone that has it. */
export interface DailyJob {
  /** Planned minute of the day. */
  readonly minute: number
  /** A job planned in local time moves with daylight saving, one in UTC does not. */
  readonly isLocal: boolean
  readonly workingDaysOnly: boolean
  /** Minutes that it starts later each day; negative: earlier. */
  readonly drift: number
  /** Standard deviation of its start, in minutes. */
  readonly jitter: number
  /** Minutes that it takes on the first day, and by what factor it takes longer each day. */
  readonly length: number
  readonly growth: number
  /** Probability that it does not run on a day. */
  readonly skip: number
  /** Events a minute, in units of the gateway's rate. */
  readonly strength: number
}

/** Minutes before and after a job in which an alert is said to be of it. */
const MARGIN = 5

/** Draws in the order of the properties; whether it drifts before how far. */
export function drawDailyJob(random: Random): DailyJob {
  const minute = random.below(DAY)
  const isLocal = random.uniform() < 0.25
  const workingDaysOnly = random.uniform() < 0.3
  const drifts = random.uniform() < 0.4
  const drift = 2 * random.uniform() - 1
  return {
    minute,
    isLocal,
    workingDaysOnly,
    drift: drifts ? drift : 0,
    jitter: 2 * random.uniform(),
    length: 2 + random.below(12),
    growth: 1 + 0.025 * random.uniform(),
    skip: 0.1 * random.uniform(),
    strength: 3 + 6 * random.uniform(),
  }
}

/** Runs a job on a gateway. Draws for each day: the jitter, whether it is skipped. @param stagger minutes after the plan */
export function addDailyJob(
  random: Random,
  job: DailyJob,
  calendar: Calendar,
  stagger: number,
  base: number,
  means: Float64Array,
  causes: CauseMap,
): void {
  for (let day = 0; day < DAYS; day++) {
    const jitter = job.jitter * random.gauss()
    const isSkipped = random.uniform() < job.skip
    const planned = plannedMinute(job, calendar, day)
    const start = round(planned + stagger + job.drift * day + jitter)
    const length = round(job.length * job.growth ** day)
    // A job that does not run is as unusual as one that runs at another time.
    if (job.workingDaysOnly && localTime(calendar, planned).weekday >= 5) continue
    causes.mark('job', start - MARGIN, start + length + MARGIN)
    if (isSkipped) continue
    for (let minute = Math.max(0, start); minute < Math.min(start + length, MINUTES); minute++) {
      means[minute] = (means[minute] as number) + base * job.strength
    }
  }
}

function plannedMinute({ minute, isLocal }: DailyJob, { timeZone }: Calendar, day: number): number {
  const planned = day * DAY + minute
  if (!isLocal) return planned
  const { offset, change } = timeZone
  const before = planned - offset
  return change !== undefined && before >= change.minute ? planned - change.offset : before
}

/** Something that polls, every so many minutes from one of them on. */
export interface Poller {
  readonly every: number
  readonly at: number
  readonly strength: number
}

const PERIODS = [5, 7, 10, 15, 20, 30, 60, 90]
/** Of a hundred polls so many come a minute late. */
const LATE_PERCENT = 5

/** Draws in the order of the properties. */
export function drawPoller(random: Random): Poller {
  const every = PERIODS[random.below(PERIODS.length)] as number
  return { every, at: random.below(every), strength: 1 + 3 * random.uniform() }
}

/** Draws for each poll whether it is late. */
export function addPoller(random: Random, { every, at, strength }: Poller, base: number, means: Float64Array): void {
  for (let minute = at; minute < MINUTES - 1; minute += every) {
    const late = floor(100 * random.uniform()) < LATE_PERCENT ? 1 : 0
    means[minute + late] = (means[minute + late] as number) + base * strength
  }
}
