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
    this.#extra = layout.singles(HOUR)
    this.#excess = layout.singles(HOUR)
    this.#base = layout.singles(HOUR)
    this.#hits = layout.singles(HOUR)
    this.#hours = layout.singles(HOUR)
  }

  /** Events that such work brings in a minute of the day. */
  extra({ singles }: ScorerState, minute: number): number {
    return singles[this.#extra + (minute % HOUR)] as number
  }

  /** @param base what people bring; 0 where a minute was not observed @param days learnt, this one included */
  learn({ singles }: ScorerState, { base, excess }: Pick<ObservedDay, 'base' | 'excess'>, days: number): void {
    const kept = 1 - 1 / Math.min(days, memoryDays)
    const get = (place: number) => singles[place] as number
    const add = (place: number, value: number) => {
      singles[place] = get(place) + value
    }
    for (const from of this.#lists()) {
      for (let place = from; place < from + HOUR; place++) singles[place] = get(place) * kept
    }
    base.forEach((usual, minute) => {
      if (usual === 0) return
      const more = excess[minute] as number
      const at = minute % HOUR
      add(this.#excess + at, more)
      add(this.#base + at, usual)
      add(this.#hours + at, 1)
      if (more > HIT_FROM) add(this.#hits + at, 1)
    })
    for (let at = 0; at < HOUR; at++) {
      const hours = get(this.#hours + at)
      const total = get(this.#excess + at)
      const usual = get(this.#base + at) / hours
      const hits = HIT_PART * hours * Math.min(1, 3 * usual)
      const standsOut =
        hours > 0 && total / hours > STANDS_OUT * usual && total > fewestEvents && get(this.#hits + at) > hits
      singles[this.#extra + at] = standsOut ? total / hours : 0
    }
  }

  save({ singles }: ScorerState, to: StateWriter): void {
    for (const from of [this.#extra, ...this.#lists()]) to.f32s(singles.subarray(from, from + HOUR))
  }

  load({ singles }: ScorerState, reader: StateReader): void {
    for (const from of [this.#extra, ...this.#lists()]) reader.f32sInto(singles.subarray(from, from + HOUR))
  }

  #lists(): readonly number[] {
    return [this.#excess, this.#base, this.#hits, this.#hours]
  }
}
