import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Top } from '../../core/top.ts'

describe('the top of many items', () => {
  it('is what sorting all of them and taking the first gives, equal ones in their order', () => {
    const items = fc.array(fc.record({ rank: fc.nat(5), id: fc.nat() }))
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const top = new Top<{ rank: number; id: number }>(most, (a, b) => a.rank - b.rank)
        for (const item of all) top.add(item)
        expect(top.list()).toEqual(all.toSorted((a, b) => a.rank - b.rank).slice(0, most))
      }),
    )
  })
})
