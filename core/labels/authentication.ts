/**
 * Label values of authentication.
 * The sets are closed. A value of a log line that is not in its set becomes `other`: nothing that a caller can write
 * becomes a label value of a domain series.
 */

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
  // a guard beside the gateway refused it
  'guard',
  // at an identity provider: the protocol of a user's sign-in, or the OAuth 2.0 grant
  'oidc',
  'saml',
  'password',
  'client_credentials',
  'refresh_token',
  'other',
] as const
export type Mechanism = (typeof mechanisms)[number]

/**
 * What signs in at an identity provider: a person, or a program with a secret of its own (OAuth 2.0: a client). At a
 * gateway of OpenClaw: a paired device, by a token for one role.
 */
export type AccountKind = 'user' | 'client' | 'device_token'

/** Whether a device met the requirements of its management when it signed in. */
export type DeviceCompliance = 'compliant' | 'noncompliant'

/**
 * Why an identity provider refused an authentication: one set for all of them, because each has words or codes of its own.
 * An account that is locked out is no reason: its attempts are lockouts.
 */
export const identityReasons = [
  'bad_credential',
  'credential_expired',
  'unknown_user',
  'user_disabled',
  'mfa_required',
  // Refused by a rule although the credential was right: conditional access, a role that is missing.
  'policy_denied',
  'device_noncompliant',
  'invalid_token',
  // The application or service account that signs in, or for which a user signs in.
  'unknown_client',
  'bad_client_credential',
  'client_misconfigured',
] as const
export type IdentityReason = (typeof identityReasons)[number]

/**
 * Why an authentication failed: OpenClaw's own terms (authReason, else meta.reason, else cause), so that a label can be
 * searched in the log. Two are normalised: `origin not allowed` to `origin_not_allowed`, and
 * `trusted_proxy_missing_header_<header>` without the header's name.
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
  // cause, if there is no more specific reason
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
  // status with which a proxy in front of the gateway responded
  'http_400',
  'http_401',
  'http_403',
  ...identityReasons,
  'other',
] as const
export type AuthReason = (typeof authReasons)[number]
