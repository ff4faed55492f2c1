import type { Account } from '../../../../core/event.ts'
import type { Policy } from '../../../../core/labels/policy.ts'
import type { ClaimedActor } from '../../../toolkit/record.ts'
import { upgradeKind } from './closed-before-connect.ts'
import { isTruncated, type LogLine } from './log-line.ts'
import {
  decided,
  decisionClaim,
  drift,
  driftClaim,
  type Extraction,
  guarded,
  noSignal,
  type Template,
  tokenDrift,
} from './template.ts'
import { connectionId, firstField, lastField, wordAt } from './text.ts'

const subsystems = ['gateway'] as const

/** The id follows the prefix directly. */
function firstWordDevice(rest: string): ClaimedActor {
  const device = wordAt(rest, 0)
  return device === undefined ? {} : { device }
}

/** A device's id is the hash of its key; role and scopes are words of the gateway. */
const TOKEN = /^([0-9a-f]{64}) role=([\w.-]{1,64})(?: scopes=([\w.:,*-]{0,2048}))?$/
const DEVICE = /^([0-9a-f]{64})(?: |$)/

/** The token that was set or revoked; of a line in another form none. */
function tokenOf(rest: string): Account | undefined {
  const [, id, role, scopes] = TOKEN.exec(rest) ?? []
  if (id === undefined || role === undefined || role === 'unknown') return undefined
  const rights = scopes?.split(',', MAX_SCOPES).filter(scope => scope !== '')
  return { kind: 'device_token', id, role, ...(rights !== undefined && { rights }) }
}

/** Every token of the device. */
function anyToken(rest: string): Account | undefined {
  const id = DEVICE.exec(rest)?.[1]
  return id === undefined ? undefined : { kind: 'device_token', id }
}

const MAX_SCOPES = 64

/** `device=` and `ip=` of a `security audit:` line: the gateway writes both before any of the caller's words. */
function auditedDevice(rest: string): ClaimedActor {
  const device = firstField(` ${rest}`, 'device')
  const ip = firstField(rest, 'ip')
  return {
    ...(device !== undefined && { device }),
    ...(ip !== undefined && ip !== 'unknown-ip' && { resolvedAddress: ip }),
  }
}

/**
 * A known device requests more. The same connection is closed with `pairing-required` a moment later, and that line
 * leads: this one counts only without it. The connection id is the last word, after everything that the caller wrote,
 * unless the line was truncated.
 */
function readUpgrade(line: LogLine, rest: string): Extraction {
  if (isTruncated(line)) return undefined
  const kind = upgradeKind(wordAt(rest, 0))
  if (kind === undefined) return undefined
  const conn = connectionId(lastField(rest, 'conn'))
  return {
    ...driftClaim(kind, 'high', auditedDevice(rest)),
    outcome: 'unknown',
    ...(conn !== undefined && { pair: { key: conn, role: 'partner' } }),
  }
}

const denialByReason = new Map<unknown, Policy>([
  ['device-ownership-mismatch', 'device_ownership'],
  ['role-management-requires-admin', 'role_management'],
])

/** The gateway refuses to administer a device; the reason is the gateway's word, at the end or before a scope. */
function deniedBecause(fallback: Policy): Pick<Template, 'moves' | 'read'> {
  return {
    moves: ['policy_decisions'],
    read: (_line, rest) => {
      const policy = denialByReason.get(firstField(rest, 'reason')) ?? fallback
      return decisionClaim('openclaw-device', policy, 'deny', rest.startsWith('device=') ? auditedDevice(rest) : {})
    },
  }
}

const captured = 'captured'
const source = 'source'

