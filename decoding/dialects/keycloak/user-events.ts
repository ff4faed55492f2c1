import type { AuthReason, IdentityReason, Mechanism } from '../../../core/labels/authentication.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'

/** What an event of a user or a client is about. */
export type UserEventMeaning =
  /** An attempt to sign in, or to use a token; its type without `_ERROR` is the successful one. */
  | { readonly attempt: Mechanism | 'by_protocol'; readonly success: 'counts' | 'no_signal' }
  | { readonly drift: DriftKind }
  /** The account was locked because of failed attempts. */
  | 'lockout'
  | 'no_signal'

const signIn = (attempt: Mechanism | 'by_protocol') => ({ attempt, success: 'counts' }) as const
/** Part of a session that began with a sign-in: only its failure says something. */
const withinSession = (attempt: Mechanism) => ({ attempt, success: 'no_signal' }) as const

/** The types of Keycloak 26.4 (`EventType`), without `_ERROR`. */
export const userEvents: ReadonlyMap<string, UserEventMeaning> = new Map<string, UserEventMeaning>([
  ['LOGIN', signIn('by_protocol')],
  ['CLIENT_LOGIN', signIn('client_credentials')],
  ['IDENTITY_PROVIDER_LOGIN', withinSession('other')],
  ['CODE_TO_TOKEN', withinSession('oidc')],
  ['REFRESH_TOKEN', withinSession('refresh_token')],
  ['TOKEN_EXCHANGE', withinSession('other')],
  ['USER_INFO_REQUEST', withinSession('other')],
  ['INTROSPECT_TOKEN', withinSession('other')],
  ['USER_DISABLED_BY_TEMPORARY_LOCKOUT', 'lockout'],
  ['USER_DISABLED_BY_PERMANENT_LOCKOUT', 'lockout'],
  ['REGISTER', { drift: 'user_created' }],
  ['DELETE_ACCOUNT', { drift: 'user_deleted' }],
  ['CLIENT_REGISTER', { drift: 'client_created' }],
  ['CLIENT_UPDATE', { drift: 'client_changed' }],
  ['CLIENT_DELETE', { drift: 'client_deleted' }],
  // An administrator signs in as a user; there is no administrator's event of it.
  ['IMPERSONATE', { drift: 'impersonation' }],
  ...[
    'AUTHREQID_TO_TOKEN',
    'CLIENT_INFO',
    'CLIENT_INITIATED_ACCOUNT_LINKING',
    'CUSTOM_REQUIRED_ACTION',
    'EXECUTE_ACTIONS',
    'EXECUTE_ACTION_TOKEN',
    'FEDERATED_IDENTITY_LINK',
    'FEDERATED_IDENTITY_OVERRIDE_LINK',
    'GRANT_CONSENT',
    'IDENTITY_PROVIDER_FIRST_LOGIN',
    'IDENTITY_PROVIDER_LINK_ACCOUNT',
    'IDENTITY_PROVIDER_POST_LOGIN',
    'IDENTITY_PROVIDER_RESPONSE',
    'IDENTITY_PROVIDER_RETRIEVE_TOKEN',
    'INVALID_SIGNATURE',
    'INVITE_ORG',
    'JWT_AUTHORIZATION_GRANT',
    'LOGOUT',
    'OAUTH2_DEVICE_AUTH',
    'OAUTH2_DEVICE_CODE_TO_TOKEN',
    'OAUTH2_DEVICE_VERIFY_USER_CODE',
    'OAUTH2_EXTENSION_GRANT',
    'PERMISSION_TOKEN',
    'PUSHED_AUTHORIZATION_REQUEST',
    'REGISTER_NODE',
    'REMOVE_CREDENTIAL',
    'REMOVE_FEDERATED_IDENTITY',
    'REMOVE_TOTP',
    'RESET_PASSWORD',
    'RESTART_AUTHENTICATION',
    'REVOKE_GRANT',
    'SEND_IDENTITY_PROVIDER_LINK',
    'SEND_RESET_PASSWORD',
    'SEND_VERIFY_EMAIL',
    'UNREGISTER_NODE',
    'UPDATE_CONSENT',
    'UPDATE_CREDENTIAL',
    'UPDATE_EMAIL',
    'UPDATE_PASSWORD',
    'UPDATE_PROFILE',
    'UPDATE_TOTP',
    'USER_SESSION_DELETED',
    'VALIDATE_ACCESS_TOKEN',
    'VERIFY_EMAIL',
    'VERIFY_PROFILE',
  ].map((type): [string, UserEventMeaning] => [type, 'no_signal']),
])

/** Refused whatever the credential: the account is locked for a time. */
export const LOCKED_OUT = 'user_temporarily_disabled'

/** Keycloak's `error` (`Errors`) as a reason; a word that is not here is `other`. */
export const reasonByError: ReadonlyMap<string, IdentityReason> = new Map<string, IdentityReason>([
  ['invalid_user_credentials', 'bad_credential'],
  ['password_missing', 'bad_credential'],
  ['user_not_found', 'unknown_user'],
  ['user_disabled', 'user_disabled'],
  ['access_denied', 'policy_denied'],
  ['invalid_token', 'invalid_token'],
  ['invalid_code', 'invalid_token'],
  ['expired_code', 'invalid_token'],
  ['session_expired', 'invalid_token'],
  ['user_session_not_found', 'invalid_token'],
  ['client_not_found', 'unknown_client'],
  ['invalid_client_credentials', 'bad_client_credential'],
  ['client_disabled', 'client_misconfigured'],
  ['invalid_client', 'client_misconfigured'],
  ['invalid_redirect_uri', 'client_misconfigured'],
  ['invalid_request', 'client_misconfigured'],
  ['not_allowed', 'client_misconfigured'],
  ['ssl_required', 'client_misconfigured'],
])

/** Errors of the client and not of a user: where a message names no user, the client is who failed. */
export const clientReasons: ReadonlySet<AuthReason> = new Set(['unknown_client', 'bad_client_credential'])
