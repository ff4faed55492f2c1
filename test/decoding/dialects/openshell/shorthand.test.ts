import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { consoleTextIn } from '../../../../decoding/console-text.ts'
import { decode, injected, labelsOutsideTheirSets, summaryOf, syntheticLines } from '../guard-records.ts'

const lines = syntheticLines('openshell/shorthand.synthetic.log')
const summary = (line: string) => summaryOf(decode(line).decoding)
const held = (line: string) => consoleTextIn(Buffer.from(line), 0, Buffer.byteLength(line), undefined)

describe("OpenShell's log in plain text", () => {
  it('brings denials only, without engine, policy and reason', () => {
    expect(lines.map(summary)).toEqual([
      'no_signal',
      'policy_decisions openshell-shorthand other deny',
      'policy_decisions openshell-shorthand other deny',
      'no_signal',
      'auth_failures guard unauthorized',
      'no_signal',
      'no_signal',
      'no_signal',
      'no_signal',
      'no_signal',
    ])
  })

  it('is the same behind the header of `openshell logs`, which gives the time', () => {
    const record = (lines[1] ?? '').replace(/^\S+ OCSF /, '')
    const { decoder, decoding } = decode(`[1775016254.058] [sandbox] [OCSF ] [ocsf] ${record}`)
    expect([decoder, summaryOf(decoding), decoding.time]).toEqual([
      'openshell-shorthand',
      'policy_decisions openshell-shorthand other deny',
      1_775_016_254_058,
    ])
    expect(summary(record)).toBe('bad_time')
  })

  it('takes no word of an agent for a decision, a policy or an engine', () => {
    fc.assert(
      fc.property(injected, text => {
        const line = `2026-04-01T04:04:13.058Z OCSF NET:OPEN [INFO] ALLOWED ${text}(1) -> ${text} [policy:- engine:opa]`
        expect(['no_signal', 'line_too_long']).toContain(summary(line))
        const denial = decode(`2026-04-01T04:04:13.058Z OCSF NET:OPEN [MED] DENIED ${text} -> x`)
        expect(summaryOf(denial.decoding)).toBe('policy_decisions openshell-shorthand other deny')
        expect(labelsOutsideTheirSets(denial)).toEqual([])
      }),
    )
  })

  it('makes records near it doubtful, as an agent can break a line: also behind the header of `openshell logs`', () => {
    expect(held(lines[1] ?? '')).toBe('bare')
    expect(held('[1775016254.058] [sandbox] [OCSF ] [ocsf] NET:OPEN [MED] DENIED x(1) -> y')).toBe('bare')
    expect(held(`2026-04-01T04:04:13.058Z stdout F ${lines[1]}`)).toBe('wrapped')
    expect(held(`openclaw-1  | \u001b[32m${lines[1]}`)).toBe('wrapped')
    expect(held('EVENT [INFO] of another program')).toBeUndefined()
    expect(held('[gateway] {"time":"2026-04-01T04:04:13.058Z"}')).toBeUndefined()
  })
})
