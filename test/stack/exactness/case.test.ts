import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isKept, type Kept, numbersOf, parseCase, part, sizeOf, without } from './case.ts'
import { CaseArbitrary, caseOf, smaller } from './case-arbitrary.ts'
import { profileNames } from './profiles.ts'

const ranges: fc.Arbitrary<Kept> = fc
  .array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 9 })), { maxLength: 5 })
  .map(gaps => {
    let at = 0
    return gaps.map(([gap, length]) => {
      const from = at + gap
      at = from + length + 1
      return [from, from + length] as const
    })
  })

describe('ranges of kept numbers', () => {
  it('split into a part and what is without it', () => {
    fc.assert(
      fc.property(ranges, fc.nat(30), fc.nat(30), (kept, from, length) => {
        const all = [...numbersOf(kept)]
        expect([...numbersOf(part(kept, from, from + length))]).toEqual(all.slice(from, from + length))
        expect([...numbersOf(without(kept, from, from + length))]).toEqual([
          ...all.slice(0, from),
          ...all.slice(from + length),
        ])
      }),
    )
  })

  it('have a size and hold their numbers', () => {
    fc.assert(
      fc.property(ranges, fc.nat(60), (kept, number) => {
        const all = [...numbersOf(kept)]
        expect(sizeOf(kept)).toBe(all.length)
        expect(isKept(kept, number)).toBe(all.includes(number))
      }),
    )
  })
})

describe('a case', () => {
  const everyCase = fc.tuple(fc.nat(), fc.constantFrom(...profileNames)).map(([seed, profile]) => caseOf(seed, profile))

  it('is the same again from its JSON', () => {
    fc.assert(fc.property(everyCase, round => expect(parseCase(JSON.stringify(round))).toEqual(round)))
  })

  it('is refused where its JSON is of something else', () => {
    expect(() => parseCase('{"seed":1}')).toThrow()
  })

  it('becomes only smaller, to the last connection', () => {
    fc.assert(
      fc.property(everyCase, fc.array(fc.nat(), { maxLength: 12 }), (first, choices) => {
        let round = first
        for (const choice of choices) {
          const candidates = [...smaller(round)]
          for (const { connections, actions, replicas } of candidates) {
            expect(sizeOf(connections)).toBeGreaterThan(0)
            expect([sizeOf(connections) + sizeOf(actions), replicas]).not.toEqual([
              sizeOf(round.connections) + sizeOf(round.actions),
              round.replicas,
            ])
            expect(sizeOf(connections)).toBeLessThanOrEqual(sizeOf(round.connections))
            expect(sizeOf(actions)).toBeLessThanOrEqual(sizeOf(round.actions))
          }
          round = candidates[choice % candidates.length] ?? round
        }
      }),
      { numRuns: 30 },
    )
  })

  it('is found by its fault: of a hundred connections the one that matters is left', () => {
    const details = fc.check(
      fc.property(new CaseArbitrary(['everyday']), ({ connections }) => !isKept(connections, 17)),
      { seed: 7 },
    )
    const [smallest] = details.counterexample ?? []
    expect(smallest?.connections).toEqual([[17, 18]])
    expect(smallest?.actions).toEqual([])
    expect(smallest?.replicas).toBe(1)
  })
})
