import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LabelTree } from '../../../service/series/label-tree.ts'
import { hostileText } from './fixtures.ts'

type Step = { readonly tuple: readonly [string, string, string]; readonly set: boolean }

const step: fc.Arbitrary<Step> = fc.record({
  tuple: fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('', '|', 'a'), hostileText),
  set: fc.boolean(),
})

describe('the label tree', () => {
  it('holds what a map by the JSON of the tuple holds, after any sets and deletions', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), steps => {
        const tree = new LabelTree<number>(3)
        const model = new Map<string, number>()
        for (const [index, { tuple, set }] of steps.entries()) {
          if (set) {
            tree.set(tuple, index)
            model.set(JSON.stringify(tuple), index)
          } else {
            tree.delete(tuple)
            model.delete(JSON.stringify(tuple))
          }
        }
        for (const { tuple } of steps) expect(tree.get(tuple)).toBe(model.get(JSON.stringify(tuple)))
      }),
    )
  })

  it('has one place where there are no labels', () => {
    const tree = new LabelTree<string>(0)
    tree.set([], 'x')
    expect(tree.get([])).toBe('x')
  })
})
