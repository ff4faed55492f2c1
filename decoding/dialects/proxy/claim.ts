import type { EpochMs } from '../../../core/clock.ts'
import type { TraceReference } from '../../../core/event.ts'
import type { ReverseProxy } from '../../../core/labels/transport.ts'
import { textOf } from '../../toolkit/fields.ts'
import type { Claim, Decoding } from '../../toolkit/record.ts'
import { isOpenclawRoute } from '../openclaw/routes.ts'

/** What a record of a proxy claims, before it is known who did it, when and where. */
export type ClaimDraft = Pick<Claim, 'signal' | 'labels' | 'outcome' | 'severity'>

/** What else a record of a proxy says. */
export interface ProxyRecord {
  readonly proxy: ReverseProxy
  readonly time: EpochMs
  /** The paths that the request may stand for; empty where there is none. */
  readonly paths?: readonly string[]
  /** The other end of the proxy's socket: the only address in its record that no client writes. */
  readonly peerAddress?: string | undefined
  /** The user as the client claims it. */
  readonly user?: unknown
  readonly trace?: TraceReference | undefined
}

/** One event of a proxy. */
export function proxyClaim(draft: ClaimDraft, record: ProxyRecord): Decoding {
  const { proxy, time, paths = [], peerAddress, user, trace } = record
  const route = paths.find(isOpenclawRoute) ?? paths[0]
  const origin = { service: proxy, ...(route !== undefined && { route }) }
  const identity = textOf(user)
  const actor = { ...(identity !== undefined && { identity }), ...(peerAddress !== undefined && { peerAddress }) }
  const claim: Claim = { ...draft, time, count: 1, stream: 'other', origin, actor }
  return { kind: 'claim', time, claim: trace === undefined ? claim : { ...claim, trace } }
}

/** The certificate of a verified client: subject and issuer of one that failed are the client's own words. */
export function shownCertificate(
  proxy: ReverseProxy,
  time: EpochMs,
  subject: unknown,
  expires: EpochMs | undefined,
): Decoding | undefined {
  const name = textOf(subject)
  if (name === undefined || expires === undefined) return undefined
  return { kind: 'certificate', time, origin: { service: proxy }, subject: name, expires }
}
