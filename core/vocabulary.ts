/**
 * The closed sets of label values. A value that a log line brings and that is not in its set becomes `other`:
 * nothing that a caller can write ever becomes a label value of a domain series.
 */

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** ECS `event.outcome`, with `denied` kept apart from a technical failure. */
export const outcomes = ['success', 'failure', 'denied', 'unknown'] as const
export type Outcome = (typeof outcomes)[number]

/** How somebody tried to prove who they are. */
export const mechanisms = [
  'shared_secret',
  'device_token',
  'bootstrap_token',
  'trusted_proxy',
  'tailscale',
  'device',
  'pairing',
  'origin',
  'handshake',
  'webhook',
  'other',
] as const
export type Mechanism = (typeof mechanisms)[number]

export const decisions = ['allow', 'deny', 'ask', 'audit'] as const
export type Decision = (typeof decisions)[number]

/** What decided: one OpenClaw guard each. */
export const policyEngines = [
  'openclaw-rpc',
  'openclaw-ssrf',
  'openclaw-node',
  'openclaw-sandbox',
  'openclaw-tools',
  'openclaw-exec',
  'openclaw-control-plane',
  'openclaw-egress',
] as const
export type PolicyEngine = (typeof policyEngines)[number]

/** Why an authentication failed: OpenClaw's own words (authReason, else meta.reason, else cause), so that a label can be searched in the log. */
export const authReasons = ['unauthorized', 'token_mismatch', 'other'] as const
export type AuthReason = (typeof authReasons)[number]

/** What drifted. */
export const driftKinds = ['role_upgrade', 'scope_upgrade', 'metadata_upgrade', 'other'] as const
export type DriftKind = (typeof driftKinds)[number]

/** Which rule of an engine decided. */
export const policies = ['missing_scope', 'other'] as const
export type Policy = (typeof policies)[number]
