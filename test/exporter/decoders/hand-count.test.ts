import { describe, expect, it } from '@jest/globals'
import type { Claim } from '../../../exporter/decoders/decoder.ts'
import { createDispatcher } from '../../../exporter/decoders/dispatch.ts'
import { createOpenclawDecoders } from '../../../exporter/decoders/openclaw.ts'
import { realLines, realSecurityEvents, tells } from './fixtures.ts'

/**
 * Counted by hand in the real log, with grep and the counting rules, not by running the decoder. Behind each row the
 * lines of the capture that make it up.
 */
const fileLogByHand = {
  'auth_failures shared_secret token_mismatch': 2, // 15 (with 14); 17 alone
  'auth_failures shared_secret password_mismatch': 1, // 94 (with 93)
  'auth_failures shared_secret password_missing': 1, // 96 (with 95)
  'auth_failures device_token device_token_mismatch': 1, // 24 (with 23)
  'auth_failures device device-signature': 1, // 18
  'auth_failures device device-signature-stale': 1, // 19
  'auth_failures device device-nonce-mismatch': 1, // 20
  'auth_failures device device-id-mismatch': 1, // 21
  'auth_failures device device-required': 1, // 16
  'auth_failures device control-ui-insecure-auth': 1, // 26
  'auth_failures pairing not-paired': 1, // 22
  'auth_failures origin origin_not_allowed': 1, // 25
  'auth_failures handshake protocol-mismatch': 1, // 28 (with 27)
  'auth_failures handshake invalid-handshake': 1, // 29
  'auth_failures handshake invalid-role': 1, // 33
  'auth_failures handshake control-ui-build-mismatch': 1, // 101 (with 100)
  'auth_lockouts shared_secret': 1, // 39 (with 38)
  'auth_lockouts webhook': 1, // 40
  'policy_decisions openclaw-rpc missing_scope deny': 7, // 35, 36, 37, 103, 135, 136, 137
  'policy_decisions openclaw-node node_surface deny': 1, // 56
  'policy_decisions openclaw-ssrf private_address deny': 2, // 57 (with 58), 59
  'policy_decisions openclaw-control-plane write_rate_limit deny': 1, // 131
  'posture_drifts scope_upgrade high': 1, // 44 (with 43)
  'posture_drifts role_upgrade high': 1, // 46 (with 45)
  'posture_drifts metadata_upgrade high': 1, // 48 (with 47)
  'posture_drifts pairing_auto_approved medium': 1, // 41
  'posture_drifts pairing_approved low': 2, // 42, 54
  'posture_drifts token_rotated medium': 1, // 50
  'posture_drifts token_revoked high': 1, // 51
  'posture_drifts pairing_renamed low': 1, // 52
  'posture_drifts pairing_removed medium': 1, // 53
  'posture_drifts pairing_pruned low': 1, // 60
  'posture_drifts config_write high': 4, // 68, 76, 79, 108
  'posture_drifts config_reload high': 4, // 69, 77, 80, 84
  'posture_drifts config_anomaly high': 1, // 82
  'posture_drifts config_invalid high': 1, // 83
  'posture_drifts hooks_token_reuse high': 1, // 88
  'posture_drifts tls_self_signed medium': 1, // 89
  'posture_drifts non_loopback_bind medium': 1, // 90
  'posture_drifts dangerous_flags high': 1, // 92 (with 91)
  'posture_drifts non_local_host_header medium': 1, // 97
  'posture_drifts host_header_origin high': 1, // 98 (with 99)
  'posture_drifts unattributed_proxy_traffic medium': 1, // 102
}

const securityEventsByHand = {
  'auth_failures shared_secret token_mismatch': 13,
  'auth_failures device device-signature': 2,
  'auth_failures device device-signature-stale': 1,
  'auth_failures device device-nonce-mismatch': 1,
  'auth_failures device device-id-mismatch': 1,
  'auth_failures device_token device_token_mismatch': 1,
  'auth_lockouts shared_secret': 3,
  'auth_successes shared_secret': 10,
  'posture_drifts pairing_approved low': 2,
  'posture_drifts pairing_rejected low': 1,
  'posture_drifts pairing_renamed low': 1,
  'posture_drifts pairing_removed medium': 1,
  'posture_drifts token_rotated medium': 1,
  'posture_drifts token_revoked high': 1,
  'posture_drifts security_audit medium': 1,
}

/** Lines of start, stop and restart, which no template wants: 1-4, 6-13, 71-75, 85-87. */
const WITHOUT_TEMPLATE = 20

function decodeAll(lines: readonly string[]) {
  const dispatcher = createDispatcher(createOpenclawDecoders())
  return lines.map((body, index) => dispatcher.decode({ id: String(index), body }).decoding)
}

/** The rule of pairs without its waiting: a partner counts only where no leading line of its key is in the file. */
function counted(lines: readonly string[]): Record<string, number> {
  const claims = decodeAll(lines).flatMap(decoding => (decoding.kind === 'claim' ? [decoding.claim] : []))
  const led = new Set(claims.flatMap(({ pair }) => (pair?.role === 'leading' ? [pair.key] : [])))
  const counts: Record<string, number> = {}
  for (const claim of claims) {
    if (claim.pair?.role === 'partner' && led.has(claim.pair.key)) continue
    const row = rowOf(claim)
    counts[row] = (counts[row] ?? 0) + claim.count
  }
  return counts
}

const rowOf = (claim: Claim): string => tells({ kind: 'claim', time: claim.time, claim: { ...claim, count: 1 } })

describe('the real captures', () => {
  it('give the counts of the file log that were made by hand', () => {
    expect(counted(realLines)).toEqual(fileLogByHand)
  })

  it('give the counts of the security.event stream that were made by hand', () => {
    expect(counted(realSecurityEvents)).toEqual(securityEventsByHand)
  })

  it('leave undecoded only what tells of start, stop and restart', () => {
    const undecoded = decodeAll(realLines).filter(decoding => decoding.kind === 'undecoded')
    expect(undecoded).toHaveLength(WITHOUT_TEMPLATE)
    expect(new Set(undecoded.map(({ reason }) => reason))).toEqual(new Set(['unknown_template']))
  })
})
