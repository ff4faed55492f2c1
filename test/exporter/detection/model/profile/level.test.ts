import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { anomalyConstants } from '../../../../../exporter/detection/model/constants.ts'
import { Level, levelForecast } from '../../../../../exporter/detection/model/profile/level.ts'
import { type Alone, alone } from '../alone.ts'

const KEPT = Math.exp(-1 / anomalyConstants.level.relaxation)
const STATIONARY = 0.1
const NOISE = 0.3
const CALM = 1
const SURPRISED = 5

const create = () => alone(layout => new Level(layout))

/** Learns minutes that deviate by this part from what is expected of them at a level of 1. */
function learn({ part, state }: Alone<Level>, minutes: number, ratio: number, surprise: number): number {
  for (let minute = 0; minute < minutes; minute++) {
    const ahead = part.ahead(state, STATIONARY)
    part.learn(state, ahead, ratio / Math.exp(ahead.log) - 1, NOISE, surprise)
  }
  return part.ahead(state, STATIONARY).log
}

/** Mean level of a window, many times, from a level drawn around `log` with this variance. */
function meanLevels(random: Random, minutes: number, log: number, variance: number): number[] {
  const step = Math.sqrt(STATIONARY * (1 - KEPT * KEPT))
  return Array.from({ length: 3000 }, () => {
    let level = log + Math.sqrt(variance) * random.gauss()
    let sum = 0
    for (let minute = 0; minute < minutes; minute++) {
      level = KEPT * level + step * random.gauss()
      sum += level
    }
    return sum / minutes
  })
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const varianceOf = (values: readonly number[]) => mean(values.map(value => (value - mean(values)) ** 2))

describe('the forecast of the mean level over a window', () => {
  it.each([
    [12, 0.4, 0.02],
    [90, 0.6, 0.05],
    [360, -0.5, 0.01],
    [720, 0.5, 0.1],
  ])('of %p minutes is that of simulated ones, from %p with variance %p', (minutes, log, variance) => {
    const random = new Random(minutes)
    const known = meanLevels(random, minutes, log, variance)
    const unknown = meanLevels(random, minutes, 0, STATIONARY)
    const forecast = levelForecast(minutes)({ log, variance }, STATIONARY)
    expect(forecast.variance / varianceOf(known)).toBeGreaterThan(0.9)
    expect(forecast.variance / varianceOf(known)).toBeLessThan(1.1)
    const factor = mean(known.map(Math.exp)) / mean(unknown.map(Math.exp))
    expect(forecast.factor / factor).toBeGreaterThan(0.97)
    expect(forecast.factor / factor).toBeLessThan(1.03)
  })

  it('is what is expected at any time where nothing is known', () => {
    const { factor, variance } = levelForecast(40)({ log: 0, variance: STATIONARY }, STATIONARY)
    expect(factor).toBeCloseTo(1, 10)
    expect(variance).toBeLessThan(STATIONARY)
  })
})

describe('the level', () => {
  it('begins at what is expected, and follows counts that are above it for hours', () => {
    const level = create()
    expect(level.part.ahead(level.state, STATIONARY).log).toBe(0)
    expect(Math.exp(learn(level, 240, 1.8, CALM))).toBeGreaterThan(1.5)
  })

  it('goes back to 1 while nothing is learnt, and becomes uncertain', () => {
    const level = create()
    const known = learn(level, 240, 1.8, CALM)
    const before = level.part.ahead(level.state, STATIONARY).variance
    for (let minute = 0; minute < 480; minute++) level.part.pass(level.state, level.part.ahead(level.state, STATIONARY))
    const { log, variance } = level.part.ahead(level.state, STATIONARY)
    expect(log / known).toBeCloseTo(Math.exp(-1), 2)
    expect(variance).toBeGreaterThan(before)
    expect(variance).toBeLessThan(STATIONARY)
  })

  it('is not raised by an attack', () => {
    const level = create()
    const before = learn(level, 300, 1, CALM)
    expect(learn(level, 700, 6, SURPRISED)).toBeLessThanOrEqual(Math.abs(before))
  })

  it('follows what is still there after twelve hours', () => {
    const level = create()
    learn(level, 720, 3, SURPRISED)
    expect(Math.exp(learn(level, 240, 3, SURPRISED))).toBeGreaterThan(2)
  })

  it('is held against an attack a day after one that lasted for three days', () => {
    const level = create()
    learn(level, 4320, 3, SURPRISED)
    const before = learn(level, 1440, 1, CALM)
    expect(learn(level, 700, 6, SURPRISED)).toBeLessThanOrEqual(Math.abs(before))
  })

  it('is moved by one minute no more than by a usual deviation, and stays within its limits', () => {
    const level = create()
    const one = learn(level, 1, 1e15, CALM)
    expect(one).toBeLessThan(0.5)
    expect(learn(level, 20_000, 1e15, CALM)).toBeLessThanOrEqual(anomalyConstants.level.limit)
    expect(learn(level, 20_000, 0, CALM)).toBeGreaterThanOrEqual(-anomalyConstants.level.limit)
  })
})
