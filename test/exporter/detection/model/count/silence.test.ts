import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { Silence } from '../../../../../exporter/detection/model/count/silence.ts'
import { type Alone, alone } from '../alone.ts'

const DISPERSION = 0.3
const UNCERTAINTY = 0.05

const create = () => alone(layout => new Silence(layout))

const step = ({ part, state }: Alone<Silence>, count: number, expected: number) =>
  part.step(state, count, expected, DISPERSION, UNCERTAINTY)

describe('Silence', () => {
  it('grows while the run lasts and ends with an event', () => {
    const silence = create()
    const run = Array.from({ length: 60 }, () => step(silence, 0, 2))
    expect(run[0]).toBe(0)
    for (let minute = 1; minute < 60; minute++) expect(run[minute]).toBeGreaterThanOrEqual(run[minute - 1] as number)
    expect(run.at(-1)).toBeGreaterThan(10)
    expect(silence.part.run(silence.state)).toEqual({ minutes: 60, missed: 120 })
    expect(step(silence, 1, 2)).toBe(0)
    expect(silence.part.run(silence.state)).toEqual({ minutes: 0, missed: 0 })
  })

  it('adds up to -log10 of the chance of all those zeros where the level is known', () => {
    const silence = create()
    const minutes = 20
    let surprise = 0
    for (let i = 0; i < minutes; i++) surprise = silence.part.step(silence.state, 0, 3, 0.5, 1e-9)
    expect(surprise).toBeCloseTo((minutes * Math.log1p(0.5 * 3)) / 0.5 / Math.LN10 - 0.3, 4)
  })

  it('is the chance of all those zeros over the levels that there may be, gammas of mean 1', () => {
    const silence = create()
    const random = new Random(9)
    const [variance, expected, minutes, draws] = [0.2, 3, 6, 100_000]
    let surprise = 0
    for (let i = 0; i < minutes; i++) surprise = silence.part.step(silence.state, 0, expected, 1e-9, variance)
    let sum = 0
    for (let i = 0; i < draws; i++) sum += Math.exp(-minutes * expected * variance * random.gamma(1 / variance))
    expect(surprise).toBeCloseTo(-Math.log10(sum / draws) - 0.3, 1)
  })

  it('is less surprising where less is known', () => {
    const surprises = [0.01, 0.1, 1].map(uncertainty => {
      const silence = create()
      let surprise = 0
      for (let i = 0; i < 40; i++) surprise = silence.part.step(silence.state, 0, 2, DISPERSION, uncertainty)
      return surprise
    })
    expect(surprises).toEqual([...surprises].sort((a, b) => b - a))
  })

  it('has no surprise where nothing is expected', () => {
    const silence = create()
    for (let i = 0; i < 5000; i++) expect(step(silence, 0, 0.0001)).toBe(0)
  })

  it('is suspended by partial minutes: they neither lengthen nor end the run', () => {
    const silence = create()
    for (let i = 0; i < 20; i++) step(silence, 0, 2)
    for (let i = 0; i < 500; i++) silence.part.stepPartial(silence.state, 0)
    expect(silence.part.run(silence.state).minutes).toBe(20)
    step(silence, 0, 2)
    expect(silence.part.run(silence.state).minutes).toBe(21)
    silence.part.stepPartial(silence.state, 3)
    expect(silence.part.run(silence.state).minutes).toBe(0)
  })
})
