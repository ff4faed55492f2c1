import { memoryUsage } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BoundedMap } from '../../../core/collections/bounded-map.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const key = fc.integer({ min: 0, max: 12 })
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('set' as const), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
)

describe('BoundedMap', () => {
  it('has the entries that were set last, of each key the newest, in the order in which they were set', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(operation, { maxLength: 200 }), (capacity, operations) => {
        const map = new BoundedMap<number, { key: number; at: number }>(capacity)
        let expected: { key: number; at: number }[] = []
        for (const [at, [kind, key]] of operations.entries()) {
          const others = expected.filter(one => one.key !== key)
          if (kind === 'delete') {
            expect(map.delete(key)).toBe(others.length < expected.length)
            expected = others
          } else {
            const pushedOut = others.length === capacity ? others.shift() : undefined
            expected = [...others, { key, at }]
            expect(map.set(key, { key, at })).toEqual(pushedOut)
          }
          expect([...map.values()]).toEqual(expected)
          expect(map.size).toBe(expected.length)
          for (let key = 0; key <= 12; key++) {
            const held = expected.find(one => one.key === key)
            expect(map.get(key)).toEqual(held)
            expect(map.has(key)).toBe(held !== undefined)
          }
        }
      }),
    )
  })

  it('does not make an entry newer when it is looked up', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1)
    map.set('b', 2)
    map.get('a')
    expect(map.set('c', 3)).toBe(1)
    expect([...map.values()]).toEqual([2, 3])
  })

  it('can be emptied and filled again', () => {
    const map = new BoundedMap<string, number>(1)
    for (let round = 0; round < 3; round++) {
      map.set('a', round)
      map.set('b', round)
      map.delete('b')
      expect(map.size).toBe(0)
    }
  })

  it('keeps nothing of the values that were replaced or deleted, also where nothing is ever pushed out', () => {
    const map = new BoundedMap<number, string>(1_000)
    const change = (round: number) => {
      for (let key = 0; key < 100; key++) map.set(key, `${round} of ${key}`.padEnd(200, '.'))
      map.delete(round % 100)
    }
    change(0)
    collect()
    const held = memoryUsage().heapUsed
    for (let round = 1; round < 500; round++) change(round)
    collect()
    expect(memoryUsage().heapUsed - held).toBeLessThan(2 ** 20)
    expect(map.size).toBe(99)
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('cannot hold %p entries', capacity => {
    expect(() => new BoundedMap(capacity)).toThrow(RangeError)
  })
})
