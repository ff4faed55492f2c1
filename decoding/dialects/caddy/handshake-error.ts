import type { MtlsReason } from '../../../core/labels/transport.ts'

const VERIFICATION = 'tls: failed to verify client certificate: x509: '

/** The time of the check, and on which side of the certificate's validity it is. */
const EXPIRED = /^certificate has expired or is not yet valid: current time [0-9T:Z+-]{10,40} is (after|before) /

/** By the beginning of the text, of the library of Go; what follows may be the client's own words. */
const reasonByVerification: readonly (readonly [string, MtlsReason])[] = [
  ['certificate signed by unknown authority', 'untrusted_issuer'],
  ['certificate specifies an incompatible key usage', 'wrong_usage'],
]

const reasonByText: readonly (readonly [string, MtlsReason | undefined])[] = [
  ["tls: client didn't provide a certificate", 'no_certificate'],
  ['tls: first record does not look like a TLS handshake', 'plaintext'],
  // The client ended the handshake by an alert about our certificate; with TLS 1.3 its alert is often unreadable.
  ['remote error: tls: unknown certificate', 'server_certificate_rejected'],
  ['remote error: tls: bad certificate', 'server_certificate_rejected'],
  ['remote error: tls: unsupported certificate', 'server_certificate_rejected'],
  ['remote error: tls: expired certificate', 'server_certificate_rejected'],
  ['remote error: tls: revoked certificate', 'server_certificate_rejected'],
  ['local error: tls: bad record MAC', 'server_certificate_rejected'],
  ['remote error: tls: ', 'protocol'],
  ['local error: tls: ', 'protocol'],
  ['tls: failed to verify client certificate: ', 'other'],
  ['tls: ', 'protocol'],
]

/** Why a handshake with Caddy failed; undefined where the connection ended before one end said why. */
export function reasonOfHandshakeError(text: string): MtlsReason | undefined {
  if (text.startsWith(VERIFICATION)) return reasonOfVerification(text.slice(VERIFICATION.length))
  return reasonByText.find(([start]) => text.startsWith(start))?.[1]
}

function reasonOfVerification(text: string): MtlsReason {
  const side = EXPIRED.exec(text)?.[1]
  if (side !== undefined) return side === 'after' ? 'expired' : 'not_yet_valid'
  return reasonByVerification.find(([start]) => text.startsWith(start))?.[1] ?? 'other'
}
