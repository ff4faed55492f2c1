import type { Policy, PolicyEngine } from '../../../../core/labels/policy.ts'
import { decisionClaim, type Extraction, noSignal, type Template } from './template.ts'
import { repeats, splitTrailing } from './text.ts'

/** Refusals by the beginning of their message, which the gateway writes, whatever the error code. */
const byMessage: readonly (readonly [string, PolicyEngine, Policy])[] = [
  ['missing scope: ', 'openclaw-rpc', 'missing_scope'],
  ['unauthorized role: ', 'openclaw-rpc', 'unauthorized_role'],
  ['node command not allowed: ', 'openclaw-node', 'node_command'],
]
/** Refusals under every code; the other messages only under FORBIDDEN. */
const ALWAYS_REFUSED = new Set<Policy>(['unauthorized_role', 'node_command'])

const CODE = ' errorCode='
const MESSAGE = ' errorMessage='

/**
 * The result of a failed call. The method is written by the caller and comes first; the connection id is shortened,
 * which is not unique enough for a pair key. Only refusals are decisions: a conflict or an unavailable node is not.
 */
function readFailure(rest: string): Extraction {
  const codeAt = rest.indexOf(CODE)
  const messageAt = rest.indexOf(MESSAGE, codeAt + CODE.length)
  if (codeAt === -1 || messageAt === -1) return 'no_signal'
  const forbidden = rest.slice(codeAt + CODE.length, messageAt) === 'FORBIDDEN'
  const message = rest.slice(messageAt + MESSAGE.length)
  const known = byMessage.find(([start]) => message.startsWith(start))
  if (known !== undefined && (forbidden || ALWAYS_REFUSED.has(known[2]))) {
    return { ...decisionClaim(known[1], known[2], 'deny'), count: 1 + heldBack(message) }
  }
  return forbidden ? { ...decisionClaim('openclaw-rpc', 'other', 'deny'), count: 1 + heldBack(message) } : 'no_signal'
}

/** `suppressedUnauthorizedResponses=` as the gateway writes it: directly before the ids that end the line. */
function heldBack(message: string): number {
  const connAt = message.lastIndexOf(' conn=')
  if (connAt === -1) return 0
  return repeats(splitTrailing(message.slice(0, connAt), 'suppressedUnauthorizedResponses').digits)
}

/** Results of calls over the WebSocket. */
export const rpcTemplates: readonly Template[] = [
  {
    id: 'rpc-failed',
    subsystems: ['gateway/ws'],
    prefix: '⇄ res ✗ ',
    evidence: 'captured',
    moves: ['policy_decisions', 'no_signal'],
    read: (_line, rest) => readFailure(rest),
  },
  { id: 'rpc-succeeded', subsystems: ['gateway/ws'], prefix: '⇄ res ✓ ', evidence: 'captured', ...noSignal },
]
