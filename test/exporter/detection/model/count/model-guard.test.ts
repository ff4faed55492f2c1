import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { ModelGuard } from '../../../../../exporter/detection/model/count/model-guard.ts'
import { type Alone, alone } from '../alone.ts'

/** Shows minutes whose largest surprise is drawn. @returns the factor of a surprise of 8 at the end */
function shown(minutes: number, draw: (random: Random) => number): Alone<ModelGuard> {
  const guard = alone(layout => new ModelGuard(layout))
  const random = new Random(1)
  for (let minute = 1; minute <= minutes; minute++) guard.part.learn(guard.state, draw(random), minute)
  return guard
}

/** A surprise with P(A > a) = 10^-a, of `tries` windows the largest. */
const right = (random: Random) => -Math.log10(1 - random.uniform()) + 0.9
const heavy = (random: Random) => -6 * Math.log10(1 - random.uniform())

describe('the guard of the model', () => {
  it('leaves every surprise as it is where one minute in ten exceeds 2, as with a right model', () => {
    const { part, state } = shown(20_000, right)
    expect(part.weight(state)).toBe(0)
    expect([1, 3, 8, 300].map(surprise => part.factor(state, surprise))).toEqual([1, 1, 1, 1])
  })

  it('holds surprises down to how rare they are where the model is wrong, the more the more it is', () => {
    const { part, state } = shown(20_000, heavy)
    expect(part.weight(state)).toBeGreaterThan(0.5)
    expect(8 * part.factor(state, 8)).toBeLessThan(6)
    expect(part.factor(state, 1)).toBe(1)
  })

  it('never raises a surprise', () => {
    const { part, state } = shown(20_000, random => (random.uniform() < 0.6 ? 2.5 : 0))
    for (const surprise of [2.1, 2.5, 3, 10, 1000]) expect(part.factor(state, surprise)).toBeLessThanOrEqual(1)
  })

  it('is not brought to speak by a day of attack', () => {
    const guard = shown(10_000, right)
    for (let minute = 0; minute < 600; minute++) guard.part.learn(guard.state, 12, minute)
    expect(guard.part.weight(guard.state)).toBe(0)
  })

  it('lets the model speak again within days when it has become right', () => {
    const guard = shown(10_000, heavy)
    const random = new Random(2)
    for (let minute = 0; minute < 10_080; minute++) guard.part.learn(guard.state, right(random), minute)
    expect(guard.part.weight(guard.state)).toBe(0)
  })
})
