import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { FirstSeen, type KeyCounts } from '../../../../../exporter/detection/model/entity/first-seen.ts'
import { type Alone, alone } from '../alone.ts'

const START = 1_736_121_600
const DAY = 86_400

/** A closed population: every key is known. */
const create = () => alone(layout => new FirstSeen(layout, 0))

const step = ({ part, state }: Alone<FirstSeen>, time: number, keys: KeyCounts) => part.step(state, time, keys)

function closed(minutes: number, keys: number): Alone<FirstSeen> {
  const scope = create()
  for (let minute = 0; minute < minutes; minute++) {
    step(scope, START + 60 * minute, new Map([[`key ${minute % keys}`, 2]]))
  }
  return scope
}

describe('FirstSeen', () => {
  it('says nothing in the first 720 minutes', () => {
    const { part, state } = closed(720, 1000)
    expect(part.surprise(state)).toBe(0)
  })

  it('finds a single first-seen key among a closed population', () => {
    const scope = closed(5000, 30)
    expect(scope.part.chance(scope.state)).toBeLessThan(0.001)
    expect(step(scope, START + 60 * 5000, new Map([['stranger', 1]]))).toBeGreaterThan(3)
    expect(scope.part.newest(scope.state)).toContain('stranger')
  })

  it('does not find a first-seen key surprising where new keys arrive all day', () => {
    const scope = create()
    for (let minute = 0; minute < 3000; minute++) step(scope, START + 60 * minute, new Map([[`key ${minute}`, 1]]))
    expect(scope.part.chance(scope.state)).toBeGreaterThan(0.9)
    expect(step(scope, START + 60 * 3000, new Map([['another', 1]]))).toBeLessThan(0.5)
  })

  it('estimates the chance of a new key as it is', () => {
    const random = new Random(8)
    const scope = create()
    for (let minute = 0; minute < 4000; minute++) {
      const firstSeenKey = random.uniform() < 0.1
      step(scope, START + 60 * minute, new Map([[firstSeenKey ? `new ${minute}` : `old ${random.below(20)}`, 1]]))
    }
    expect(scope.part.chance(scope.state)).toBeGreaterThan(0.07)
    expect(scope.part.chance(scope.state)).toBeLessThan(0.13)
  })

  it('takes a key that was away for 30 days for new again', () => {
    const scope = closed(1000, 5)
    step(scope, START + 31 * DAY, new Map([['key 1', 1]]))
    expect(scope.part.found(scope.state).newKeys).toBe(1)
    step(scope, START + 31 * DAY + 60, new Map([['key 1', 1]]))
    expect(scope.part.found(scope.state).newKeys).toBe(1)
    expect(scope.part.newest(scope.state)).toEqual(expect.arrayContaining(['key 1']))
  })
})
