import type { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { failureReason } from '../../../core/errors.ts'
import type { Chain } from './compare.ts'
import { distinct, MAX_CHAIN } from './facts.ts'

/** A TLS server of the configuration. */
export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Name for SNI and for the check of the certificate; absent where it is the host. */
  readonly serverName?: string | undefined
  /** Authorities in PEM instead of those of Node.js. */
  readonly ca?: string | undefined
}

/** What a server showed, or why that is not known: to follow its address. */
export type Shown = Chain | { readonly failure: string }

/** Verification errors that say nothing but what the dates of the certificate say. */
const OF_DATES: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']

/**
 * Makes one handshake and ends it; no data of an application is sent. An untrusted certificate is read too: it is what
 * is looked for. Never rejects.
 */
export function readEndpoint({ host, port, serverName, ca }: Endpoint, timeout: number, signal: AbortSignal) {
  return new Promise<Shown>(resolve => {
    // It throws at once where it cannot use the name or the authorities.
    const servername = serverName ?? (isIP(host) === 0 ? host : '')
    const socket = connect({ host, port, servername, rejectUnauthorized: false, ...(ca !== undefined && { ca }) })
    const end = (shown: Shown) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(shown)
    }
    const onAbort = () => end({ failure: 'was not waited for' })
    const timer = setTimeout(() => end({ failure: `did not answer within ${timeout / 1000} s` }), timeout)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    socket.once('secureConnect', () => end(chainOf(socket)))
    socket.on('error', error => end({ failure: `cannot be asked for its certificate (${failureReason(error)})` }))
    socket.once('close', () => end({ failure: 'ended the connection in the handshake' }))
  }).catch((error: unknown): Shown => ({ failure: `cannot be asked for its certificate (${failureReason(error)})` }))
}

function chainOf(socket: TLSSocket): Shown {
  const leaf = socket.getPeerX509Certificate()
  if (leaf === undefined) return { failure: 'showed no certificate' }
  const certificates = distinct([leaf, ...issuersOf(leaf)])
  const { authorizationError } = socket
  const code = authorizationError === null || authorizationError === undefined ? undefined : codeOf(authorizationError)
  return { certificates, ...(code !== undefined && !OF_DATES.includes(code) && { distrust: code }) }
}

const codeOf = (error: Error | string): string => (typeof error === 'string' ? error : failureReason(error))

/** The further certificates that the server sent. */
function issuersOf(leaf: X509Certificate): readonly X509Certificate[] {
  const issuers: X509Certificate[] = []
  let issuer = leaf.issuerCertificate
  while (
    issuer !== undefined &&
    issuers.length < MAX_CHAIN &&
    !issuers.some(({ raw }) => raw.equals(issuer?.raw as Buffer))
  ) {
    issuers.push(issuer)
    issuer = issuer.issuerCertificate
  }
  return issuers
}
