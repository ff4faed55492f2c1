import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPolicy } from '../../../policy/language/format.ts'
import { parsePolicy, parsePolicyYaml } from '../../../policy/language/parse.ts'
import { printPolicy, printPolicyYaml } from '../../../policy/language/print.ts'
import { bare, policyArbitrary } from './arbitrary.ts'

describe('a printed policy', () => {
  it('is read as the same policy in the text form', () => {
    fc.assert(
      fc.property(policyArbitrary, policy => {
        const { policy: read, problems } = parsePolicy(printPolicy(policy), 'test')
        expect(problems.filter(({ level }) => level === 'error')).toEqual([])
        expect(bare(read)).toEqual(bare(policy))
      }),
      { numRuns: 80 },
    )
  })

  it('is read as the same policy in the YAML form', () => {
    fc.assert(
      fc.property(policyArbitrary, policy => {
        const { policy: read, problems } = parsePolicyYaml(printPolicyYaml(policy), 'test')
        expect(problems.filter(({ level }) => level === 'error')).toEqual([])
        expect(bare(read)).toEqual(bare(policy))
      }),
      { numRuns: 50 },
    )
  })

  it('has the layout of the formatter', () => {
    fc.assert(
      fc.property(policyArbitrary, policy => {
        const text = printPolicy(policy)
        expect(formatPolicy(text)).toEqual({ ok: true, text })
      }),
      { numRuns: 50 },
    )
  })
})
