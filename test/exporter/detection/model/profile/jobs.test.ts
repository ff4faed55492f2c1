import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { DAY_MINUTES } from '../../../../../exporter/detection/model/profile/calendar.ts'
import { followJob, type Job, jobFields } from '../../../../../exporter/detection/model/profile/job.ts'
import { Jobs } from '../../../../../exporter/detection/model/profile/jobs.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { positiveModulo } from '../../../../../exporter/detection/model/time.ts'
import { type Alone, alone } from '../alone.ts'

const DISPERSION = 0.1
const RATE = 1

interface Work {
  readonly at: number
  readonly minutes: number
  readonly perMinute: number
}

/** Jobs that learn days of people with a job beside them. */
class Days {
  readonly jobs: Alone<Jobs> = alone(layout => new Jobs(layout))
  readonly #random: Random
  #days = 0

  constructor(seed = 1) {
    this.#random = new Random(seed)
  }

  get list() {
    return this.jobs.part.list(this.jobs.state)
  }

  /** What jobs are expected to bring from this minute of the day on. */
  expected(from: number, minutes: number): number {
    const minute = (at: number) => this.jobs.part.share(this.jobs.state, positiveModulo(at, DAY_MINUTES)).events
    return Array.from({ length: minutes }, (_, at) => minute(from + at)).reduce((sum, events) => sum + events, 0)
  }

