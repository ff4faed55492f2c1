import type { FlowEnd } from '../../../core/flow.ts'
import type { Access } from '../../toolkit/access.ts'
import { textOf } from '../../toolkit/fields.ts'
import { refusalStatuses } from './refusal.ts'

/** What the record of a proxy says of a request, or of a handshake that failed. */
export interface ReportedRequest {
  /** With which it was answered. */
  readonly status: unknown
  /** The certificate of the client was refused, whatever the status. */
  readonly isCertificateRefused?: boolean
  readonly peerAddress: string | undefined
  /** Of the client: proven. */
  readonly identity?: string | undefined
  readonly isMutuallyAuthenticated?: boolean | undefined
  readonly destination: FlowEnd
  readonly port?: number | undefined
}

/** Proxy authentication, and a request that was sent to the wrong server: neither reached what it asked for. */
const DENIED: ReadonlySet<number> = new Set([...refusalStatuses, 407, 421])

/**
 * What a client of a proxy reached for, and whether it was let in: by the status alone, because documents are grouped without
 * the paths of requests. Undefined of a connection without an answer.
 */
export function accessOfRequest(request: ReportedRequest): Access | undefined {
  const { isCertificateRefused = false, peerAddress, identity, isMutuallyAuthenticated, destination, port } = request
  const status = Number(request.status)
  if (!isCertificateRefused && !(status >= 100 && status <= 999)) return undefined
  return {
    decision: isCertificateRefused || DENIED.has(status) ? 'deny' : 'allow',
    source: peerAddress === undefined ? {} : { address: peerAddress },
    destination,
    transport: 'tcp',
    ...(port !== undefined && { port }),
    ...(identity !== undefined && { identity }),
    ...(isMutuallyAuthenticated !== undefined && { isMutuallyAuthenticated }),
  }
}

const MAX_SUBJECT_LENGTH = 1_024

/**
 * The common name of the subject of a verified certificate: `CN=agent-1,O=Example` (RFC 4514) and `/O=Example/CN=agent-1`
 * (OpenSSL). Undefined where values may contain what looks like another part, or where there are several common names.
 */
export function commonNameOf(subject: unknown): string | undefined {
  if (typeof subject !== 'string' || subject.length > MAX_SUBJECT_LENGTH || /["\\+]/.test(subject)) return undefined
  const parts = subject.startsWith('/') ? subject.slice(1).split('/') : subject.split(',')
  const [name, ...others] = parts.map(part => part.trim()).filter(part => part.startsWith('CN='))
  return others.length > 0 ? undefined : textOf(name?.slice('CN='.length))
}
