import type { AuthReason, Mechanism } from '../../../../core/labels/authentication.ts'
import { signals } from '../../../../core/signals.ts'
import { foldReason, mechanismOfCredential, mechanismOfReason, refused } from '../../../toolkit/claims.ts'
import { textOf } from '../../../toolkit/fields.ts'
import { closedBeforeConnect } from './closed-before-connect.ts'
import { isTruncated, type LogLine } from './log-line.ts'
import { type ClaimDraft, drift, type Extraction, noSignal, type Template } from './template.ts'
import { connectionId, firstField, gatewayPort, lastField, repeats, splitTrailing, wordAt } from './text.ts'

const subsystems = ['gateway/ws'] as const

/** The origin of a connection's line: `peer` and `remote` precede all of the caller's words. */
function connection(rest: string): Pick<ClaimDraft, 'actor' | 'pair' | 'port'> {
  const conn = connectionId(wordAt(rest, 0))
  const peerAddress = firstField(rest, 'remote')
  const port = gatewayPort(firstField(rest, 'peer'))
  return {
    actor: peerAddress === undefined || peerAddress === '?' ? {} : { peerAddress },
    ...(conn !== undefined && { pair: { key: conn, role: 'partner' } }),
    ...(port !== undefined && { port }),
  }
}

/** A line that reports a failure before `closed before connect` reports it again: counted only without its partner. */
function enriching(mechanism: Mechanism, reason: AuthReason): Pick<Template, 'moves' | 'labels' | 'read'> {
  return {
    moves: ['auth_failures'],
    labels: [mechanism, reason],
    read: (_line, rest) => ({ ...refused(mechanism, reason), ...connection(rest) }),
  }
}

/**
 * The reason is the word after the last ` reason=`: only the gateway's own guidance and number follow it. `auth=` is
 * among the caller's words, so it is read only if the reason does not decide the mechanism. In a truncated line, the
 * last ` reason=` could be the caller's; the failure is then counted from the line of the close.
 */
function readUnauthorized(line: LogLine, rest: string): Extraction {
  if (isTruncated(line)) return undefined
  const { before, digits } = splitTrailing(rest, 'suppressed')
  const word = lastField(before, 'reason')
  if (word === undefined) return undefined
  const reason = foldReason(word)
  const mechanism = mechanismOfReason(reason) ?? mechanismOfCredential(firstField(before, 'auth')) ?? 'other'
  return { ...refused(mechanism, reason), count: 1 + repeats(digits), ...connection(rest) }
}

/** A credential that was refused. */
export const unauthorized: Template = {
  id: 'unauthorized',
  subsystems,
  prefix: 'unauthorized conn=',
  evidence: 'captured',
  moves: ['auth_failures', 'auth_lockouts'],
  read: readUnauthorized,
}

/** How a WebSocket client is admitted or refused. */
export const handshakeTemplates: readonly Template[] = [
  closedBeforeConnect,
  unauthorized,
  {
    id: 'protocol-mismatch',
    subsystems,
    prefix: 'protocol mismatch conn=',
    evidence: 'captured',
    ...enriching('handshake', 'protocol-mismatch'),
  },
  {
    id: 'control-ui-build-rejected',
    subsystems,
    prefix: 'control ui build rejected conn=',
    evidence: 'captured',
    ...enriching('handshake', 'control-ui-build-mismatch'),
  },
  {
    id: 'handshake-timeout',
    subsystems,
    prefix: 'handshake timeout conn=',
    evidence: 'source',
    ...enriching('handshake', 'handshake-timeout'),
  },
  {
    id: 'invalid-handshake',
    subsystems,
    prefix: 'invalid handshake conn=',
    evidence: 'source',
    ...enriching('handshake', 'invalid-handshake'),
  },
  {
    id: 'missing-ingress-attribution',
    subsystems,
    prefix: 'gateway websocket missing prepared ingress attribution conn=',
    evidence: 'source',
    ...enriching('handshake', 'missing-ingress-attribution'),
  },
  {
    id: 'user-profile-resolution-failed',
    subsystems,
    prefix: 'user profile resolution failed conn=',
    evidence: 'source',
    ...enriching('other', 'authenticated-profile-unavailable'),
  },
  {
    id: 'worker-admission-rejected',
    subsystems,
    prefix: 'worker admission rejected reason=',
    evidence: 'source',
    moves: ['auth_failures'],
    read: (_line, rest) => refused('other', foldReason(rest)),
  },
  {
    id: 'authenticated-user-connected',
    subsystems,
    prefix: 'authenticated user connected conn=',
    evidence: 'source',
    moves: ['auth_successes'],
    read: (_line, rest) => {
      const identity = textOf(rest.split(' user=', 2)[1])
      return {
        signal: 'auth_successes',
        labels: { mechanism: 'other' },
        outcome: 'success',
        severity: signals.auth_successes.severity,
        actor: identity === undefined ? {} : { identity },
      }
    },
  },
  {
    id: 'host-header-origin-accepted',
    subsystems,
    prefix: 'security warning: websocket origin accepted via Host-header fallback conn=',
    evidence: 'captured',
    ...drift('host_header_origin', 'high'),
  },
  {
    id: 'non-local-host-header',
    subsystems,
    prefix: 'Loopback connection with non-local Host header.',
    evidence: 'captured',
    ...drift('non_local_host_header', 'medium'),
  },
  {
    id: 'legacy-node-protocol',
    subsystems,
    prefix: 'legacy node protocol accepted conn=',
    evidence: 'source',
    ...drift('legacy_protocol', 'low'),
  },
  {
    id: 'node-version-mismatch',
    subsystems,
    prefix: 'node version mismatch conn=',
    evidence: 'source',
    ...drift('version_mismatch', 'low'),
  },
  // A frame that is not JSON: the close that follows has no cause and is not a failure.
  { id: 'frame-parse-error', subsystems, prefix: '✗ parse-error error=', evidence: 'captured', ...noSignal },
  { id: 'handle-error', subsystems: ['gateway'], prefix: 'parse/handle error: ', evidence: 'captured', ...noSignal },
  // Reports host-header-origin-accepted again, without a connection id.
  {
    id: 'host-header-origin-metric',
    subsystems: ['gateway'],
    prefix: 'security metric: gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback accepted',
    evidence: 'captured',
    ...noSignal,
  },
  {
    id: 'authenticated-user-disconnected',
    subsystems,
    prefix: 'authenticated user disconnected code=',
    evidence: 'source',
    ...noSignal,
  },
  { id: 'webchat-connected', subsystems, prefix: 'webchat connected conn=', evidence: 'source', ...noSignal },
  { id: 'webchat-disconnected', subsystems, prefix: 'webchat disconnected code=', evidence: 'source', ...noSignal },
]
