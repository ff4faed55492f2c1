import { identityReasons } from '../../../core/labels/authentication.ts'

/**
 * What a result of a sign-in means: a reason of a failure; `locked`, a lockout; `interrupt`, a step of a sign-in that is
 * not over, which is neither a success nor a failure.
 */
export const codeMeanings = [...identityReasons, 'locked', 'interrupt', 'other'] as const
export type CodeMeaning = (typeof codeMeanings)[number]

/** Meanings by code (`AADSTS…`). */
export type CodeTable = Readonly<Record<string, CodeMeaning>>

/** By Microsoft's list of codes, which may change at any time; the configuration adds to it and overrides it. */
export const defaultCodes: CodeTable = {
  50034: 'unknown_user',
  50126: 'bad_credential',
  50055: 'credential_expired',
  50056: 'bad_credential',
  50057: 'user_disabled',
  50064: 'bad_credential',
  // The password was right.
  50074: 'mfa_required',
  50076: 'mfa_required',
  50079: 'mfa_required',
  50105: 'policy_denied',
  70000: 'invalid_token',
  70008: 'invalid_token',
  70043: 'invalid_token',
  // The agent that checks passwords on premises did not answer, or failed.
  80002: 'other',
  80005: 'other',
  50144: 'credential_expired',
  50135: 'credential_expired',
  50142: 'credential_expired',
  // Changes of a password: by a wrong one, by one that is too weak, by a failure.
  120000: 'bad_credential',
  120002: 'other',
  120020: 'other',
  50053: 'locked',
  53000: 'device_noncompliant',
  53001: 'device_noncompliant',
  53003: 'policy_denied',
  700016: 'unknown_client',
  7000215: 'bad_client_credential',
  7000222: 'credential_expired',
  50011: 'client_misconfigured',
  // "Keep me signed in" and other questions to the user.
  50140: 'interrupt',
  50058: 'interrupt',
  50097: 'interrupt',
  50125: 'interrupt',
}
