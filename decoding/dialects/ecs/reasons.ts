import type { AuthReason, IdentityReason } from '../../../core/labels/authentication.ts'
import { foldReason } from '../../toolkit/claims.ts'

/** The words of products for an account that is locked out, and for an attempt that was refused by a rate limit. */
const lockouts: ReadonlySet<string> = new Set([
  'locked',
  'locked_out',
  'account_locked',
  'user_locked_out',
  'too_many_attempts',
])

/** Words of products, in lower case and with `_` for everything between them. */
const reasonByWord: ReadonlyMap<string, IdentityReason> = new Map<string, IdentityReason>([
  ['invalid_credentials', 'bad_credential'],
  ['invalid_user_credentials', 'bad_credential'],
  ['invalid_password', 'bad_credential'],
  ['bad_password', 'bad_credential'],
  ['wrong_password', 'bad_credential'],
  ['incorrect_password', 'bad_credential'],
  ['unknown_user_name_or_bad_password', 'bad_credential'],
  ['password_expired', 'credential_expired'],
  ['user_not_found', 'unknown_user'],
  ['invalid_user', 'unknown_user'],
  ['no_such_user', 'unknown_user'],
  ['account_disabled', 'user_disabled'],
  ['mfa_failed', 'mfa_required'],
  ['mfa_required', 'mfa_required'],
  ['access_denied', 'policy_denied'],
  ['invalid_token', 'invalid_token'],
  ['expired_token', 'invalid_token'],
  ['client_not_found', 'unknown_client'],
  ['invalid_client', 'client_misconfigured'],
  ['invalid_client_credentials', 'bad_client_credential'],
  ['invalid_redirect_uri', 'client_misconfigured'],
])

const MAX_WORD_LENGTH = 64

/** The reason of a failure by `event.reason`, which each product fills with words of its own; a lockout is no reason. */
export function reasonOfWord(value: unknown): AuthReason | 'locked' {
  const own = foldReason(value)
  if (own !== 'other' || typeof value !== 'string' || value.length > MAX_WORD_LENGTH) return own
  const word = value.toLowerCase().replace(/[^a-z0-9]{1,8}/g, '_')
  return lockouts.has(word) ? 'locked' : (reasonByWord.get(word) ?? 'other')
}
