import type { MtlsReason } from '../../../core/labels/transport.ts'
import { reasonOfLibraryError, reasonOfVerifyText } from '../proxy/handshake.ts'

/**
 * `TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:…:TLS_error_end`; in the
 * log, blanks are underscores. Older releases write `TLS error: 268435581:…`, and end with the name.
 */
const FAILURE = /^TLS[_ ]error:[_ ]?\|?\d{1,12}:SSL[_ ]routines:OPENSSL_internal:([A-Z0-9_]{1,80})(?::([^|]{0,512}))?/

/** `X509_verify_cert:_certificate_verification_error_at_depth_0:_certificate_has_expired` */
const VERIFICATION = /^.{0,128}?[_ ]at[_ ]depth[_ ]\d{1,3}:[_ ](.{0,256})/

/** Why a handshake with Envoy failed, by `%DOWNSTREAM_TRANSPORT_FAILURE_REASON%`. */
export function reasonOfTransportFailure(text: string): MtlsReason {
  const [, name, details = ''] = FAILURE.exec(text) ?? []
  if (name === undefined) return 'other'
  const words = name.toLowerCase().replaceAll('_', ' ')
  return words === 'certificate verify failed' ? reasonOfVerification(details) : reasonOfLibraryError(words)
}

/** The text of BoringSSL, or of a check before it: `certificate revocation check … failed: certificate revoked`. */
function reasonOfVerification(details: string): MtlsReason {
  const texts = VERIFICATION.exec(details)?.[1]?.replaceAll('_', ' ').split(': ') ?? []
  return texts.map(reasonOfVerifyText).find(reason => reason !== 'other') ?? 'other'
}
