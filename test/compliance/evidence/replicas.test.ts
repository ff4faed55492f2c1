import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { greatestSuccession, isReplaced, type Member } from '../../../compliance/evidence/replicas.ts'
import { HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'

const member = (first: number, last: number, total: number): Member => ({
  first: first * HOUR_MS,
  last: last * HOUR_MS,
  total,
})

describe('series that count the same events', () => {
  it('are one where they are scraped at the same time', () => {
    expect(greatestSuccession([member(0, 100, 5), member(0, 100, 7), member(40, 60, 6)])).toEqual([1])
  })

  it('are added where one replaces the other', () => {
    expect(greatestSuccession([member(50, 100, 4), member(0, 50, 8)])).toEqual([1, 0])
  })

  it('are added where both are scraped for some minutes', () => {
    const members = [member(0, 50, 8), { ...member(0, 100, 4), first: 50 * HOUR_MS - 10 * MINUTE_MS }]
    expect(greatestSuccession(members)).toEqual([0, 1])
  })

  it('are one where both are scraped for some minutes only', () => {
    const minutes = (first: number, last: number, total: number) => ({
      ...member(0, 0, total),
      first: first * MINUTE_MS,
      last: last * MINUTE_MS,
    })
    expect(greatestSuccession([minutes(0, 9, 5), minutes(1, 10, 6)])).toEqual([1])
    expect(greatestSuccession([minutes(5, 5, 5), minutes(5, 5, 5)])).toEqual([0])
  })

  it('give the greatest sum of members of which none counts at the time of another', () => {
    const arbitrary = fc.array(
      fc.tuple(fc.nat(20), fc.nat(20), fc.nat(9)).map(([one, other, total]) => {
        return member(Math.min(one, other), Math.max(one, other), total)
      }),
      { minLength: 1, maxLength: 8 },
    )
    const areApart = (members: readonly Member[]) =>
      members.slice(1).every((member, index) => isReplaced(members[index] as Member, member))
    const sum = (members: readonly Member[]) => members.reduce((all, { total }) => all + total, 0)
    fc.assert(
      fc.property(arbitrary, members => {
        const chosen = greatestSuccession(members).map(index => members[index] as Member)
        const sorted = members.toSorted((one, other) => one.last - other.last || one.first - other.first)
        let greatest = 0
        for (let set = 1; set < 2 ** sorted.length; set++) {
          const some = sorted.filter((_, index) => (set >> index) % 2 === 1)
          if (areApart(some)) greatest = Math.max(greatest, sum(some))
        }
        expect(sum(chosen)).toBe(greatest)
        expect(areApart(chosen)).toBe(true)
      }),
    )
  })
})
