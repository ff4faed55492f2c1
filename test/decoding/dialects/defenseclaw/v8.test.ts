import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decode, injected, labelsOutsideTheirSets, poison, summaryOf, syntheticLines } from '../guard-records.ts'

const lines = syntheticLines('defenseclaw/v8.synthetic.jsonl')
const summary = (line: string) => summaryOf(decode(line).decoding)
const named = (name: string) => lines.filter(line => JSON.parse(line).event_name === name)

describe('DefenseClaw 8', () => {
  it('counts of the records of one decision its evaluation, and of its phases the last', () => {
    // The phases, the hook, the enforcement and the finding of one block.
    expect(lines.slice(0, 10).map(summary)).toEqual([
      ...Array(5).fill('no_signal'),
      'policy_decisions defenseclaw-guardrail guardrail_input deny',
      ...Array(4).fill('no_signal'),
    ])
    expect(named('tool.invocation.blocked').map(summary)).toEqual(['no_signal'])
  })

  it('takes what would be blocked, and what the mode observe does not block, for decision audit', () => {
    const evaluated = named('guardrail.evaluation.completed').slice(5).map(summary)
    expect(evaluated).toEqual([
      'policy_decisions defenseclaw-guardrail guardrail_output allow',
      'policy_decisions defenseclaw-guardrail guardrail_output allow',
      'policy_decisions defenseclaw-guardrail guardrail_tool ask',
      'policy_decisions defenseclaw-guardrail guardrail_tool audit',
      'policy_decisions defenseclaw-guardrail guardrail_tool audit',
      'policy_decisions defenseclaw-guardrail other deny',
      'unknown_version',
    ])
  })

  it('counts egress, refused callers, approvals, drifts and losses', () => {
    expect(lines.slice(19).map(summary)).toEqual([
      'no_signal',
      'policy_decisions defenseclaw-egress egress_known deny',
      'policy_decisions defenseclaw-egress egress_shape deny',
      'policy_decisions defenseclaw-egress egress_passthrough deny',
      'policy_decisions defenseclaw-egress egress_chat deny',
      'policy_decisions defenseclaw-egress egress_private_upstream deny',
      'policy_decisions defenseclaw-egress egress_known allow',
      'auth_failures guard unauthorized',
      'auth_failures guard unauthorized',
      'policy_decisions defenseclaw-authorization other deny',
      'approvals asked',
      'approvals granted',
      'approvals automatic',
      'approvals automatic',
      'approvals denied',
      'approvals expired',
      'approvals expired',
      'no_signal',
      'posture_drifts guard_config_changed info',
      'posture_drifts guard_policy_rejected high',
      'posture_drifts guard_policy_changed medium',
      'posture_drifts guard_policy_rejected high',
      'posture_drifts guard_asset_changed high',
      'posture_drifts guard_finding high',
      'lost 3',
      'lost 1',
      'lost 1',
      'lost 1',
      'posture_drifts guard_degraded high',
      'no_signal',
      'no_signal',
      'posture_drifts guard_fail_open high',
      'no_signal',
      'no_signal',
      'no_signal',
      'no_signal',
      'unknown_template',
      'unknown_version',
    ])
  })

  it('counts a record once that is sent again', () => {
    const { decoding } = decode(lines[5] ?? '')
    expect(decoding).toMatchObject({ claim: { pair: { key: 'rec-0006', role: 'leading' } } })
  })

  it('brings no address, identity or device, and no text of a field into a label', () => {
    const spared = new Set(['timestamp'])
    fc.assert(
      fc.property(fc.constantFrom(...lines), injected, fc.boolean(), (line, text, inside) => {
        const decoded = decode(poison(line, text, spared, inside))
        expect(decoded.decoder).toBe('defenseclaw-v8')
        expect(labelsOutsideTheirSets(decoded)).toEqual([])
        if (decoded.decoding.kind === 'claim') expect(decoded.decoding.claim.actor).toEqual({})
      }),
      { numRuns: 2_000 },
    )
  })

  it('is not changed by prompts, commands, reasons, targets and names', () => {
    const free = [
      'defenseclaw.guardrail.reason',
      'defenseclaw.guardrail.evidence_summary',
      'defenseclaw.approval.command',
      'defenseclaw.network.target_ref',
      'defenseclaw.finding.title',
      'server.address',
      'user.name',
      'gen_ai.prompt',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.constantFrom(...free), injected, (line, name, text) => {
        const record = JSON.parse(line)
        const correlation = { session_id: text, agent_id: text, run_id: text }
        const poisoned = { ...record, body: { ...record.body, [name]: text }, correlation, connector: text }
        expect(decode(JSON.stringify(poisoned)).decoding).toEqual(decode(line).decoding)
      }),
      { numRuns: 1_000 },
    )
  })

  it('of half a record, of wrong types and of unknown versions is counted by its reason', () => {
    const whole = JSON.parse(lines[5] ?? '')
    expect(summary((lines[5] ?? '').slice(0, 200))).toBe('not_json')
    const changed = (parts: object) => summaryOf(decode(JSON.stringify({ ...whole, ...parts })).decoding)
    for (const timestamp of [undefined, null, 'yesterday', '2026-11-22 10:00:00', {}]) {
      expect(changed({ timestamp })).toBe('bad_time')
    }
    expect(changed({ schema_version: 2 })).toBe('unknown_version')
    expect(changed({ bucket_catalog_version: 9 })).toBe('unknown_version')
    expect(changed({ body: 'text' })).toBe('unknown_template')
    expect(changed({ provenance: undefined })).toBe('unknown_layout')
    const names = Object.keys(whole).filter(name => name !== 'timestamp')
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
        expect(labelsOutsideTheirSets(decode({ ...whole, [name]: value }))).toEqual([])
      }),
    )
  })

  it('takes no number of lost records that cannot be one', () => {
    const [line = ''] = named('telemetry.records.dropped')
    for (const count of [0, -1, 1.5, 1e12, '3', null, {}]) {
      const record = JSON.parse(line)
      record.body['defenseclaw.telemetry.record_count'] = count
      expect(summary(JSON.stringify(record))).toBe('lost 1')
    }
  })

  it('shows its version and mode, whether it inspected something, and the condition of its parts', () => {
    expect(decode(lines[5] ?? '').guard).toMatchObject({ version: '8.0.0', mode: 'enforce', inspects: true })
    expect(decode(named('hook_decision')[0] ?? '').guard).toMatchObject({ inspects: true })
    const conditions = [...named('subsystem.degraded'), ...named('subsystem.restored')].map(
      line => decode(line).guard?.condition,
    )
    expect(conditions).toEqual([
      { part: 'guardrail', state: 'degraded' },
      { part: 'managed_aid_fail_open', state: 'fail_open' },
      undefined,
      { part: 'guardrail', state: 'ready' },
    ])
  })
})
