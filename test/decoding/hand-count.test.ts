import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Claim } from '../../decoding/toolkit/record.ts'
import { fileLogByHand } from '../fixtures/openclaw/hand-count.ts'
import { realLines, realSecurityEvents, summaryOf } from './fixtures.ts'

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

/** The line `starting...`, a single word, with which no template begins: 3. */
const WITHOUT_TEMPLATE = 1

function decodeAll(lines: readonly string[]) {
  const dispatcher = createDispatcher(dialects)
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

const rowOf = (claim: Claim): string => summaryOf({ kind: 'claim', time: claim.time, claim: { ...claim, count: 1 } })

describe('the real captures', () => {
  it('give the counts of the file log that were made by hand', () => {
    expect(counted(realLines)).toEqual(fileLogByHand)
  })

  it('give the counts of the security.event stream that were made by hand', () => {
    expect(counted(realSecurityEvents)).toEqual(securityEventsByHand)
  })

  it('leave undecoded only a line of a single word, in which no source finds a text of the prefilter', () => {
    const undecoded = decodeAll(realLines).filter(decoding => decoding.kind === 'undecoded')
    expect(undecoded).toHaveLength(WITHOUT_TEMPLATE)
    expect(new Set(undecoded.map(({ reason }) => reason))).toEqual(new Set(['unknown_template']))
  })
})
