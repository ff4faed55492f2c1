import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { ModelGuard } from '../../../../../exporter/detection/model/count/model-guard.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { type Alone, alone } from '../alone.ts'

const WIDTH = 12
const WEEKS = 20_160
/** A surprise with P(A > a) = 10^-a, where the width's minutes were independent. */
const right = (random: Random) => -Math.log10(1 - random.uniform()) - 1
const heavy = (random: Random) => 5 * right(random)

function shown(minutes: number, draw: (random: Random) => number, guard = create()): Alone<ModelGuard> {
  const random = new Random(1)
  for (let minute = 0; minute < minutes; minute++) guard.part.learn(guard.state, draw(random))
  return guard
}

const create = () => alone(layout => new ModelGuard(layout, WIDTH))
/** What is left of a surprise of 8. */
const factor = ({ part, state }: Alone<ModelGuard>) => part.guarded(state, 8) / 8

describe('the guard of the model', () => {
  it('leaves every surprise as it is while the width is surprised as seldom as a right model is', () => {
    expect(factor(create())).toBe(1)
    expect(factor(shown(2 * WEEKS, right))).toBe(1)
  })

  it('holds surprises down where the model is wrong, the more the more often it was', () => {
    const wrong = factor(shown(WEEKS, heavy))
    expect(wrong).toBeLessThan(0.7)
    expect(wrong).toBeGreaterThanOrEqual(0)
    expect(factor(shown(WEEKS, random => 2 * right(random)))).toBeGreaterThan(wrong)
  })

  it('counts an attack once, however long it lasts', () => {
    const left = (minutes: number) =>
      factor(
        shown(
          100,
          () => 0,
          shown(
            minutes,
            () => 12,
            shown(2000, () => 0),
          ),
        ),
      )
    expect(left(700)).toBeCloseTo(left(1), 1)
    expect(left(700)).toBeGreaterThan(0.9)
  })

  it('counts no episode again that only came down to where it still surprises', () => {
    let minute = 0
    const restless = shown(200, () => (minute++ % 2 === 0 ? 4 : 2))
    expect(factor(restless)).toBe(1)
  })

  it('never raises a surprise, and keeps their order', () => {
    for (const guard of [create(), shown(WEEKS, right), shown(WEEKS, heavy)]) {
      let previous = 0
      for (const surprise of [0.5, 1, 2.9, 3, 3.1, 5, 12, 300]) {
        const guarded = guard.part.guarded(guard.state, surprise)
        expect(guarded).toBeLessThanOrEqual(surprise)
        expect(guarded).toBeGreaterThanOrEqual(previous)
        previous = guarded
      }
    }
  })

  it('lets the model speak again within weeks when it has become right', () => {
    const guard = shown(WEEKS, heavy)
    expect(factor(shown(6 * WEEKS, right, guard))).toBeGreaterThan(0.95)
  })

  it('is never below 0, whatever surprised', () => {
    let minute = 0
    const worst = shown(2 * WEEKS, () => (minute++ % 2 === 0 ? 300 : 0))
    expect(factor(worst)).toBeGreaterThanOrEqual(0)
    expect(factor(worst)).toBeLessThan(0.2)
  })

  it('is the same after it was saved in the middle of an episode', () => {
    const guard = shown(1000, heavy)
    guard.part.learn(guard.state, 9)
    const to = new StateWriter()
    guard.part.save(guard.state, to)
    const other = create()
    other.part.load(other.state, new StateReader(to.bytes()))
    expect(factor(shown(500, right, other))).toBe(factor(shown(500, right, guard)))
  })
})
