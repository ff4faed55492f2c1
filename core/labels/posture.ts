/**
 * Label values of posture drift.
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
  'other',
] as const
export type DriftKind = (typeof driftKinds)[number]
