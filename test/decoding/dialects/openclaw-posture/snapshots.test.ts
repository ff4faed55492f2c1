import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { severities } from '../../../../core/labels/event.ts'
import { postureChecks } from '../../../../core/labels/posture-checks.ts'
import { checkOf } from '../../../../decoding/dialects/openclaw-posture/checks.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { findingKey } from '../../../../decoding/toolkit/posture.ts'

const { decode } = createDispatcher(dialects)
const NOW = Date.UTC(2026, 10, 24)

const captured = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/openclaw/posture/${name}`, import.meta.url), 'utf8'))

function snapshotOf(body: Record<string, unknown>) {
  const { decoding } = decode({ id: '1', body })
  if (decoding.kind !== 'posture_snapshot') throw new Error(`not a snapshot but ${JSON.stringify(decoding)}`)
  return decoding
}

const inWords = (body: Record<string, unknown>) =>
  snapshotOf(body).snapshot.findings.map(finding => `${findingKey(finding).trim()} ${finding.severity}`)

const audit = (findings: unknown) => ({ ts: NOW, summary: { critical: 0 }, findings, secretDiagnostics: [] })

describe('a snapshot of the security audit', () => {
  it('has each finding of a used gateway, at the time of the audit', () => {
    const { time, snapshot } = snapshotOf(captured('security-audit.real.json'))
    expect(time).toBe(1_795_330_279_243)
    expect(snapshot.producer).toBe('openclaw-audit')
    expect(inWords(captured('security-audit.real.json'))).toEqual([
      'summary.attack_surface info',
      'hooks.default_session_key_unset medium',
      'hooks.allowed_agent_ids_unrestricted medium',
      'gateway.http.session_key_override_enabled info',
      'config.secrets.hooks_token_in_config info',
    ])
    expect(snapshot.findings[1]?.summary).toBe('hooks.defaultSessionKey is not configured')
  })

  it('names what a finding of a bad configuration is about: the flag, the channel', () => {
    const words = inWords(captured('security-audit-bad.real.json'))
    expect(words).toContain(
      'config.insecure_or_dangerous_flags gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback=true medium',
    )
    expect(words).toContain('tools.elevated.allowFrom.<provider>.wildcard telegram critical')
    expect(words).toContain('gateway.bind_no_auth critical')
    expect(words).toHaveLength(13)
  })

  it('reports the dangerous flags and the suppressed checks, also where there are none', () => {
    const facts = (body: Record<string, unknown>) => snapshotOf(body).snapshot.facts
    expect(facts(captured('security-audit-bad.real.json')).flags).toEqual([
      'gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback=true',
    ])
    const suppressed = { suppressedFindings: [{ checkId: 'models.legacy' }, { checkId: 'fs.synced_dir' }] }
    expect(facts({ ...audit([]), ...suppressed }).suppressions).toEqual(['fs.synced_dir', 'models.legacy'])
    expect(facts(audit([]))).toEqual({ flags: [], suppressions: [] })
  })

  it('numbers what is there several times without a target of its own', () => {
    const one = { checkId: 'models.legacy', severity: 'warn', title: 'old' }
    expect(inWords(audit([one, one, one]))).toEqual([
      'models.legacy medium',
      'models.legacy #2 medium',
      'models.legacy #3 medium',
    ])
  })

  it('is not believed without a time', () => {
    expect(decode({ id: '1', body: { ...audit([]), ts: 'now' } }).decoding).toEqual({
      kind: 'undecoded',
      reason: 'bad_time',
    })
  })
})

describe('a snapshot of the doctor', () => {
  const doctor = (name: string) => ({ ...captured(name), '@timestamp': '2026-11-24T00:00:00.000Z' })

  it("has the audit's finding where it repeats one, with the audit's severity", () => {
    expect(inWords(doctor('doctor-lint-bad.real.json'))).toEqual([
      'gateway.bind_no_auth critical',
      'core/doctor/heartbeat-cadence-migration main medium',
    ])
    expect(inWords(doctor('doctor-lint.real.json'))).toEqual([
      'core/doctor/node-hosting-preconditions gateway.bind medium',
      'config.plaintext_secrets medium',
    ])
  })

  it('has the time of its envelope where it has none of its own', () => {
    const line = JSON.stringify({
      log: `${JSON.stringify(captured('doctor-lint.real.json'))}\n`,
      stream: 'stdout',
      time: '2026-11-24T00:00:00.000000000Z',
    })
    expect(decode({ id: '1', body: line }).decoding).toMatchObject({ kind: 'posture_snapshot', time: NOW })
    expect(decode({ id: '1', body: captured('doctor-lint.real.json') }).decoding).toEqual({
      kind: 'undecoded',
      reason: 'bad_time',
    })
  })
})

describe('a snapshot of the policy check', () => {
  it('has each target of one check, and the hashes of policy and workspace', () => {
    const { snapshot } = snapshotOf(captured('policy-check.real.json'))
    expect(inWords(captured('policy-check.real.json'))).toEqual([
      'policy/gateway-http-endpoint-enabled oc://openclaw.config/gateway/http/endpoints/chatCompletions/enabled high',
      'policy/tools-elevated-enabled oc://openclaw.config/agents/entries/main/tools/elevated/enabled high',
      'policy/tools-elevated-enabled oc://openclaw.config/tools/elevated/enabled high',
    ])
    expect(snapshot.facts).toEqual({
      policy_hash: ['sha256:3b9f45c64eec296563d86229b15c1a0515e5db119cf79c6fa47d79aec1e6b883'],
      workspace_hash: ['sha256:756f8cd61f567a1f645397eba8f92a0a995c7c7558a63554ebda0bf29a118c5d'],
    })
  })
})

it('the status reports the version of OpenClaw', () => {
  const body = { ...captured('status.real.json'), '@timestamp': '2026-11-24T00:00:00.000Z' }
  expect(snapshotOf(body).snapshot).toEqual({
    producer: 'openclaw-status',
    findings: [],
    facts: { openclaw_version: ['2026.9.6'] },
  })
})

it('the log reports the plugins and the Node.js of a gateway that has started', () => {
  const log = readFileSync(
    new URL('../../../fixtures/openclaw/openclaw-2026.9.6-file-log.real.jsonl', import.meta.url),
    'utf8',
  )
  const line = log.split('\n').find(each => each.includes('http server listening')) ?? ''
  const { origin, snapshot } = snapshotOf(JSON.parse(line))
  expect(origin).toEqual({ host: 'vm' })
  expect(snapshot.producer).toBe('openclaw-log')
  expect(snapshot.facts.node_version).toEqual(['26.10.0'])
  expect(snapshot.facts.plugins).toHaveLength(14)
  expect(snapshot.facts.plugins?.slice(0, 2)).toEqual(['anthropic', 'browser'])
})

describe('the id of a check', () => {
  it.each([
    ['channels.telegram.dm.open', 'channels.<provider>.dm.open', 'telegram'],
    ['channels.slack.warning.3', 'channels.<provider>.warning', 'slack.3'],
    [
      'channels.irc.dm.wildcard_routing_unverified.main',
      'channels.<provider>.dm.wildcard_routing_unverified',
      'irc.main',
    ],
    ['channels.dm.session_collision.a.2', 'channels.dm.session_collision', 'a.2'],
    ['plugins.acme.security_audit_failed', 'plugins.<plugin>.security_audit_failed', 'acme'],
    ['gateway.bind_no_auth', 'gateway.bind_no_auth', ''],
    ['other', 'other', 'other'],
    ['constructor', 'other', 'constructor'],
    ['new.check', 'other', 'new.check'],
  ])('%s is the check %s', (id, check, target) => {
    expect(checkOf(id)).toEqual({ check, target })
  })

  it('is a documented one by its own name', () => {
    for (const check of postureChecks) {
      if (!check.includes('<')) expect(checkOf(check).check).toBe(check)
    }
  })
})

it('whatever a snapshot contains, its labels are of the closed sets, and no finding is there twice', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom(...postureChecks, 'channels.x.dm.open', '__proto__'))
  const finding = fc.oneof(
    fc.anything(),
    fc.record({ checkId: text, severity: text, title: text, detail: text, target: text, requirement: text }),
  )
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 30 }), findings => {
      const bodies = [
        audit(findings),
        { schemaVersion: 1, checksRun: 1, checksSkipped: 0, findings, ts: NOW },
        { attestation: { checkedAt: new Date(NOW).toISOString() }, checksRun: 1, findings },
      ]
      for (const body of bodies) {
        const { snapshot } = snapshotOf(body)
        for (const { check, severity } of snapshot.findings) {
          expect(postureChecks).toContain(check)
          expect(severities).toContain(severity)
        }
        const keys = snapshot.findings.map(findingKey)
        expect(new Set(keys).size).toBe(keys.length)
      }
    }),
  )
})
