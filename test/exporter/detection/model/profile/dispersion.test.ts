import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { anomalyConstants } from '../../../../../exporter/detection/model/constants.ts'
import { DAY_MINUTES } from '../../../../../exporter/detection/model/profile/calendar.ts'
import { Dispersion } from '../../../../../exporter/detection/model/profile/dispersion.ts'
import { alone } from '../alone.ts'

const KEPT = Math.exp(-1 / anomalyConstants.level.relaxation)
const { start } = anomalyConstants.dispersion
const { varianceStart } = anomalyConstants.level

/** Days of a rate whose level wanders with this variance, and counts with this φ. */
function learnt(days: number, rate: number, phi: number, levelVariance: number, part = 1) {
  const dispersion = alone(layout => new Dispersion(layout))
  const random = new Random(days + 10 * rate)
  let level = 0
  for (let day = 0; day < days; day++) {
    const counts = new Float64Array(DAY_MINUTES)
    const expected = new Float64Array(DAY_MINUTES)
    for (let minute = 0; minute < part * DAY_MINUTES; minute++) {
      level = KEPT * level + Math.sqrt(levelVariance * (1 - KEPT * KEPT)) * random.gauss()
      counts[minute] = random.negativeBinomial(rate * Math.exp(level - levelVariance / 2), phi)
      expected[minute] = rate
    }
    dispersion.part.learn(dispersion.state, { counts, expected })
  }
  const { part: learner, state } = dispersion
  return { phi: learner.ofMinutes(state), level: learner.ofLevel(state) }
}

describe('the dispersion', () => {
  it('begins with what is usual', () => {
    expect(learnt(0, 1, 0.1, 0.1)).toEqual({ phi: start, level: varianceStart })
  })

  it.each([
    [2, 0.1],
    [2, 0.6],
    [30, 0.1],
    [30, 0.6],
  ])('of minutes is recovered at a rate of %p and φ = %p', (rate, phi) => {
    const found = learnt(25, rate, phi, 0.03).phi
    expect(found / phi).toBeGreaterThan(0.75)
    expect(found / phi).toBeLessThan(1.25)
  })

  it.each([0.03, 0.1, 0.2])('of the level is recovered where its variance is %p', variance => {
    const found = learnt(40, 20, 0.1, variance).level
    expect(found / variance).toBeGreaterThan(0.5)
    expect(found / variance).toBeLessThan(1.5)
  })

  it('of the level stays near what is usual where hardly an event came', () => {
    expect(learnt(10, 0.001, 0.1, 0.03).level / varianceStart).toBeCloseTo(1, 1)
  })

  it('is learnt from the minutes that were observed', () => {
    expect(learnt(40, 30, 0.1, 0.03, 0.5).phi).toBeCloseTo(0.1, 1)
    const nothing = learnt(40, 30, 0.1, 0.03, 0)
    expect(nothing.phi).toBeCloseTo(start, 10)
    expect(nothing.level).toBeCloseTo(varianceStart, 10)
  })

  it('stays within its limits, whatever was counted', () => {
    const { part, state } = alone(layout => new Dispersion(layout))
    const { floor, limit, levelFloor, levelLimit } = anomalyConstants.dispersion
    for (const count of [0, 1, 1e6, 1e15]) {
      for (const expected of [1e-5, 1, 1e9]) {
        const day = {
          counts: new Float64Array(DAY_MINUTES).fill(count),
          expected: new Float64Array(DAY_MINUTES).fill(expected),
        }
        part.learn(state, day)
        expect(part.ofMinutes(state)).toBeGreaterThanOrEqual(floor)
        expect(part.ofMinutes(state)).toBeLessThanOrEqual(limit)
        expect(part.ofLevel(state)).toBeGreaterThanOrEqual(levelFloor)
        expect(part.ofLevel(state)).toBeLessThanOrEqual(levelLimit)
      }
    }
  })
})
