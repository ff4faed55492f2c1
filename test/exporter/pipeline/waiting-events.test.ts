import { describe, expect, it } from '@jest/globals'
import type { SecurityEvent } from '../../../core/event.ts'
import { PAIR_WAIT_MS, Pairing } from '../../../exporter/pipeline/pairing.ts'
import { claim, eventOfClaim as event, NOON, restartOf } from './fixtures.ts'

const clock = { now: () => NOON }
const partner = claim({ pair: { key: 'c1', role: 'partner' } })
const digits = 'a'.repeat(32)
const trace = { traceId: digits }

const flow: SecurityEvent['flow'] = {
  source: {
    address: '10.0.0.1',
    namespace: 'agents',
    workloadLabels: JSON.parse('{"app":"controller","__proto__":"x"}'),
    isIdentified: true,
  },
  destination: { address: '10.0.0.2', names: ['api.openclaw.local', `"${digits}"]`] },
  port: 8443,
  transport: 'tcp',
  report: { end: 'destination', kind: 'verdict' },
}

/** One of each kind that only some events have. */
const kept: readonly Partial<SecurityEvent>[] = [
  { flow },
  { access: { destination: { service: 'openclaw-gateway' }, port: 18789, identity: 'ann', sourceZone: 'internet' } },
  { account: { kind: 'user', id: '7', rights: ['read', digits] } },
  { approval: { kind: 'request', request: 'r1' } },
  { change: { subject: 'a', from: '1', to: '2' } },
  { code: 'AUTH_REQUIRED' },
  { details: { text: `line\n"${digits}"]` } },
  { actor: { addressTrusted: true, address: '10.0.0.1', deviceCompliance: 'compliant' } },
]

describe('an event that waits for its partner', () => {
  it.each(kept)('has lost nothing when it counts alone, also after a restart: %j', fields => {
    for (const more of [{}, { trace }]) {
      const waited = event(NOON, { ...fields, ...more })
      const pairing = new Pairing({ clock, source: 'log' })
      pairing.admit(partner, waited, NOON)
      for (const one of [restartOf(pairing), pairing]) expect(one.release(NOON + PAIR_WAIT_MS)).toEqual([waited])
    }
  })

  it.each(kept)('gives no trace that it has not: %j', fields => {
    const pairing = new Pairing({ clock, source: 'log' })
    pairing.admit(partner, event(NOON, fields), NOON)
    const leading = claim({ pair: { key: 'c1', role: 'leading' } })
    expect(pairing.admit(leading, event(NOON), NOON)?.trace).toBeUndefined()
  })
})
