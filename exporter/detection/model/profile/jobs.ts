import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import { packed, unpacked } from '../state/packed.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { positiveModulo } from '../time.ts'
import { DAY_MINUTES } from './calendar.ts'
import { followJob, isKept, isPossible, type Job, jobFields, jobShare, type ObservedDay } from './job.ts'
import { findJobs } from './job-search.ts'

const { most, memoryRate, firstDay } = anomalyConstants.jobs
const FIELDS = jobFields.length

/** The share of a minute that jobs have, and the job that has most of it. */
export interface JobsShare {
  readonly events: number
  readonly variance: number
  /** Number of the job; −1 where none is expected. */
  readonly largest: number
}

export const NO_JOBS: JobsShare = { events: 0, variance: 0, largest: -1 }

/** The jobs of a series, at most twelve, and what jobs are looked for in. */
export class Jobs {
  readonly #count: number
  readonly #fields: number
  /** Excess by the minute of the day, of days in turn. */
  readonly #memories: readonly [number, number]

  constructor(layout: Layout) {
    this.#count = layout.wholes()
    this.#fields = layout.numbers(most * FIELDS)
    this.#memories = [layout.wholes(DAY_MINUTES), layout.wholes(DAY_MINUTES)]
  }

  /** What jobs are expected to bring in a minute of the day. */
  share({ numbers, wholes }: ScorerState, minute: number): JobsShare {
    const count = wholes[this.#count] as number
    if (count === 0) return NO_JOBS
    let events = 0
    let variance = 0
    let largest = -1
    let most = 0
    for (let index = 0; index < count; index++) {
      const from = this.#fields + index * FIELDS
      const field = (at: number) => numbers[from + at] as number
      const share = jobShare(field(0), field(1), field(2), field(3), field(4), field(5), field(6), minute)
      if (share === undefined) continue
      events += share.events
      variance += share.variance
      if (share.events <= most) continue
      most = share.events
      largest = index
    }
    return largest === -1 ? NO_JOBS : { events, variance, largest }
  }

  list(state: ScorerState): Job[] {
    return Array.from({ length: state.wholes[this.#count] as number }, (_, index) => this.at(state, index))
  }

  at({ numbers }: ScorerState, index: number): Job {
    const from = this.#fields + index * FIELDS
    return Object.fromEntries(jobFields.map((field, at) => [field, numbers[from + at] as number])) as unknown as Job
  }

  /** Follows the known jobs through a day, and looks for new ones. @param days learnt so far, this one included */
  learn(state: ScorerState, day: ObservedDay, days: number): void {
    const { numbers, wholes } = state
    const left = Float64Array.from(day.excess)
    // The one that came most often first: what one job brought is not looked for again.
    const known = this.list(state)
      .sort((one, other) => other.came - one.came)
      .map(job => {
        const followed = followJob(job, { ...day, excess: left })
        if (followed.came > job.came) claim(left, followed)
        return followed
      })
      .filter(isKept)
    const memory = this.#memories[days % 2] as number
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      if (day.base[minute] === 0) continue
      const before = unpacked(wholes[memory + minute] as number)
      wholes[memory + minute] = packed(before + memoryRate * ((left[minute] as number) - before))
    }
    if (days >= firstDay) {
      const [even, odd] = this.#memories.map(from =>
        Float64Array.from(wholes.subarray(from, from + DAY_MINUTES), unpacked),
      ) as [Float64Array, Float64Array]
      known.push(...findJobs({ even, odd }, day.base, day.dispersion, known, most - known.length))
    }
    wholes[this.#count] = known.length
    known.forEach((job, index) => {
      jobFields.forEach((field, at) => {
        numbers[this.#fields + index * FIELDS + at] = job[field]
      })
    })
  }

  save({ numbers, wholes }: ScorerState, to: StateWriter): void {
    const count = wholes[this.#count] as number
    to.u32(count)
    to.f64s(numbers.subarray(this.#fields, this.#fields + count * FIELDS))
    for (const from of this.#memories) to.u16s(wholes.subarray(from, from + DAY_MINUTES))
  }

  load(state: ScorerState, from: StateReader): void {
    const { numbers, wholes } = state
    const count = from.below(most + 1)
    wholes[this.#count] = count
    from.f64sInto(numbers.subarray(this.#fields, this.#fields + count * FIELDS))
    if (!this.list(state).every(isPossible)) throw new RangeError('a job that cannot be')
    for (const memory of this.#memories) from.u16sInto(wholes.subarray(memory, memory + DAY_MINUTES))
  }
}

/** Takes out what a job brought. */
function claim(excess: Float64Array, { at, minutes }: Job): void {
  const first = Math.round(at)
  for (let minute = first; minute < first + minutes; minute++) excess[positiveModulo(minute, DAY_MINUTES)] = 0
}
