/** When the first of the lines below was written. */
const NOON = Date.parse('2026-11-22T12:00:00Z')

/** In seconds. */
const MINUTE = 60

/** The request of an approval and its answer are of one call of a tool. */
const CALL = { trace_id: '5f0c1d2e3a4b5c6d7e8f90123456789a', span_id: '6a7b8c9d0e1f2a3b' }

const asked = exec(0, 'requested', 'success', 'low')

/** Lines of the plugin diagnostics-otel on standard output, by what they report; after the source of OpenClaw. */
export const demoSecurityEvents = {
  signedIn: [
    securityEvent(0, 'gateway.auth.succeeded', {
      category: 'auth',
      outcome: 'success',
      severity: 'info',
      'attribute.auth_mode': 'token',
      'attribute.auth_method': 'token',
      'attribute.auth_provided': 'token',
    }),
  ],
  approvalGranted: [asked, exec(40, 'approved', 'success', 'medium', { 'attribute.decision': 'allow-once' })],
  approvalGrantedUnread: [asked, exec(2, 'approved', 'success', 'medium', { 'attribute.decision': 'allow-once' })],
  approvalDenied: [
    asked,
    exec(3 * MINUTE, 'denied', 'denied', 'medium', { reason: 'user-denied', 'attribute.decision': 'deny' }),
  ],
  approvalAutomatic: [exec(0, 'approved', 'success', 'medium', { 'attribute.decision': 'auto-review' })],
  approvalExpired: [asked, exec(30 * MINUTE, 'denied', 'denied', 'medium', { reason: 'approval-timeout' })],
  deviceApprovedItself: [
    securityEvent(0, 'device.pairing.approved', {
      category: 'auth',
      outcome: 'success',
      severity: 'low',
      'actor.kind': 'operator',
      'actor.device_id_hash': 'sha256:4f1c9be2a07d',
      'target.kind': 'device',
      'target.id_hash': 'sha256:4f1c9be2a07d',
      'control.id': 'device.pair.approve',
    }),
  ],
} as const satisfies Record<string, readonly string[]>

function exec(
  after: number,
  action: 'requested' | 'approved' | 'denied',
  outcome: string,
  severity: string,
  more: Readonly<Record<string, string>> = {},
): string {
  const attributes = {
    category: 'approval',
    outcome,
    severity,
    'actor.kind': 'agent',
    'target.kind': 'tool',
    'target.name': 'system.exec',
    'attribute.ask': 'on-miss',
    ...more,
  }
  return securityEvent(after, `exec.approval.${action}`, attributes, CALL)
}

/** @param after seconds after the first line of the same moment */
function securityEvent(
  after: number,
  action: string,
  attributes: Readonly<Record<string, string>>,
  trace: Partial<typeof CALL> = {},
): string {
  // Each line of a moment has an id of its own, which is replaced when it is played.
  const id = `1f0a5ad5-19ac-44c3-97b8-${String(after).padStart(12, '0')}`
  const named = Object.entries({ event_id: id, action, ...attributes })
  return JSON.stringify({
    ts: new Date(NOON + after * 1_000).toISOString(),
    signal: 'openclaw.diagnostic.log',
    'service.name': 'openclaw-gateway',
    'host.name': 'demo',
    severityText: 'INFO',
    severityNumber: 9,
    body: 'openclaw.security.event',
    attributes: Object.fromEntries(named.map(([name, value]) => [`openclaw.security.${name}`, value])),
    ...trace,
  })
}
