import type { MtlsReason } from '../../../core/labels/transport.ts'
import { reasonOfVerifyText } from '../proxy/handshake.ts'

const FAILED = 'FAILED'

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
 * certificate is refused with 400 only; a 400 whose request line could not be read is about the request, not about
 * certificates.
 */
export function handshakeFailure({ verification, protocol, status, isRequest }: Handshake): MtlsReason | undefined {
  if (verification.startsWith(FAILED)) return reasonOfVerifyText(verification.slice(FAILED.length + 1))
  if (status !== '400') return undefined
  if (verification === 'NONE') return isRequest ? 'no_certificate' : undefined
  return verification === '' && protocol === '' ? 'plaintext' : undefined
}
