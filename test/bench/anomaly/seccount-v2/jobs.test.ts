import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { type Calendar, DAY, DAYS, MINUTES, timeZones } from '../../../../bench/anomaly/seccount-v2/calendar.ts'
import { CauseMap } from '../../../../bench/anomaly/seccount-v2/causes.ts'
import { addDailyJob, addPoller, type DailyJob } from '../../../../bench/anomaly/seccount-v2/jobs.ts'

const calendar: Calendar = {
  timeZone: timeZones[1] as (typeof timeZones)[number],
  holidays: [],
  levels: [1, 1, 1, 1, 1, 1, 1],
  monthEnd: 1,
}
const job: DailyJob = {
  minute: 200,
  isLocal: false,
  workingDaysOnly: false,
  drift: 0,
  jitter: 0,
  length: 4,
  growth: 1,
  skip: 0,
  strength: 5,
}

/** First minute of the day, and length, of each day's job; undefined where it did not run. */
function daysOf(changes: Partial<DailyJob>): (readonly [start: number, length: number] | undefined)[] {
  const means = new Float64Array(MINUTES)
  addDailyJob(new Random(1), { ...job, ...changes }, calendar, 0, 2, means, new CauseMap(MINUTES))
  return Array.from({ length: DAYS }, (_, day) => {
    const minutes = means.subarray(day * DAY, (day + 1) * DAY)
    const start = minutes.indexOf(10)
    return start < 0 ? undefined : [start, minutes.filter(mean => mean === 10).length]
  })
}

describe('a daily job of SecCount version 2', () => {
  it('keeps its minute in UTC when clocks are changed, and moves with them when it is planned in local time', () => {
    expect(new Set(daysOf({}).map(day => day?.[0]))).toEqual(new Set([200]))
    const local = daysOf({ isLocal: true }).map(day => day?.[0])
    expect(new Set(local.slice(0, 27))).toEqual(new Set([140]))
    expect(new Set(local.slice(27))).toEqual(new Set([80]))
  })

  it('drifts, takes longer and is skipped', () => {
    const days = daysOf({ drift: 1, growth: 1.025 })
    expect(days[0]).toEqual([200, 4])
    expect(days[34]).toEqual([234, 9])
    const ran = daysOf({ skip: 0.5 }).filter(day => day !== undefined)
    expect(ran.length).toBeGreaterThan(5)
    expect(ran.length).toBeLessThan(30)
    expect(daysOf({ workingDaysOnly: true }).filter(day => day !== undefined)).toHaveLength(25)
  })

  it('is marked as the cause where it is planned, also where it is skipped', () => {
    const causes = new CauseMap(MINUTES)
    addDailyJob(new Random(1), { ...job, skip: 1 }, calendar, 3, 2, new Float64Array(MINUTES), causes)
    expect([197, 198, 212, 213].map(minute => causes.is('job', minute))).toEqual([false, true, true, false])
  })
})

it('polls every so many minutes, now and then a minute late', () => {
  const means = new Float64Array(MINUTES)
  addPoller(new Random(1), { every: 15, at: 4, strength: 3 }, 2, means)
  const times = Array.from(means.keys()).filter(minute => means[minute] === 6)
  const late = times.filter(minute => minute % 15 === 5)
  expect(times.every(minute => minute % 15 === 4 || minute % 15 === 5)).toBe(true)
  expect(times).toHaveLength(Math.ceil((MINUTES - 5) / 15))
  expect(late.length / times.length).toBeCloseTo(0.05, 1)
  expect(late.length).toBeGreaterThan(0)
})
