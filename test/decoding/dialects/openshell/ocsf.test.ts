import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decode, injected, labelsOutsideTheirSets, poison, summaryOf, syntheticLines } from '../guard-records.ts'

const lines = syntheticLines('openshell/ocsf.synthetic.jsonl')
const event = (line: string | undefined) => JSON.parse(line ?? '')
const withMessage = (text: string) => lines.find(line => line.includes(text)) ?? ''
const summary = (line: string) => summaryOf(decode(line).decoding)

describe("OpenShell's OCSF events", () => {
  it('are each what the format says', () => {
    expect(lines.map(summary)).toEqual([
      'policy_decisions openshell-opa named_rule allow',
      'policy_decisions openshell-opa no_matching_rule deny',
      'policy_decisions openshell-ssrf no_matching_rule deny',
      'policy_decisions openshell-mechanistic named_rule deny',
      'policy_decisions openshell-middleware named_rule deny',
      'policy_decisions openshell-supervisor-middleware named_rule deny',
      'policy_decisions openshell-credential-binding named_rule deny',
      'policy_decisions openshell-credentials named_rule deny',
      'policy_decisions openshell-request-authority named_rule deny',
      'policy_decisions openshell-tls named_rule deny',
      'policy_decisions openshell-l7-websocket named_rule deny',
      'policy_decisions openshell-nftables bypass deny',
      'no_signal',
      'policy_decisions openshell-l7 named_rule deny',
      'policy_decisions openshell-l7-graphql named_rule deny',
      'policy_decisions openshell-l7-jsonrpc named_rule deny',
      'policy_decisions openshell-l7-mcp named_rule deny',
      'policy_decisions openshell-l7 named_rule allow',
      'policy_decisions openshell-l7 named_rule audit',
      'policy_decisions openshell-l7 named_rule audit',
      'policy_decisions openshell-l7-websocket named_rule audit',
      'policy_decisions openshell-opa named_rule audit',
      'policy_decisions openshell-other named_rule deny',
      'no_signal',
      'no_signal',
      'auth_failures guard unauthorized',
      'no_signal',
      'no_signal',
      'no_signal',
      'posture_drifts guard_policy_changed info',
      'posture_drifts guard_policy_changed info',
      'no_signal',
      'no_signal',
      'posture_drifts guard_degraded medium',
      'posture_drifts guard_fail_closed high',
      'posture_drifts guard_policy_rejected high',
      'posture_drifts guard_policy_rejected medium',
      'posture_drifts guard_policy_rejected medium',
      'posture_drifts guard_degraded high',
      'approvals asked',
      'approvals granted',
      'approvals denied',
      'posture_drifts guard_degraded high',
      'posture_drifts guard_policy_rejected medium',
      'posture_drifts guard_finding medium',
      'posture_drifts guard_fail_open medium',
      'no_signal',
      'posture_drifts guard_degraded high',
      'no_signal',
      'policy_decisions openshell-opa no_matching_rule deny',
      'policy_decisions openshell-opa no_matching_rule deny',
      'policy_decisions openshell-opa no_matching_rule deny',
      'policy_decisions openshell-opa no_matching_rule deny',
      'posture_drifts guard_policy_changed info',
      'no_signal',
      'unknown_template',
      'unknown_version',
    ])
  })

  it('count a bypass once, by its network event', () => {
    const written = lines.filter(line => line.includes('bypass-detect')).map(summary)
    expect(written).toEqual(['policy_decisions openshell-nftables bypass deny', 'no_signal'])
  })

  it('are one event only where they are equal as a whole, whatever metadata.uid means', () => {
    const keyOf = (body: unknown) => {
      const { decoding } = decode(JSON.stringify(body))
      return decoding.kind === 'claim' ? decoding.claim.pair?.key : undefined
    }
    const [first, second] = lines.filter(line => line.includes('"uid":"sb-7f3a"},"device"'))
    expect(keyOf(event(first))).toBe(keyOf(event(first)))
    // Both have the id of the sandbox.
    expect(event(first).metadata.uid).toBe(event(second).metadata.uid)
    expect(keyOf(event(first))).not.toBe(keyOf(event(second)))
    const { uid: _uid, ...anonymous } = event(first).metadata
    expect(keyOf({ ...event(first), metadata: anonymous })).toBeUndefined()
    const other = fc.constantFrom('time', 'severity_id', 'message', 'actor', 'dst_endpoint', 'firewall_rule')
    fc.assert(
      fc.property(other, fc.string(), (name, text) => {
        expect(keyOf({ ...event(first), [name]: name === 'time' ? 1_795_331_099_000 : { text } })).not.toBe(
          keyOf(event(first)),
        )
      }),
    )
  })

  it('bring no address, identity or device, and no text of theirs into a label, whatever is written into any field', () => {
    const spared = new Set(['vendor_name', 'version', 'hostname'])
    const line = fc.constantFrom(...lines)
    fc.assert(
      fc.property(line, injected, fc.boolean(), (whole, text, inside) => {
        // The product is the supervisor's own; everything else may be what an agent chose.
        const { metadata } = event(whole)
        const poisoned = { ...event(poison(whole, text, spared, inside)), metadata }
        const decoded = decode(JSON.stringify(poisoned))
        expect(decoded.decoder).toBe('openshell-ocsf')
        expect(labelsOutsideTheirSets(decoded)).toEqual([])
        if (decoded.decoding.kind === 'claim') expect(decoded.decoding.claim.actor).toEqual({})
      }),
      { numRuns: 2_000 },
    )
  })

  it('are decided by their numbers: no text that an agent chooses changes what a denial is', () => {
    const denial = withMessage('CONNECT denied blocked.example')
    fc.assert(
      fc.property(injected, text => {
        const { actor, dst_endpoint: to, ...rest } = event(denial)
        const body = {
          ...rest,
          message: `CONNECT denied ${text}`,
          status_detail: text,
          actor: { process: { ...actor.process, name: text, cmd_line: text } },
          dst_endpoint: { ...to, domain: text },
          unmapped: { [text]: text },
        }
        expect(summary(JSON.stringify(body))).toBe('policy_decisions openshell-opa no_matching_rule deny')
      }),
    )
  })

  it('are of another product where the product is not one of OpenShell, or the vendor is another', () => {
    const { metadata, ...rest } = event(lines[0])
    const by = (product: object) => decode({ ...rest, metadata: { ...metadata, product } }).decoder
    expect(by({ name: 'OpenShell Gateway', vendor_name: 'OpenShell' })).toBe('openshell-ocsf')
    expect(by({ name: 'Ryno Sandbox Supervisor', vendor_name: 'NVIDIA' })).toBe('openshell-ocsf')
    expect(by({ name: 'CloudTrail', vendor_name: 'AWS' })).toBe('none')
    expect(by({ name: 'My OpenShell Gateway', vendor_name: 'NVIDIA' })).toBe('none')
    expect(by({ name: 'OpenShell Gateway', vendor_name: 'Somebody' })).toBe('none')
  })

  it('of half a record, of wrong types and of unknown versions are counted by their reason', () => {
    const whole = event(lines[0])
    expect(summary((lines[0] ?? '').slice(0, 200))).toBe('not_json')
    for (const time of [undefined, null, 'yesterday', -1, 1.5, {}]) {
      expect(summaryOf(decode(JSON.stringify({ ...whole, time })).decoding)).toBe('bad_time')
    }
    for (const version of [undefined, 1, '2.0.0', '1', 'v1.8.0']) {
      const body = { ...whole, metadata: { ...whole.metadata, version } }
      expect(summaryOf(decode(JSON.stringify(body)).decoding)).toBe('unknown_version')
    }
    expect(summaryOf(decode(JSON.stringify({ ...whole, class_uid: 9999 })).decoding)).toBe('unknown_template')
    const names = Object.keys(whole).filter(name => !['class_uid', 'metadata', 'time'].includes(name))
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
        expect(labelsOutsideTheirSets(decode({ ...whole, [name]: value }))).toEqual([])
      }),
    )
  })

  it('show the version of the guard, whether it inspected something, and the condition of a sandbox', () => {
    const guardOf = (text: string) => decode(withMessage(text)).guard
    expect(guardOf('CONNECT allowed')).toMatchObject({ guard: 'openshell', version: '0.1.5', inspects: true })
    expect(guardOf('Starting sandbox')).toMatchObject({
      inspects: false,
      condition: { part: 'sb-7f3a', state: 'ready' },
    })
    expect(guardOf('policy degraded')?.condition).toEqual({ part: 'sb-7f3a', state: 'degraded' })
    expect(guardOf('Uninspectable')?.condition).toEqual({ part: 'sb-7f3a', state: 'fail_open' })
    expect(guardOf('Sandbox failed')?.condition).toEqual({ part: 'sb-7f3a', state: 'degraded' })
  })
})
