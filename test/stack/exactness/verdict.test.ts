import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Outcome } from './oracle.ts'
import { verdict } from './verdict.ts'

const led = 'clawtrust_pair_exceptions_total{exception="leading_after_partner"}'
const beyond = 'clawtrust_beyond_overlap_total{}'

const way = (counts: Record<string, number>, exceptions: Outcome['exceptions'] = {}): Outcome => ({
  counts,
  exceptions,
})
/** Counted as the leading line says, or as its partner says, which is named. */
const open = [way({ a: 1 }), way({ b: 3 }, { leadingAfterPartner: [1, 1] })]
/** The same where both say the same. */
const equal = [way({ c: 1 }, { leadingAfterPartner: [0, 1] })]
/** Counted, or too late for it. */
const late = [way({ d: 1 }), way({}, { beyondOverlap: [1, 1] })]

describe('the verdict', () => {
  it('is true where every series is the sum of what must be counted', () => {
    expect(
      verdict(
        [[way({ a: 2 })], [way({ a: 1, b: 1 })], [way({})]],
        new Map([
          ['a', 3],
          ['b', 1],
        ]),
      ),
    ).toEqual([])
  })

  it.each([
    ['more', 4, 'a is 4, 1 more than the truth'],
    ['fewer', 2, 'a is 2, 1 fewer than the truth'],
  ])('names a series that is %s', (_, is, sentence) => {
    expect(verdict([[way({ a: 3 })]], new Map([['a', is]]))).toEqual([sentence])
  })

  it('names a series that should not be there, and one that is missing', () => {
    expect(verdict([[way({ a: 1 })]], new Map([['b', 1]]))).toEqual([
      'b is 1, 1 more than the truth',
      'a is 0, 1 fewer than the truth',
    ])
  })

  it('finds how many went which way, and holds the counter that names them to it', () => {
    const outcomes = [open, open, open, equal]
    const exposed = (named: number) =>
      new Map([
        ['a', 1],
        ['b', 6],
        ['c', 1],
        [led, named],
      ])
    expect(verdict(outcomes, exposed(2))).toEqual([])
    expect(verdict(outcomes, exposed(3))).toEqual([])
    expect(verdict(outcomes, exposed(1))).toEqual([`${led} is 1, where 2 to 3 must be named`])
    expect(verdict(outcomes, exposed(4))).toEqual([`${led} is 4, where 2 to 3 must be named`])
  })

  it('finds a choice where several ways move the same series', () => {
    const three = [way({ a: 1 }), way({ b: 1 }, { leadingAfterPartner: [1, 1] }), way({}, { beyondOverlap: [1, 1] })]
    const other = [way({ b: 1 }), way({ a: 1 }, { leadingAfterPartner: [1, 1] }), way({}, { beyondOverlap: [1, 1] })]
    const outcomes = [three, three, three, other, other, other]
    const exposed = (named: number, missed: number) =>
      new Map([
        ['a', 4],
        ['b', 1],
        [led, named],
        [beyond, missed],
      ])
    expect(verdict(outcomes, exposed(1, 1))).toEqual([])
    expect(verdict(outcomes, exposed(3, 1))).toEqual([])
    expect(verdict(outcomes, exposed(5, 1))).not.toEqual([])
    expect(verdict(outcomes, exposed(1, 0))).not.toEqual([])
  })

  it('does not take one event that is counted in both ways for two that went two ways', () => {
    expect(
      verdict(
        [open],
        new Map([
          ['a', 1],
          ['b', 3],
          [led, 1],
        ]),
      ),
    ).not.toEqual([])
  })

  it('asks for a counter of what is not counted', () => {
    expect(
      verdict(
        [late, late],
        new Map([
          ['d', 1],
          [beyond, 1],
        ]),
      ),
    ).toEqual([])
    expect(verdict([late, late], new Map([['d', 1]]))).toEqual([`${beyond} is not exposed, where 1 must be named`])
    expect(
      verdict(
        [late, late],
        new Map([
          ['d', 2],
          [beyond, 1],
        ]),
      ),
    ).toEqual([`${beyond} is 1, where 0 must be named`])
  })

  it('is true for every choice of ways, and false where one series is off by one', () => {
    const groups = [open, equal, late, [way({ e: 2 })], [way({ a: 1 })]]
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(groups.length - 1), fc.nat(1)), { minLength: 1 }),
        fc.nat(),
        (drawn, off) => {
          const exposed = new Map<string, number>([
            [led, 0],
            [beyond, 0],
          ])
          const add = (name: string, by: number) => exposed.set(name, (exposed.get(name) ?? 0) + by)
          const outcomes = drawn.map(([group]) => groups[group] ?? [])
          for (const [index, [, choice]] of drawn.entries()) {
            const ways = outcomes[index] ?? []
            const { counts, exceptions } = ways[choice % ways.length] as Outcome
            for (const [series, count] of Object.entries(counts)) add(series, count)
            add(led, exceptions.leadingAfterPartner?.[0] ?? 0)
            add(beyond, exceptions.beyondOverlap?.[0] ?? 0)
          }
          expect(verdict(outcomes, exposed)).toEqual([])
          const names = [...exposed.keys()].filter(name => name !== led && name !== beyond)
          const name = names[off % names.length]
          if (name === undefined) return
          add(name, 1)
          expect(verdict(outcomes, exposed)).not.toEqual([])
        },
      ),
    )
  })
})
