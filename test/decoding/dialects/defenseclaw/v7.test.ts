import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decode, injected, labelsOutsideTheirSets, poison, summaryOf, syntheticLines } from '../guard-records.ts'

const lines = syntheticLines('defenseclaw/v7.synthetic.jsonl')
const summary = (line: string) => summaryOf(decode(line).decoding)

describe('DefenseClaw 7', () => {
  it('counts the final verdict, egress, refused callers and drifts', () => {
    expect(lines.map(summary)).toEqual([
      ...Array(5).fill('no_signal'),
      'policy_decisions defenseclaw-guardrail other allow',
      'policy_decisions defenseclaw-guardrail other allow',
      'policy_decisions defenseclaw-guardrail other allow',
      'policy_decisions defenseclaw-guardrail other ask',
      'policy_decisions defenseclaw-guardrail other deny',
      'policy_decisions defenseclaw-guardrail other audit',
      'policy_decisions defenseclaw-guardrail other audit',
      'no_signal',
      'auth_failures guard unauthorized',
      'no_signal',
      'policy_decisions defenseclaw-egress egress_shape deny',
      'policy_decisions defenseclaw-egress egress_known allow',
      'posture_drifts guard_policy_changed medium',
      'posture_drifts guard_config_changed medium',
      'posture_drifts guard_finding high',
      'no_signal',
      'no_signal',
      'no_signal',
      'posture_drifts guard_fail_open high',
      'unknown_template',
      'unknown_version',
    ])
  })

  it('brings no address, identity or device, and no text of a field into a label', () => {
    const spared = new Set(['ts', 'event_type'])
    fc.assert(
      fc.property(fc.constantFrom(...lines), injected, fc.boolean(), (line, text, inside) => {
        const decoded = decode(poison(line, text, spared, inside))
        expect(decoded.decoder).toBe('defenseclaw-v7')
        expect(labelsOutsideTheirSets(decoded)).toEqual([])
        if (decoded.decoding.kind === 'claim') expect(decoded.decoding.claim.actor).toEqual({})
      }),
      { numRuns: 1_000 },
    )
  })

  it('shows its version and mode, and a decision that was not inspected', () => {
    const reported = lines.map(line => decode(line).guard)
    expect(reported[12]).toMatchObject({ version: '7.4.1', mode: 'enforce', inspects: true })
    expect(reported.flatMap(each => each?.condition ?? [])).toEqual([
      { part: 'managed_aid_fail_open', state: 'fail_open' },
    ])
  })
})
