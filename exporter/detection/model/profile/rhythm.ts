import { median } from 'simple-statistics'
import { anomalyConstants } from '../constants.ts'
import type { Layout } from '../state/layout.ts'
import type { ScorerState } from '../state/scorer-state.ts'
import type { StateReader } from '../state/state-reader.ts'
import type { StateWriter } from '../state/state-writer.ts'
import { positiveModulo } from '../time.ts'
import { DAY_MINUTES, type DayKind, dayKinds } from './calendar.ts'
import { COEFFICIENTS, fitHarmonics, logRateOfCell, SATURDAY, WEEKEND } from './harmonic-fit.ts'

const { cells, halfLifeDays, weekendDays, saturdayDays, youngVariance, youngWithPrior, newDayVariance } =
  anomalyConstants.profile
const CELL_MINUTES = DAY_MINUTES / cells
const SUMS = dayKinds.length * cells
const DAY_DECAY = 0.5 ** (1 / halfLifeDays)

/** Shape of a day without its level, as another series of the same zone has learnt it. */
export type RhythmShape = readonly number[]

/** The median of shapes, coefficient by coefficient: a few of them do not decide. Undefined without any. */
export function medianShape(shapes: readonly RhythmShape[]): RhythmShape | undefined {
  return shapes[0]?.map((_, at) => median(shapes.map(shape => shape[at] as number)))
}

/**
 * The smooth part of what is expected: events a minute by the time of day and the kind of day, at a slow level of 1.
 * Events and minutes are summed in 96 cells for each kind of day, with a half-life of four weeks; the shape is fitted to
 * them once a day (see `fitHarmonics`).
 */
export class Rhythm {
  readonly #events: number
  readonly #minutes: number
  readonly #coefficients: number
  readonly #prior: number
  readonly #hasPrior: number
  /** Days learnt of each kind, decayed like the sums. */
  readonly #days: number
  readonly #fits: number

  constructor(layout: Layout) {
    this.#events = layout.singles(SUMS)
    this.#minutes = layout.singles(SUMS)
    this.#coefficients = layout.numbers(COEFFICIENTS)
    this.#prior = layout.numbers(COEFFICIENTS)
    this.#hasPrior = layout.wholes()
    this.#days = layout.numbers(dayKinds.length)
    this.#fits = layout.wholes()
  }

