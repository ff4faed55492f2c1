/**
 * The closed sets of label values. A value that a log line brings and that is not in its set becomes `other`:
 * nothing that a caller can write ever becomes a label value of a domain series.
 */

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** ECS `event.outcome`, with `denied` kept apart from a technical failure. */
export const outcomes = ['success', 'failure', 'denied', 'unknown'] as const
export type Outcome = (typeof outcomes)[number]

/** Mechanisms of authentication. */
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
  'http',
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
  'openclaw-device',
  'openclaw-hooks',
  'openclaw-plugins',
  'openclaw-channels',
  'openclaw-paths',
] as const
export type PolicyEngine = (typeof policyEngines)[number]

/**
 * Why an authentication failed: OpenClaw's own words (authReason, else meta.reason, else cause), so that a label can be
 * searched in the log. Two are folded: `origin not allowed` is `origin_not_allowed`, and
 * `trusted_proxy_missing_header_<header>` loses the header's name.
 */
export const authReasons = [
  // authReason: a shared secret
  'token_missing',
  'token_mismatch',
  'token_missing_config',
  'token_redacted_config',
  'password_missing',
  'password_mismatch',
  'password_missing_config',
  'password_redacted_config',
  // authReason: devices and bootstrap
  'bootstrap_token_invalid',
  'device_token_mismatch',
  'scope_mismatch',
  // authReason: general
  'rate_limited',
  'unauthorized',
  'origin_not_allowed',
  'gateway_auth_required',
  'proxy_attribution_required',
  'operator_access_denied',
  // authReason: Tailscale
  'tailscale_user_missing',
  'tailscale_proxy_missing',
  'tailscale_whois_failed',
  'tailscale_user_mismatch',
  // authReason: a trusted proxy
  'trusted_proxy_config_missing',
  'trusted_proxy_no_proxies_configured',
  'trusted_proxy_no_request',
  'trusted_proxy_untrusted_source',
  'trusted_proxy_loopback_source',
  'trusted_proxy_local_interface_source',
  'trusted_proxy_local_interface_check_failed',
  'trusted_proxy_missing_header',
  'trusted_proxy_user_missing',
  'trusted_proxy_user_not_allowed',
  'trusted_proxy_origin_not_allowed',
  // meta.reason: a device's proof
  'device-id-mismatch',
  'device-signature-stale',
  'device-nonce-missing',
  'device-nonce-mismatch',
  'device-signature',
  'device-public-key',
  // meta.reason: pairing
  'not-paired',
  // cause, where nothing more exact is said
  'device-auth-invalid',
  'device-required',
  'control-ui-insecure-auth',
  'origin-mismatch',
  'pairing-required',
  'protocol-mismatch',
  'invalid-role',
  'invalid-handshake',
  'control-ui-build-mismatch',
  'handshake-timeout',
  'invalid-client',
  'operator-access-denied',
  'authenticated-profile-unavailable',
  'agent-runtime-identity-untrusted-client',
  'agent-runtime-identity-invalid',
  'node-pairing-generation-changed',
  'bootstrap-token-consume-failed',
  'missing-ingress-attribution',
  // status that a proxy in front of the gateway answered
  'http_401',
  'http_403',
  'other',
] as const
export type AuthReason = (typeof authReasons)[number]

/** The reverse proxy that saw a handshake fail. */
export const proxies = ['nginx'] as const

/** Why a mutual TLS handshake failed; one set for all proxies. */
export const mtlsReasons = [
  'no_certificate',
  'untrusted_issuer',
  'expired',
  'not_yet_valid',
  'revoked',
  'wrong_usage',
  'protocol',
  'plaintext',
  'server_certificate_rejected',
  'sni_mismatch',
  'other',
] as const
export type MtlsReason = (typeof mtlsReasons)[number]

/** What can be seen for the first time. */
export const entityKinds = ['identity', 'address', 'device', 'zone_pair'] as const
export type EntityKind = (typeof entityKinds)[number]

/** What drifted. */
export const driftKinds = [
  // more asked for by a known device
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
  'certificate_renewed',
  'certificate_renewal_failed',
  'other',
] as const
export type DriftKind = (typeof driftKinds)[number]

/** Which rule of an engine decided. */
export const policies = [
  // openclaw-rpc
  'missing_scope',
  'unauthorized_role',
  'unknown_role',
  'identity_scope_grant',
  // openclaw-ssrf
  'private_address',
  'domain_allowlist',
  'domain_blocklist',
  'loopback_mode',
  // openclaw-node
  'node_command',
  'node_surface',
  'node_descriptor',
  'push_registration',
  // openclaw-sandbox, openclaw-tools
  'sandbox_tool_policy',
  'environment',
  'tool_policy',
  'before_tool_call',
  'plugin_approval',
  'tool_loop',
  'voice_confirmation',
  // openclaw-exec
  'exec_approval',
  'exec_security',
  'exec_allowlist',
  'exec_elevated',
  'exec_system_run',
  'approval_drift',
  // openclaw-control-plane
  'write_rate_limit',
  // openclaw-egress
  'proxy_auth',
  'https_only',
  'host_allowlist',
  'bypass',
  // openclaw-device
  'device_ownership',
  'role_management',
  'token_scope',
  'pairing_administration',
  'trusted_proxy_auto_approve',
  'ssh_verify',
  // openclaw-hooks
  'suspicious_content',
  'agent_run_veto',
  'hook_override',
  // openclaw-plugins
  'plugin_llm',
  'install_hook',
  'install_policy',
  'code_scan',
  // openclaw-channels
  'sender_allowlist',
  'group_allowlist',
  'owner_only',
  'sender_pairing',
  // openclaw-paths
  'path_escape',
  'other',
] as const
export type Policy = (typeof policies)[number]