/** Pairing and the life cycle of devices, nodes and their tokens. */
export const deviceTemplates: readonly Template[] = [
  {
    id: 'device-pairing-approved',
    subsystems,
    prefix: 'device pairing approved device=',
    evidence: captured,
    ...tokenDrift('pairing_approved', 'low', firstWordDevice, tokenOf),
  },
  {
    id: 'device-pairing-auto-approved',
    subsystems,
    prefix: 'device pairing auto-approved device=',
    evidence: captured,
    ...tokenDrift('pairing_auto_approved', 'medium', firstWordDevice, tokenOf),
  },
  {
    id: 'device-pairing-removed',
    subsystems,
    prefix: 'device pairing removed device=',
    evidence: captured,
    ...tokenDrift('pairing_removed', 'medium', firstWordDevice, anyToken),
  },
  {
    id: 'device-pairing-renamed',
    subsystems,
    prefix: 'device pairing renamed device=',
    evidence: captured,
    ...drift('pairing_renamed', 'low', firstWordDevice),
  },
  {
    id: 'device-pairing-pruned',
    subsystems,
    prefix: 'device pairing pruned superseded silent pairing device=',
    evidence: captured,
    ...tokenDrift('pairing_pruned', 'low', firstWordDevice, anyToken),
  },
  {
    id: 'device-token-rotated',
    subsystems,
    prefix: 'device token rotated device=',
    evidence: captured,
    ...tokenDrift('token_rotated', 'medium', firstWordDevice, tokenOf),
  },
  {
    id: 'device-token-revoked',
    subsystems,
    prefix: 'device token revoked device=',
    evidence: captured,
    ...tokenDrift('token_revoked', 'high', firstWordDevice, tokenOf),
  },
  {
    id: 'device-pairing-approval-denied',
    subsystems,
    prefix: 'device pairing approval denied ',
    evidence: source,
    ...deniedBecause('pairing_administration'),
  },
  {
    id: 'device-pairing-rejection-denied',
    subsystems,
    prefix: 'device pairing rejection denied ',
    evidence: source,
    ...deniedBecause('pairing_administration'),
  },
  {
    id: 'device-pairing-removal-denied',
    subsystems,
    prefix: 'device pairing removal denied ',
    evidence: source,
    ...deniedBecause('pairing_administration'),
  },
  {
    id: 'device-pairing-rename-denied',
    subsystems,
    prefix: 'device pairing rename denied ',
    evidence: source,
    ...deniedBecause('pairing_administration'),
  },
  {
    id: 'device-token-rotation-denied',
    subsystems,
    prefix: 'device token rotation denied ',
    evidence: source,
    ...deniedBecause('token_scope'),
  },
  {
    id: 'device-token-revocation-denied',
    subsystems,
    prefix: 'device token revocation denied ',
    evidence: source,
    ...deniedBecause('token_scope'),
  },
  {
    id: 'device-access-upgrade',
    subsystems,
    prefix: 'security audit: device access upgrade requested reason=',
    evidence: captured,
    moves: ['posture_drifts'],
    read: readUpgrade,
  },
  {
    id: 'device-metadata-upgrade',
    subsystems,
    prefix: 'security audit: device metadata upgrade requested reason=',
    evidence: captured,
    moves: ['posture_drifts'],
    read: readUpgrade,
  },
  {
    id: 'live-device-scope-upgrade',
    subsystems,
    prefix: 'security audit: live device scope upgrade requested device=',
    evidence: source,
    ...drift('scope_upgrade', 'high', firstWordDevice),
  },
  {
    id: 'trusted-proxy-auto-approved',
    subsystems,
    prefix: 'security audit: trusted-proxy operator device auto-approved user=',
    evidence: source,
    ...decided('openclaw-device', 'trusted_proxy_auto_approve', 'allow'),
  },
  {
    id: 'identity-scope-grant',
    subsystems,
    prefix: 'security audit: identity scope grant elevated connection identity=',
    evidence: source,
    ...decided('openclaw-rpc', 'identity_scope_grant', 'allow'),
  },
  {
    id: 'ssh-verified-auto-approve',
    subsystems,
    prefix: 'security audit: device pairing ssh-verified auto-approve ',
    evidence: source,
    ...guarded(rest => rest.startsWith('device='), decided('openclaw-device', 'ssh_verify', 'allow', auditedDevice)),
  },
  {
    id: 'node-surface-auto-approve',
    subsystems,
    prefix: 'security audit: node capability surface ',
    evidence: source,
    ...guarded(rest => rest.includes(' auto-approve node='), decided('openclaw-node', 'node_surface', 'allow')),
  },
  {
    id: 'ssh-verify-not-approved',
    subsystems,
    prefix: 'node pairing ssh-verify did not approve ',
    evidence: source,
    ...guarded(rest => rest.startsWith('device='), decided('openclaw-device', 'ssh_verify', 'deny', auditedDevice)),
  },
  { id: 'ssh-verify-failed', subsystems, prefix: 'node pairing ssh-verify failed ', evidence: source, ...noSignal },
  {
    id: 'node-pairing-removal-denied',
    subsystems,
    prefix: 'node pairing removal denied node=',
    evidence: source,
    ...decided('openclaw-device', 'pairing_administration', 'deny', firstWordDevice),
  },
  {
    id: 'node-rename-denied',
    subsystems,
    prefix: 'node rename denied node=',
    evidence: source,
    ...decided('openclaw-device', 'pairing_administration', 'deny', firstWordDevice),
  },
  {
    id: 'node-pairing-removed',
    subsystems,
    prefix: 'node pairing removed device-backed node=',
    evidence: source,
    ...tokenDrift('pairing_removed', 'medium', firstWordDevice, anyToken),
  },
  {
    id: 'push-apns-rejected',
    subsystems,
    prefix: 'push apns register rejected node=',
    evidence: source,
    ...decided('openclaw-node', 'push_registration', 'deny'),
  },
  {
    id: 'push-relay-rejected',
    subsystems,
    prefix: 'push relay register rejected node=',
    evidence: source,
    ...decided('openclaw-node', 'push_registration', 'deny'),
  },
  {
    id: 'node-surface-withheld',
    subsystems: ['gateway/node-connect'],
    prefix: 'node command surface withheld node=',
    evidence: captured,
    ...decided('openclaw-node', 'node_surface', 'deny', firstWordDevice),
  },
  {
    id: 'node-descriptor-dropped',
    subsystems: [],
    prefix: 'node ',
    evidence: source,
    ...guarded(rest => rest.includes(' published '), decided('openclaw-node', 'node_descriptor', 'deny')),
  },
]