  /** Days that the shape was fitted to; 0 before the first fit. */
  fits({ wholes }: ScorerState): number {
    return wholes[this.#fits] as number
  }

  /** Begins with another series' shape; before the first minute. */
  begin(state: ScorerState, shape: RhythmShape): void {
    for (let at = 1; at < COEFFICIENTS; at++) {
      state.set(this.#prior + at, shape[at] as number)
      state.set(this.#coefficients + at, shape[at] as number)
    }
    state.wholes[this.#hasPrior] = 1
  }

  /** What another series may begin with; undefined where little is known. */
  shape(state: ScorerState): RhythmShape | undefined {
    if (this.fits(state) < 7) return undefined
    return Array.from({ length: COEFFICIENTS }, (_, at) => (at === 0 ? 0 : state.get(this.#coefficients + at)))
  }

  /** Before the first fit the mean of all minutes stands for the shape, or raises another series' one. */
  setMean(state: ScorerState, eventsPerMinute: number): void {
    state.set(this.#coefficients, Math.log(eventsPerMinute))
  }

  /** ln of the events a minute, between the middles of two cells. @param minute of the day, also beyond its ends */
  logRate({ numbers }: ScorerState, kind: DayKind, minute: number): number {
    const place = positiveModulo(minute, DAY_MINUTES) / CELL_MINUTES - 0.5
    const cell = Math.floor(place)
    const part = place - cell
    const coefficients = numbers.subarray(this.#coefficients, this.#coefficients + COEFFICIENTS)
    const of = dayKinds.indexOf(kind)
    return (
      (1 - part) * logRateOfCell(coefficients, of, positiveModulo(cell, cells)) +
      part * logRateOfCell(coefficients, of, (cell + 1) % cells)
    )
  }

  /**
   * Variance of the shape itself, relative to the square of the rate: large while few days are known, and on the first
   * weekend.
   */
  variance(state: ScorerState, kind: DayKind): number {
    const start = state.wholes[this.#hasPrior] === 1 ? youngWithPrior : youngVariance
    const [weekdays, saturdays, sundays] = [0, 1, 2].map(at => state.get(this.#days + at)) as [number, number, number]
    const days = kind === 'weekday' ? weekdays : saturdays + sundays
    return start / Math.max(1, this.fits(state)) ** 2 + newDayVariance / (1 + days) ** 2
  }

  /** Makes everything learnt weigh less, before another day. */
  age(state: ScorerState): void {
    const { singles } = state
    for (let at = 0; at < SUMS; at++) {
      singles[this.#events + at] = (singles[this.#events + at] as number) * DAY_DECAY
      singles[this.#minutes + at] = (singles[this.#minutes + at] as number) * DAY_DECAY
    }
    for (let kind = 0; kind < dayKinds.length; kind++) {
      state.set(this.#days + kind, state.get(this.#days + kind) * DAY_DECAY)
    }
  }

  /** One observed minute of a day. @param level that the day was at: its events count as so many minutes of level 1 */
  add(state: ScorerState, kind: DayKind, minute: number, events: number, level: number): void {
    const { singles } = state
    const of = dayKinds.indexOf(kind)
    const at = of * cells + Math.floor(minute / CELL_MINUTES)
    singles[this.#events + at] = (singles[this.#events + at] as number) + events
    singles[this.#minutes + at] = (singles[this.#minutes + at] as number) + level
    state.add(this.#days + of, 1 / DAY_MINUTES)
  }

  /** Fits the shape after a day was added. */
  fit(state: ScorerState): void {
    state.wholes[this.#fits] = Math.min(65_535, this.fits(state) + 1)
    this.refit(state)
  }

  refit(state: ScorerState): void {
    const { numbers, singles } = state
    const prior = numbers.subarray(this.#prior, this.#prior + COEFFICIENTS)
    const fitted = fitHarmonics(
      {
        events: (kind, cell) => singles[this.#events + kind * cells + cell] as number,
        minutes: (kind, cell) => singles[this.#minutes + kind * cells + cell] as number,
      },
      prior,
    )
    // Days differ more than their counts: few of a kind say little, however many events they had.
    const [, saturdays = 0, sundays = 0] = numbers.subarray(this.#days, this.#days + dayKinds.length)
    const draw = (at: number, days: number, half: number) => {
      const from = prior[at] as number
      fitted[at] = from + (((fitted[at] as number) - from) * days) / (days + half)
    }
    draw(WEEKEND, saturdays + sundays, weekendDays)
    draw(SATURDAY, Math.min(saturdays, sundays), saturdayDays)
    numbers.set(fitted, this.#coefficients)
  }

  /** Moves everything learnt by so many minutes, a multiple of a cell: people do everything that much later. */
  turn(state: ScorerState, minutes: number): void {
    const by = Math.round(minutes / CELL_MINUTES)
    for (const from of [this.#events, this.#minutes]) {
      for (let kind = 0; kind < dayKinds.length; kind++) {
        const row = state.singles.subarray(from + kind * cells, from + (kind + 1) * cells)
        const before = Float32Array.from(row)
        for (let cell = 0; cell < cells; cell++) row[positiveModulo(cell + by, cells)] = before[cell] as number
      }
    }
  }

  save(state: ScorerState, to: StateWriter): void {
    to.f32s(state.singles.subarray(this.#events, this.#events + 2 * SUMS))
    for (const [place, count] of this.#places()) to.f64s(state.numbers.subarray(place, place + count))
    to.u32(this.fits(state))
    to.flag(state.wholes[this.#hasPrior] === 1)
  }

  load(state: ScorerState, from: StateReader): void {
    from.f32sInto(state.singles.subarray(this.#events, this.#events + 2 * SUMS))
    for (const [place, count] of this.#places()) from.f64sInto(state.numbers.subarray(place, place + count))
    state.wholes[this.#fits] = from.u32()
    state.wholes[this.#hasPrior] = from.flag() ? 1 : 0
  }

  #places(): readonly (readonly [place: number, count: number])[] {
    return [
      [this.#coefficients, COEFFICIENTS],
      [this.#prior, COEFFICIENTS],
      [this.#days, dayKinds.length],
    ]
  }
}
