import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { minuteOfDay } from '../../../../../exporter/detection/model/profile/calendar.ts'
import { Profile } from '../../../../../exporter/detection/model/profile/profile.ts'
import type { ScorerState } from '../../../../../exporter/detection/model/state/scorer-state.ts'
import { alone } from '../alone.ts'

/** Monday 2025-01-06 00:00 UTC. */
export const MONDAY = 1_736_121_600
export const DAY = 86_400
export const HOUR = 3600

/** Mean events of a minute at this time. */
export type MeanAt = (time: number) => number

/** People at work from 8 to 17 o'clock (UTC), and few at other times. @param later minutes */
export function office(time: number, later = 0): number {
  const hour = minuteOfDay(time - 60 * later) / 60
  return 0.5 + 8 / (1 + Math.exp(-3 * (hour - 8))) / (1 + Math.exp(3 * (hour - 17)))
}

/** A profile that is shown minutes as they are drawn. */
export class Shown {
  readonly profile: Profile
  readonly state: ScorerState
  readonly random: Random
  time: number

  constructor({ seed = 1, from = MONDAY, fitAt = 0 }: ShownOptions = {}) {
    const { part, state } = alone(layout => new Profile(layout))
    this.profile = part
    this.state = state
    this.random = new Random(seed)
    this.time = from
    part.begin(state, fitAt)
  }

  /** Events that people bring in a minute, as the profile expects them. */
  people(time: number): number {
    return this.profile.expected(this.state, time).people
  }

  /** Shows all minutes before this time. */
  until(time: number, meanAt: MeanAt, dispersion = 0.05): this {
    for (; this.time < time; this.time += 60) {
      this.profile.advance(this.state, this.time)
      const expectation = this.profile.expected(this.state, this.time)
      const count = this.random.negativeBinomial(meanAt(this.time), dispersion)
      this.profile.learn(this.state, this.time, this.profile.clipped(count, expectation), expectation, 0)
    }
    return this
  }
}

interface ShownOptions {
  readonly seed?: number
  readonly from?: number
  readonly fitAt?: number
}
