import type { AuthReason } from '../../../core/labels/authentication.ts'
import { signals } from '../../../core/signals.ts'
import { decisionOutcome, refused } from '../../toolkit/claims.ts'
import { isOpenclawRoute } from '../openclaw/routes.ts'
import type { ClaimDraft } from './claim.ts'

/** A request, as the access log of a proxy reports it. */
export interface AnsweredRequest {
  readonly status: number
  /** The paths that it may stand for; empty where it cannot be read. */
  readonly paths: readonly string[]
  /** True where the proxy itself answered, and no program behind it. */
  readonly isAnsweredByProxy: boolean
}

/** Why a proxy, or OpenClaw behind it, refused to authenticate a request, by the status of the answer. */
const reasonByStatus = new Map<number, AuthReason>([
  [400, 'http_400'],
  [401, 'http_401'],
  [403, 'http_403'],
  [429, 'rate_limited'],
])

/** A body that is too large: a limit decided, and nothing was authenticated. */
const TOO_LARGE = 413

/** The statuses that count as a refusal, for prefilters. */
export const refusalStatuses: readonly number[] = [...reasonByStatus.keys(), TOO_LARGE]

/**
 * A request that was refused; OpenClaw's own log does not report it. What another program behind the same proxy refused
 * is not counted, where the path says that it is one.
 */
export function refusedRequest({ status, paths, isAnsweredByProxy }: AnsweredRequest): ClaimDraft | undefined {
  const reason = reasonByStatus.get(status)
  if (reason === undefined && status !== TOO_LARGE) return undefined
  const counts = isAnsweredByProxy || paths.length === 0 || paths.some(isOpenclawRoute)
  if (!counts) return undefined
  return reason === undefined ? tooLarge : refused('http', reason)
}

const tooLarge: ClaimDraft = {
  signal: 'policy_decisions',
  labels: { engine: 'reverse-proxy', policy: 'request_size', decision: 'deny' },
  outcome: decisionOutcome.deny,
  severity: signals.policy_decisions.severity,
}