  /** @param isObserved of a minute of the day */
  live(work: Work | undefined, isObserved: (minute: number) => boolean = () => true): void {
    const base = Float64Array.from({ length: DAY_MINUTES }, (_, minute) => (isObserved(minute) ? RATE : 0))
    const excess = Float64Array.from({ length: DAY_MINUTES }, (_, minute) => {
      const drawn = this.#random.negativeBinomial(RATE, DISPERSION) - RATE
      const isWork = work !== undefined && positiveModulo(minute - work.at, DAY_MINUTES) < work.minutes
      return isObserved(minute) ? drawn + (isWork ? this.#random.poisson(work.perMinute) : 0) : 0
    })
    this.jobs.part.learn(this.jobs.state, { base, excess, dispersion: DISPERSION }, ++this.#days)
  }
}

function lived(days: number, workOf: (day: number) => Work | undefined, seed?: number): Days {
  const all = new Days(seed)
  for (let day = 0; day < days; day++) all.live(workOf(day))
  return all
}

const backup: Work = { at: 190, minutes: 6, perMinute: 8 }
const volume = backup.minutes * backup.perMinute

describe('a daily job', () => {
  it.each([1, 2, 3, 4, 5])(
    'is found after three days, and expected with most of its events from the sixth on (seed %p)',
    seed => {
      expect(lived(2, () => backup, seed).list).toEqual([])
      const days = lived(3, () => backup, seed)
      expect(days.list).toHaveLength(1)
      expect(days.expected(185, 16) / volume).toBeGreaterThan(0.33)
      for (let day = 3; day < 6; day++) days.live(backup)
      expect(days.expected(185, 16) / volume).toBeGreaterThan(0.6)
      expect(days.expected(185, 16) / volume).toBeLessThan(1.1)
    },
  )

  it('is expected with its volume and at its minutes after ten days', () => {
    const days = lived(10, () => backup)
    const [job] = days.list
    expect(job?.at).toBeGreaterThan(188)
    expect(job?.at).toBeLessThan(192)
    expect(days.expected(188, 10) / volume).toBeGreaterThan(0.8)
    expect(days.expected(188, 10) / volume).toBeLessThan(1.15)
    expect(days.expected(700, 60)).toBe(0)
  })

  it.each([2, 3, -2])('is followed where it begins %p minutes later each day', drift => {
    const days = lived(16, day => ({ ...backup, at: 400 + drift * day }))
    const next = 400 + drift * 16
    expect(days.list).toHaveLength(1)
    expect(days.list[0]?.drift).toBeCloseTo(drift, 0)
    expect(days.expected(next - 4, backup.minutes + 8) / volume).toBeGreaterThan(0.7)
  })

  it('is expected less after a day on which it did not come, and as before when it has come again', () => {
    const days = lived(10, () => backup)
    const before = days.expected(185, 16)
    const chance = days.list[0]?.chance as number
    days.live(undefined)
    expect(days.list[0]?.chance).toBeLessThan(0.9 * chance)
    expect(days.expected(185, 16)).toBeLessThan(0.9 * before)
    for (let day = 0; day < 5; day++) days.live(backup)
    expect(days.expected(185, 16) / before).toBeGreaterThan(0.9)
  })

  it('grows by no more than a fifth a day, and lasts for no more than half a day', () => {
    const days = lived(10, () => backup)
    const [before] = days.list
    days.live({ ...backup, perMinute: 1000 })
    expect((days.list[0]?.events ?? 0) / (before?.events ?? 0)).toBeCloseTo(1.2, 10)
    const job = { ...(before as Job), at: 0, minutes: 720 }
    const excess = new Float64Array(DAY_MINUTES).fill(8)
    const followed = followJob(job, { base: new Float64Array(DAY_MINUTES).fill(RATE), excess, dispersion: DISPERSION })
    expect(followed).toMatchObject({ came: job.came + 1, minutes: 720 })
  })

  it('is dropped when it has ended', () => {
    const days = lived(10, () => backup)
    for (let day = 0; day < 12; day++) days.live(undefined)
    expect(days.list).toEqual([])
    expect(days.expected(0, DAY_MINUTES)).toBe(0)
  })

  it('stays as it is while its minutes are not observed', () => {
    const isObserved = (minute: number) => minute > 300
    const days = lived(10, () => backup)
    const { at: _at, ...before } = days.list[0] ?? {}
    for (let day = 0; day < 12; day++) days.live(undefined, isObserved)
    expect(days.list[0]).toMatchObject(before)
    const young = lived(3, () => backup)
    for (let day = 0; day < 3; day++) young.live(undefined, isObserved)
    expect(young.list).toHaveLength(1)
  })

  it('is found over midnight', () => {
    const days = lived(8, () => ({ at: 1436, minutes: 8, perMinute: 8 }))
    expect(days.list).toHaveLength(1)
    expect(days.expected(1434, 12) / 64).toBeGreaterThan(0.7)
    expect(days.expected(1440, 4)).toBeGreaterThan(15)
  })
})

describe('what is no job', () => {
  it.each([1, 2, 3])('is an attack of one day, however large (seed %p)', seed => {
    const days = new Days(seed)
    for (let day = 0; day < 25; day++) {
      days.live(day === 7 ? { at: 190, minutes: 30, perMinute: 1000 } : undefined)
      expect(days.list).toEqual([])
    }
  })

  it('are attacks at another time each day', () => {
    const days = lived(14, day => ({ at: 97 * day, minutes: 20, perMinute: 50 }))
    expect(days.list).toEqual([])
  })
})

describe('jobs', () => {
  it('are twelve at most, also where it is busy everywhere', () => {
    const random = new Random(4)
    const busy = Array.from({ length: 60 }, () => random.below(DAY_MINUTES))
    const { part, state } = alone(layout => new Jobs(layout))
    const base = new Float64Array(DAY_MINUTES).fill(RATE)
    const excess = new Float64Array(DAY_MINUTES)
    for (const minute of busy) excess[minute] = 100
    for (let day = 1; day < 12; day++) part.learn(state, { base, excess, dispersion: DISPERSION }, day)
    expect(part.list(state)).toHaveLength(12)
  })

  it.each<[string, Partial<Job>, number]>([
    ['lasts for no minute', { minutes: 0 }, 1],
    ['lasts for days', { minutes: 5000 }, 1],
    ['begins at no time of the day', { at: Number.NEGATIVE_INFINITY }, 1],
    ['has no spread', { spread: 0 }, 1],
    ['is one of more than twelve', {}, 13],
  ])('are not loaded where one %s', (_name, change, count) => {
    const [job] = lived(6, () => backup).list
    const to = new StateWriter()
    to.u32(count)
    const values = jobFields.map(field => ({ ...(job as Job), ...change })[field])
    to.f64s(Array.from({ length: count }, () => values).flat())
    to.u16s(new Uint16Array(2 * DAY_MINUTES))
    const { part, state } = alone(layout => new Jobs(layout))
    expect(() => part.load(state, new StateReader(to.bytes()))).toThrow(RangeError)
  })

  it('are the same after they were saved', () => {
    const { jobs, list } = lived(6, () => backup)
    const to = new StateWriter()
    jobs.part.save(jobs.state, to)
    const other = alone(layout => new Jobs(layout))
    other.part.load(other.state, new StateReader(to.bytes()))
    expect(other.part.list(other.state)).toEqual(list)
    const again = new StateWriter()
    other.part.save(other.state, again)
    expect(again.bytes()).toEqual(to.bytes())
  })
})
