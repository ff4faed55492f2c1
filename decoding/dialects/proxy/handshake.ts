import type { MtlsReason, ReverseProxy } from '../../../core/labels/transport.ts'
import { signals } from '../../../core/signals.ts'
import type { ClaimDraft } from './claim.ts'

/** A client that rejects our certificate attacks nobody: its outcome is open, so that nobody acts on its address. */
export function failedHandshake(proxy: ReverseProxy, reason: MtlsReason): ClaimDraft {
  return {
    signal: 'mtls_handshake_failures',
    labels: { proxy, reason },
    outcome: reason === 'server_certificate_rejected' ? 'unknown' : 'failure',
    severity: signals.mtls_handshake_failures.severity,
  }
}

/** Why a certificate was refused, by its number in OpenSSL (`X509_V_ERR_…`). A number that is not here is `other`. */
const reasonByCode = new Map<number, MtlsReason>([
  [2, 'untrusted_issuer'],
  [3, 'untrusted_issuer'],
  [9, 'not_yet_valid'],
  [10, 'expired'],
  [18, 'untrusted_issuer'],
  [19, 'untrusted_issuer'],
  [20, 'untrusted_issuer'],
  [21, 'untrusted_issuer'],
  [23, 'revoked'],
  [26, 'wrong_usage'],
])

export const reasonOfVerifyCode = (code: number): MtlsReason => reasonByCode.get(code) ?? 'other'

/**
 * The same by the beginning of its text (X509_verify_cert_error_string): older releases of OpenSSL write "self signed",
 * BoringSSL "unsupported certificate purpose". A text that is not here is `other`.
 */
const reasonByText: readonly (readonly [string, MtlsReason])[] = [
  ['unable to verify the first certificate', 'untrusted_issuer'],
  ['unable to get local issuer certificate', 'untrusted_issuer'],
  ['unable to get issuer certificate', 'untrusted_issuer'],
  ['unable to get certificate CRL', 'untrusted_issuer'],
  ['self-signed certificate', 'untrusted_issuer'],
  ['self signed certificate', 'untrusted_issuer'],
  ['certificate has expired', 'expired'],
  ['certificate is not yet valid', 'not_yet_valid'],
  ['certificate revoked', 'revoked'],
  ['unsuitable certificate purpose', 'wrong_usage'],
  ['unsupported certificate purpose', 'wrong_usage'],
]

export function reasonOfVerifyText(text: string): MtlsReason {
  return reasonByText.find(([start]) => text.startsWith(start))?.[1] ?? 'other'
}

/**
 * What a client's alert calls the certificate that the proxy showed (RFC 8446, 6.2: alerts 42 to 48): the client's
 * trust or the proxy's certificate is wrong, nobody is attacked.
 */
const CERTIFICATE_ALERT =
  /alert (?:unknown ca|bad certificate|unsupported certificate|certificate (?:revoked|expired|unknown))/

const reasonByLibraryError = new Map<string, MtlsReason>([
  ['peer did not return a certificate', 'no_certificate'],
  ['http request', 'plaintext'],
  ['https proxy request', 'plaintext'],
  // The first bytes are of no version of TLS.
  ['wrong version number', 'plaintext'],
  // Without the reason, which the proxy writes in another place.
  ['certificate verify failed', 'other'],
])

/**
 * Why a handshake failed, by the words of the TLS library about it: OpenSSL and BoringSSL have the same. Everything else
 * is a handshake on which both ends did not agree.
 *
 * @param words in lower case and with blanks: `peer did not return a certificate`
 */
export function reasonOfLibraryError(words: string): MtlsReason {
  return reasonByLibraryError.get(words) ?? reasonOfAlert(words)
}

/** Of a handshake that a client ended, as far as an alert says that; else `protocol`. */
export function reasonOfAlert(words: string): MtlsReason {
  return CERTIFICATE_ALERT.test(words) ? 'server_certificate_rejected' : 'protocol'
}
