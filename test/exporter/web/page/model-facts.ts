import type { SecurityEvent } from '../../../../core/event.ts'

export const NOON = Date.UTC(2026, 10, 22, 12)

/** A failed sign-in, unless told otherwise. */
export const failure = (parts: Partial<SecurityEvent>): SecurityEvent => ({
  signal: 'auth_failures',
  labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
  outcome: 'failure',
  severity: 'medium',
  eventTime: NOON,
  count: 1,
  gateway: 'edge-1',
  trustZone: 'agent-control',
  actor: { addressTrusted: false },
  record: { source: 'log', id: '1' },
  ...parts,
})
