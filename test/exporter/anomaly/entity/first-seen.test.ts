import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { FirstSeen } from '../../../../exporter/anomaly/entity/first-seen.ts'

const START = 1_736_121_600
const DAY = 86_400

/** A closed population: every key is known. */
function closed(minutes: number, keys: number): FirstSeen {
  const scope = new FirstSeen(0)
  for (let minute = 0; minute < minutes; minute++) {
    scope.step(START + 60 * minute, new Map([[`key ${minute % keys}`, 2]]))
  }
  return scope
}

describe('FirstSeen', () => {
  it('says nothing in the first 720 minutes', () => {
    expect(closed(720, 1000).surprise).toBe(0)
  })

  it('finds a single stranger among a closed population', () => {
    const scope = closed(5000, 30)
    expect(scope.chance).toBeLessThan(0.001)
    expect(scope.step(START + 60 * 5000, new Map([['stranger', 1]]))).toBeGreaterThan(3)
    expect(scope.newest).toContain('stranger')
  })

  it('finds one stranger nothing special where strangers come all day', () => {
    const scope = new FirstSeen(0)
    for (let minute = 0; minute < 3000; minute++) scope.step(START + 60 * minute, new Map([[`key ${minute}`, 1]]))
    expect(scope.chance).toBeGreaterThan(0.9)
    expect(scope.step(START + 60 * 3000, new Map([['another', 1]]))).toBeLessThan(0.5)
  })

  it('estimates the chance of a new key as it is', () => {
    const random = new Random(8)
    const scope = new FirstSeen(0)
    for (let minute = 0; minute < 4000; minute++) {
      const stranger = random.uniform() < 0.1
      scope.step(START + 60 * minute, new Map([[stranger ? `new ${minute}` : `old ${random.below(20)}`, 1]]))
    }
    expect(scope.chance).toBeGreaterThan(0.07)
    expect(scope.chance).toBeLessThan(0.13)
  })

  it('takes a key that was away for 30 days for new again', () => {
    const scope = closed(1000, 5)
    scope.step(START + 31 * DAY, new Map([['key 1', 1]]))
    expect(scope.newKeys).toBe(1)
    scope.step(START + 31 * DAY + 60, new Map([['key 1', 1]]))
    expect(scope.newKeys).toBe(1)
    expect(scope.newest).toEqual(expect.arrayContaining(['key 1']))
  })
})
