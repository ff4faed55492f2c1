import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  COEFFICIENTS,
  fitHarmonics,
  logRateOfCell,
  SATURDAY,
  WEEKEND,
} from '../../../../../exporter/detection/model/profile/harmonic-fit.ts'

const CELLS = 96
const NO_PRIOR = new Float64Array(COEFFICIENTS)
const WEEKDAY = 0
/** Minutes of a cell in weekdays, Saturdays and Sundays of so many weeks. */
const minutesOf = (weeks: number) => (kind: number) => 15 * weeks * (kind === WEEKDAY ? 5 : 1)
const dayCurve = (cell: number) => 1 + 0.7 * Math.sin((2 * Math.PI * (cell + 0.5)) / CELLS - 1) ** 3
const rateAt = (fitted: ArrayLike<number>, kind: number, cell: number) => Math.exp(logRateOfCell(fitted, kind, cell))

/** The fit to exactly what a rate brings. */
function fitTo(rate: (kind: number, cell: number) => number, weeks: number, prior: ArrayLike<number> = NO_PRIOR) {
  const minutes = minutesOf(weeks)
  return fitHarmonics({ events: (kind, cell) => rate(kind, cell) * minutes(kind), minutes }, prior)
}

describe('fitHarmonics', () => {
  it('recovers the shape of a day that is smooth', () => {
    const fitted = fitTo((_kind, cell) => 5 * dayCurve(cell), 4)
    for (let cell = 0; cell < CELLS; cell++) {
      expect(rateAt(fitted, WEEKDAY, cell) / (5 * dayCurve(cell))).toBeGreaterThan(0.93)
      expect(rateAt(fitted, WEEKDAY, cell) / (5 * dayCurve(cell))).toBeLessThan(1.07)
    }
  })

  it('recovers how much less the weekend brings, and Sunday less than Saturday', () => {
    const parts = [1, 0.5, 0.2]
    const fitted = fitTo((kind, cell) => 5 * dayCurve(cell) * (parts[kind] as number), 4)
    expect(Math.exp((fitted[WEEKEND] as number) + (fitted[SATURDAY] as number))).toBeCloseTo(0.5, 1)
    expect(Math.exp((fitted[WEEKEND] as number) - (fitted[SATURDAY] as number))).toBeCloseTo(0.2, 1)
  })

  it('gives a small rate, and no other, where there were no events', () => {
    const fitted = fitTo(() => 0, 4)
    for (const kind of [0, 1, 2]) {
      for (let cell = 0; cell < CELLS; cell++) {
        expect(rateAt(fitted, kind, cell)).toBeGreaterThan(1e-6)
        expect(rateAt(fitted, kind, cell)).toBeLessThan(1e-3)
      }
    }
  })

  it('is the prior where nothing was observed, and is drawn to it where little was', () => {
    const prior = Float64Array.from({ length: COEFFICIENTS }, (_, at) => (at === 1 ? 0.8 : at === WEEKEND ? -1 : 0))
    const flat = (weeks: number) => fitTo(() => 0.001, weeks, prior)
    expect(Array.from(fitTo(() => 0.01, 0, prior)).slice(1)).toEqual(Array.from(prior).slice(1))
    const [little, much] = [flat(0.2)[1], flat(200)[1]] as [number, number]
    expect(little).toBeGreaterThan(0.3)
    expect(much).toBeLessThan(0.05)
  })

  it.each([1e6, 1e9, 1e15])('recovers a rate of %p events a minute', rate => {
    const fitted = fitTo((_kind, cell) => rate * dayCurve(cell), 1)
    for (let cell = 0; cell < CELLS; cell += 5) {
      expect(rateAt(fitted, WEEKDAY, cell) / (rate * dayCurve(cell))).toBeGreaterThan(0.8)
      expect(rateAt(fitted, WEEKDAY, cell) / (rate * dayCurve(cell))).toBeLessThan(1.25)
    }
  })

  it('is finite whatever the cells hold', () => {
    const event = fc.oneof(fc.constant(0), fc.nat(50), fc.double({ min: 0, max: 1e15, noNaN: true }))
    const cells = fc.array(fc.tuple(event, fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e4, noNaN: true }))), {
      minLength: 3 * CELLS,
      maxLength: 3 * CELLS,
    })
    fc.assert(
      fc.property(cells, sums => {
        const of = (at: 0 | 1) => (kind: number, cell: number) => sums[kind * CELLS + cell]?.[at] as number
        const fitted = fitHarmonics({ events: of(0), minutes: of(1) }, NO_PRIOR)
        expect(fitted.every(Number.isFinite)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
