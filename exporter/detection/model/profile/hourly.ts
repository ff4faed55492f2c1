import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import type { ObservedDay } from './job.ts'

const { days: memoryDays, fewestEvents } = anomalyConstants.hourly
const HOUR = 60
/** A minute of the hour stands out where it brings once more what its minutes usually bring. */
const STANDS_OUT = 1
const HIT_FROM = 0.5
const HIT_PART = 0.3

/** Minutes of the hour that bring more events than others: work that is repeated every hour, or every n minutes of one. */
export class HourlyMinutes {
  readonly #extra: number
  /** Excess, expected events, hours with an excess and hours seen, of each minute of the hour. */
  readonly #excess: number
  readonly #base: number
  readonly #hits: number
  readonly #hours: number

  constructor(layout: Layout) {
    this.#extra = layout.numbers(HOUR)
    this.#excess = layout.numbers(HOUR)
    this.#base = layout.numbers(HOUR)
    this.#hits = layout.numbers(HOUR)
    this.#hours = layout.numbers(HOUR)
  }

  /** Events that such work brings in a minute of the day. */
  extra(state: ScorerState, minute: number): number {
    return state.get(this.#extra + (minute % HOUR))
  }

  /** @param base what people bring; 0 where a minute was not observed @param days learnt, this one included */
  learn(state: ScorerState, { base, excess }: Pick<ObservedDay, 'base' | 'excess'>, days: number): void {
    const kept = 1 - 1 / Math.min(days, memoryDays)
    for (const from of this.#lists()) for (let at = 0; at < HOUR; at++) state.set(from + at, state.get(from + at) * kept)
    base.forEach((usual, minute) => {
      if (usual === 0) return
      const more = excess[minute] as number
      const at = minute % HOUR
      state.add(this.#excess + at, more)
      state.add(this.#base + at, usual)
      state.add(this.#hours + at, 1)
      if (more > HIT_FROM) state.add(this.#hits + at, 1)
    })
    for (let at = 0; at < HOUR; at++) {
      const hours = state.get(this.#hours + at)
      const total = state.get(this.#excess + at)
      const usual = state.get(this.#base + at) / hours
      const hits = HIT_PART * hours * Math.min(1, 3 * usual)
      const standsOut =
        hours > 0 && total / hours > STANDS_OUT * usual && total > fewestEvents && state.get(this.#hits + at) > hits
      state.set(this.#extra + at, standsOut ? total / hours : 0)
    }
  }

  save({ numbers }: ScorerState, to: StateWriter): void {
    for (const from of [this.#extra, ...this.#lists()]) to.f64s(numbers.subarray(from, from + HOUR))
  }

  load({ numbers }: ScorerState, reader: StateReader): void {
    for (const from of [this.#extra, ...this.#lists()]) reader.f64sInto(numbers.subarray(from, from + HOUR))
  }

  #lists(): readonly number[] {
    return [this.#excess, this.#base, this.#hits, this.#hours]
  }
}
