import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ExpiringKeys } from '../../../exporter/pipeline/expiring-keys.ts'
import type { DocumentValue, Json } from '../../../service/state/state.ts'

describe('expiring keys', () => {
  it('hold a key until its time and give it back once', () => {
    const keys = new ExpiringKeys<number>('k', 10)
    keys.set('a', 1, 5_000)
    expect(keys.expire(4_999)).toEqual([])
    expect(keys.get('a')).toBe(1)
    expect(keys.expire(5_000)).toEqual([['a', 1]])
    expect(keys.get('a')).toBeUndefined()
    expect(keys.expire(9_000)).toEqual([])
  })

  it('move a key that is set again to its new time', () => {
    const keys = new ExpiringKeys<number>('k', 10)
    keys.set('a', 1, 5_000)
    keys.set('a', 2, 8_000)
    expect(keys.expire(5_000)).toEqual([])
    expect(keys.expire(8_000)).toEqual([['a', 2]])
  })

  it('give up the keys that end first when there is no more room', () => {
    const keys = new ExpiringKeys<number>('k', 2)
    expect(keys.set('late', 1, 9_000)).toEqual([])
    expect(keys.set('early', 2, 5_000)).toEqual([])
    expect(keys.set('new', 3, 7_000)).toEqual([['early', 2]])
    expect([...keys.entries()].map(([key]) => key).sort()).toEqual(['late', 'new'])
  })

  it('write no document for what came and went between two commits', () => {
    const keys = new ExpiringKeys<number>('k', 10)
    keys.set('a', 1, 5_000)
    keys.expire(5_000)
    expect(keys.changes()).toEqual([])
  })

  it('are the same after any number of saves and restores in between', () => {
    const step = fc.oneof(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), until: fc.nat(20_000) }),
      fc.record({ expire: fc.nat(20_000) }),
      fc.constant('restart' as const),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const lasting = new ExpiringKeys<number>('k', 100)
        let restarted = new ExpiringKeys<number>('k', 100)
        const saved = new Map<string, Json>()
        const save = (documents: readonly DocumentValue[]) => {
          for (const { name, value } of documents) value === null ? saved.delete(name) : saved.set(name, value)
        }
        steps.forEach((one, index) => {
          if (one === 'restart') {
            save(restarted.changes())
            restarted = new ExpiringKeys('k', 100)
            restarted.restore([...saved].map(([name, value]) => ({ name, value })))
          } else if ('expire' in one) {
            expect(restarted.expire(one.expire).sort()).toEqual(lasting.expire(one.expire).sort())
          } else {
            lasting.set(one.key, index, one.until)
            restarted.set(one.key, index, one.until)
          }
        })
        expect([...restarted.entries()].sort()).toEqual([...lasting.entries()].sort())
      }),
    )
  })
})
