import type { Building } from '../../../../core/building.ts'
import type { Mechanism } from '../../../../core/labels/authentication.ts'
import type { DriftKind } from '../../../../core/labels/posture.ts'
import { foldReason, mechanismOfCredential, mechanismOfReason, refused } from '../../../toolkit/claims.ts'
import { textOf } from '../../../toolkit/fields.ts'
import { type ClaimedActor, MAX_FORWARDED } from '../../../toolkit/record.ts'
import { isTruncated, type LogLine, type Meta } from './log-line.ts'
import { type ClaimDraft, driftClaim, type Extraction, type Template } from './template.ts'
import { connectionId, repeats, splitTrailing, wordAt } from './text.ts'

/** Causes whose mechanism does not depend on a credential. A cause that is not an attempt is `no_signal`. */
const byCause = new Map<unknown, Mechanism | 'no_signal'>([
  ['device-auth-invalid', 'device'],
  ['device-required', 'device'],
  ['control-ui-insecure-auth', 'device'],
  ['origin-mismatch', 'origin'],
  ['pairing-required', 'pairing'],
  ['node-pairing-generation-changed', 'pairing'],
  ['protocol-mismatch', 'handshake'],
  ['invalid-role', 'handshake'],
  ['invalid-handshake', 'handshake'],
  ['invalid-client', 'handshake'],
  ['control-ui-build-mismatch', 'handshake'],
  ['handshake-timeout', 'handshake'],
  ['missing-ingress-attribution', 'handshake'],
  ['bootstrap-token-consume-failed', 'bootstrap_token'],
  ['connect-aborted-before-register', 'no_signal'],
  ['startup-sidecars-pending', 'no_signal'],
])

const upgradeByReason = new Map<unknown, DriftKind>([
  ['role-upgrade', 'role_upgrade'],
  ['scope-upgrade', 'scope_upgrade'],
  ['metadata-upgrade', 'metadata_upgrade'],
])

/** The drift that a refused device requested, from the gateway's reason. */
export function upgradeKind(reason: unknown): DriftKind | undefined {
  return upgradeByReason.get(reason)
}

/**
 * Every connection that ends before it is admitted. Cause, reason and addresses are read from meta only, because the
 * caller can imitate them in the text. The text gives the connection id, which precedes the caller's words, and the
 * number of suppressed repeats, which the gateway writes after its own phase at the very end.
 */
export const closedBeforeConnect: Template = {
  id: 'closed-before-connect',
  subsystems: ['gateway/ws'],
  prefix: 'closed before connect conn=',
  evidence: 'captured',
  moves: ['auth_failures', 'auth_lockouts', 'posture_drifts', 'no_signal'],
  read: readClose,
}

function readClose(line: LogLine, rest: string): Extraction {
  const { meta } = line
  if (meta === undefined || typeof meta.cause !== 'string') return 'no_signal'
  const mechanism = byCause.get(meta.cause) ?? credentialMechanism(meta)
  if (mechanism === 'no_signal') return 'no_signal'

  const conn = connectionId(wordAt(rest, 0))
  const upgrade = meta.cause === 'pairing-required' ? upgradeKind(meta.reason) : undefined
  const reason = foldReason(meta.authReason ?? meta.reason ?? meta.cause)
  const claim: Building<ClaimDraft> =
    upgrade === undefined
      ? { ...refused(mechanism, reason), count: 1 + suppressed(line, meta), actor: actorOf(meta) }
      : { ...driftClaim(upgrade, 'high'), outcome: 'unknown', actor: actorOf(meta) }
  if (conn !== undefined) claim.pair = { key: conn, role: 'leading' }
  if (typeof meta.localPort === 'number') claim.port = meta.localPort
  return claim
}

function credentialMechanism(meta: Meta): Mechanism {
  return (
    mechanismOfCredential(meta.authProvided) ??
    mechanismOfReason(foldReason(meta.authReason)) ??
    mechanismOfCredential(meta.authMode) ??
    'other'
  )
}

/** Older releases write no phase at the end, and a caller's own close reason could end in a number there. */
function suppressed(line: LogLine, meta: Meta): number {
  if (isTruncated(line) || typeof meta.phase !== 'string') return 0
  const { before, digits } = splitTrailing(line.text, 'suppressed')
  return before.endsWith(` phase=${meta.phase}`) ? repeats(digits) : 0
}

function actorOf(meta: Meta): ClaimedActor {
  const device = textOf(meta.deviceId)
  const peerAddress = textOf(meta.remoteAddr)
  const forwardedFor = textOf(meta.forwardedFor, MAX_FORWARDED)
  const actor: Building<ClaimedActor> = {}
  if (device !== undefined) actor.device = device
  if (peerAddress !== undefined) actor.peerAddress = peerAddress
  if (forwardedFor !== undefined) actor.forwardedFor = forwardedFor
  return actor
}
