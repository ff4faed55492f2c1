import type { Severity } from './event.ts'
import type { PostureCheck } from './posture-checks.ts'

/**
 * Label values of posture: drifts, the producers of findings, facts.
 * The sets are closed. A value of a log line that is not in its set becomes `other`: nothing that a caller can write
 * becomes a label value of a domain series.
 */

/** The kinds of drift. */
export const driftKinds = [
  // a known device requests more permissions
  'role_upgrade',
  'scope_upgrade',
  'metadata_upgrade',
  // life cycle of devices and their tokens
  'pairing_approved',
  'pairing_auto_approved',
  'pairing_rejected',
  'pairing_renamed',
  'pairing_removed',
  'pairing_pruned',
  'token_rotated',
  'token_revoked',
  // configuration
  'config_write',
  'config_reload',
  'config_invalid',
  'config_reload_failed',
  'config_anomaly',
  'config_restored',
  'config_restore_failed',
  'config_permissions',
  // posture that the gateway reports about itself
  'dangerous_flags',
  'non_loopback_bind',
  'hooks_token_reuse',
  'auto_approve_admin',
  'host_header_origin',
  'non_local_host_header',
  'unattributed_proxy_traffic',
  'tailscale_funnel',
  'exec_safe_bins',
  'security_audit',
  // versions and supply chain
  'update_available',
  'version_mismatch',
  'legacy_protocol',
  'plugin_installed',
  'plugin_updated',
  'integrity_drift',
  // certificates
  'tls_self_signed',
  'tls_degraded',
  'tls_fingerprint',
  'tls_obsolete',
  'certificate_renewed',
  'certificate_renewal_failed',
  'certificate_issuer_changed',
  'certificate_weak',
  'certificate_not_yet_valid',
  'certificate_untrusted',
  // tunnels
  'tunnel_unknown_peer',
  'tunnel_peer_missing',
  'tunnel_endpoint_changed',
  // guards beside the gateway
  'guard_degraded',
  'guard_fail_open',
  'guard_fail_closed',
  'guard_block_failed',
  'guard_policy_changed',
  'guard_policy_rejected',
  'guard_config_changed',
  'guard_asset_changed',
  'guard_finding',
  // accounts at an identity provider, and what they may do
  'role_granted',
  'role_revoked',
  'role_changed',
  'scope_granted',
  'scope_revoked',
  'scope_changed',
  'user_created',
  'user_changed',
  'user_disabled',
  'user_deleted',
  'client_created',
  'client_changed',
  'client_deleted',
  'secret_rotated',
  'credential_reset',
  'lockout_cleared',
  'impersonation',
  'realm_changed',
  // sign-ins that were granted, although the identity provider saw a risk or a device that is not compliant
  'risky_sign_in',
  'noncompliant_device',
  // findings of a snapshot that have opened, by what they are about; and those that have closed
  'exposure_finding',
  'permissions_finding',
  'secrets_finding',
  'hooks_finding',
  'sandbox_finding',
  'tools_finding',
  'plugins_finding',
  'channels_finding',
  'models_finding',
  'runtime_finding',
  'policy_finding',
  'desired_state_finding',
  'other_finding',
  'finding_closed',
  // what a snapshot or the configuration's own trail reports beside findings
  'config_external',
  'version_changed',
  'policy_changed',
  'workspace_changed',
  'suppressions_changed',
  'plugins_changed',
  // devices, by the requirements
  'device_untrusted',
  'device_trusted',
  'other',
] as const
export type DriftKind = (typeof driftKinds)[number]

/** Kinds of the drift when a finding opens, by what the id of its check begins with; the first that fits. */
const kindByCheck: readonly (readonly [prefix: string, kind: DriftKind])[] = [
  ['fs.', 'permissions_finding'],
  ['gateway.password', 'secrets_finding'],
  ['gateway.token', 'secrets_finding'],
  ['gateway.', 'exposure_finding'],
  ['discovery.', 'exposure_finding'],
  ['browser.', 'exposure_finding'],
  ['security.exposure.', 'exposure_finding'],
  ['config.secrets.', 'secrets_finding'],
  ['config.plaintext_secrets', 'secrets_finding'],
  ['hooks.', 'hooks_finding'],
  ['sandbox.', 'sandbox_finding'],
  ['tools.', 'tools_finding'],
  ['plugins.', 'plugins_finding'],
  ['skills.', 'plugins_finding'],
  ['channels.', 'channels_finding'],
  ['models.', 'models_finding'],
  ['core/doctor/', 'runtime_finding'],
  ['doctor.', 'runtime_finding'],
  ['policy/', 'policy_finding'],
  ['desired_state/', 'desired_state_finding'],
]

/** The kind of the drift when a finding of this check opens. */
export function driftKindOf(check: PostureCheck): DriftKind {
  return kindByCheck.find(([prefix]) => check.startsWith(prefix))?.[1] ?? 'other_finding'
}

/**
 * What gives snapshots: commands of OpenClaw that are run at an interval, its log and its configuration trail, which
 * report what holds until they report otherwise, the comparison with the desired state, which follows the others, and the
 * life of identities, which follows their events and the time.
 */
export const producersByRhythm = {
  scheduled: ['openclaw-audit', 'openclaw-doctor', 'openclaw-policy', 'openclaw-status'],
  onChange: ['openclaw-log', 'openclaw-config', 'desired-state', 'identities'],
} as const
export const postureProducers = [...producersByRhythm.scheduled, ...producersByRhythm.onChange] as const
export type PostureProducer = (typeof postureProducers)[number]

const scheduled: ReadonlySet<PostureProducer> = new Set(producersByRhythm.scheduled)

/** Whether a snapshot of a producer becomes too old when no other one follows. */
export const isScheduled = (producer: PostureProducer): boolean => scheduled.has(producer)

/**
 * What snapshots report beside findings, each a list of texts; and the kind and the severity of the drift where a value
 * has changed, unless another record reports the change.
 */
export const postureFacts = {
  openclaw_version: ['version_changed', 'low'],
  node_version: ['version_changed', 'low'],
  policy_hash: ['policy_changed', 'high'],
  workspace_hash: ['workspace_changed', 'medium'],
  suppressions: ['suppressions_changed', 'high'],
  plugins: ['plugins_changed', 'medium'],
  flags: undefined,
  config_hash: undefined,
} as const satisfies Readonly<Record<string, readonly [DriftKind, Severity] | undefined>>
export type FactName = keyof typeof postureFacts
