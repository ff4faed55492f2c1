import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { distinctFindings, type Finding, factValues, findingKey } from '../../../decoding/toolkit/posture.ts'

const anyFinding: fc.Arbitrary<Finding> = fc.record({
  check: fc.constantFrom('other', 'identity.unused', 'gateway.bind_no_auth'),
  target: fc.constantFrom('', 'telegram', 'slack', 'main'),
  severity: fc.constantFrom('info', 'high'),
  summary: fc.string({ maxLength: 3 }),
})

describe('the findings of a snapshot', () => {
  it('are each there once, and further ones of an identity are numbered, however many there are', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 40 }), findings => {
        const seen = new Map<string, number>()
        const numbered = findings.map(finding => {
          const repeat = (seen.get(findingKey(finding)) ?? 0) + 1
          seen.set(findingKey(finding), repeat)
          return repeat === 1 ? finding : { ...finding, target: `${finding.target}#${repeat}` }
        })
        expect(distinctFindings(findings)).toEqual(numbered)
      }),
    )
  })
})

describe('the values of a fact', () => {
  it('are each there once and sorted, in whatever order a producer writes them', () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'B', 'ä', '', '\u{1f600}', '\uffff'), { maxLength: 8 })
    fc.assert(fc.property(values, written => expect(factValues(written)).toEqual([...new Set(written)].sort())))
  })
})
