import type { MtlsReason } from '../../../core/labels/transport.ts'

const FAILED = 'FAILED'

/**
 * What OpenSSL says of a client certificate, by the beginning of its text (X509_verify_cert_error_string); older
 * releases write "self signed". A text that is not here is `other`.
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

/** What a line of the access log says about the handshake. */
export interface Handshake {
  /** `$ssl_client_verify`. */
  readonly verification: string
  /** `$ssl_protocol`; empty where the client spoke no TLS. */
  readonly protocol: string
  readonly status: string
  /** True where the request line could be read. */
  readonly isRequest: boolean
}

/**
 * Why a client was refused at the door; undefined where it was not. nginx completes the handshake and then answers 400,
 * or with what `error_page` makes of it, so the verification decides and not the status. A client that sent no
 * certificate is refused with 400 only; a 400 whose request line
 * could not be read is about the request, not about certificates.
 */
export function handshakeFailure({ verification, protocol, status, isRequest }: Handshake): MtlsReason | undefined {
  if (verification.startsWith(FAILED)) return reasonOf(verification.slice(FAILED.length + 1))
  if (status !== '400') return undefined
  if (verification === 'NONE') return isRequest ? 'no_certificate' : undefined
  return verification === '' && protocol === '' ? 'plaintext' : undefined
}

function reasonOf(text: string): MtlsReason {
  return reasonByText.find(([start]) => text.startsWith(start))?.[1] ?? 'other'
}
