import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { realSecurityEvents, summaryOf } from '../../fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Record<string, unknown>) => dispatcher.decode({ id: '1', body })

/** A synthetic event of an action that no capture holds, in the attributes of an OpenTelemetry log record. */
function attributes(action: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    'openclaw.security.action': action,
    'openclaw.security.event_id': '9242baec-521d-4172-bf9a-b3e22332d1c3',
    'openclaw.security.severity': 'medium',
    'openclaw.security.outcome': 'denied',
    ...more,
  }
}

const decided = (decision: string) => ({ 'openclaw.security.attribute.decision': decision })
const because = (reason: string) => ({ 'openclaw.security.reason': reason })

const record = (attributes: Record<string, unknown>) => ({
  ts: '2026-11-22T12:00:00.000Z',
  signal: 'openclaw.diagnostic.log',
  'service.name': 'openclaw-gateway',
  severityText: 'WARN',
  body: 'openclaw.security.event',
  attributes,
})

describe('the security.event stream', () => {
  it('gives stream, time, device and service', () => {
    const { decoder, decoding } = decode(
      JSON.stringify(
        record(
          attributes('gateway.auth.failed', {
            'openclaw.security.reason': 'device_token_mismatch',
            'openclaw.security.actor.device_id_hash': 'sha256:803c55bb1770',
            'openclaw.security.attribute.auth_provided': 'device-token',
          }),
        ),
      ),
    )
    expect(decoder).toBe('security-event')
    expect(decoding).toMatchObject({
      kind: 'claim',
      claim: {
        signal: 'auth_failures',
        labels: { mechanism: 'device_token', reason: 'device_token_mismatch' },
        stream: 'security-event',
        time: Date.parse('2026-11-22T12:00:00.000Z'),
        origin: { service: 'openclaw-gateway' },
        actor: { device: 'sha256:803c55bb1770' },
      },
    })
  })

  it.each([
    ['exec.approval.requested', {}, 'approvals asked'],
    ['exec.approval.approved', decided('allow-once'), 'approvals granted'],
    ['exec.approval.approved', decided('allow-always'), 'approvals granted'],
    ['exec.approval.approved', decided('auto-review'), 'approvals automatic'],
    ['exec.approval.approved', decided('standing-grant'), 'approvals automatic'],
    ['exec.approval.approved', decided('of-tomorrow'), 'approvals automatic'],
    ['exec.approval.approved', {}, 'approvals automatic'],
    ['exec.approval.denied', { ...decided('deny'), ...because('user-denied') }, 'approvals denied'],
    ['exec.approval.denied', decided('auto-review'), 'approvals denied'],
    ['exec.approval.denied', { ...decided('allow-once'), ...because('unknown') }, 'approvals denied'],
    ['exec.approval.denied', because('approval-timeout'), 'approvals expired'],
    ['exec.approval.denied', because('approval-timeout: allowlist-miss'), 'approvals expired'],
    ['exec.approval.denied', because('unknown'), 'approvals expired'],
    ['exec.approval.denied', { ...because('unknown'), 'openclaw.security.attribute.ask': 'off' }, 'approvals denied'],
    ['exec.approval.denied', because('approval-request-failed'), 'approvals denied'],
    ['exec.approval.denied', {}, 'approvals denied'],
    [
      'tool.execution.blocked',
      { 'openclaw.security.policy.id': 'tool-loop-detection' },
      'policy_decisions openclaw-tools tool_loop deny',
    ],
    [
      'tool.execution.blocked',
      { 'openclaw.security.policy.id': 'of-tomorrow' },
      'policy_decisions openclaw-tools other deny',
    ],
    ['device.pairing.denied', {}, 'policy_decisions openclaw-device pairing_administration deny'],
    ['device.token.rotation_denied', {}, 'policy_decisions openclaw-device token_scope deny'],
    ['plugin.installed', {}, 'posture_drifts plugin_installed medium'],
    ['plugin.audit.failed', {}, 'policy_decisions openclaw-plugins code_scan deny'],
    ['security.audit.completed', { 'openclaw.security.outcome': 'success' }, 'no_signal'],
    ['gateway.auth.failed', { 'openclaw.security.reason': 'unknown' }, 'auth_failures other other'],
    ['an.action.of.tomorrow', {}, 'undecoded unknown_template'],
  ])('decodes %s %j to %s', (action, more, expected) => {
    expect(summaryOf(decode(record(attributes(action, more))).decoding)).toBe(expected)
  })

  it('reads attributes dotted or nested, at the root or below `attributes`', () => {
    const nested = { openclaw: { security: { action: 'exec.approval.denied', severity: 'high' } } }
    const dotted = attributes('exec.approval.denied')
    const at = { '@timestamp': '2026-11-22T12:00:00.000Z' }
    for (const body of [
      { ...at, ...dotted },
      { ...at, ...nested },
      { ...at, attributes: nested },
      { ...at, Attributes: dotted },
    ]) {
      expect(summaryOf(decode(body).decoding)).toBe('approvals denied')
    }
  })

  it('takes an event bare as well as wrapped', () => {
    for (const line of realSecurityEvents) {
      expect(decode(JSON.parse(line).event)).toEqual(decode(line))
    }
  })

  it('says so when the record names itself one and holds none', () => {
    expect(decode({ ...record({}), ts: undefined }).decoding).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })
})
