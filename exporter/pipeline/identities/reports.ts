import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import type { Account, SecurityEvent } from '../../../core/event.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import type { DeviceToken } from '../../../decoding/toolkit/device-tokens.ts'
import type { IdentityNames, IdentityReport } from './identity.ts'

/** What became of an identity by a change. */
type Change = (names: IdentityNames, time: EpochMs, rights: readonly string[]) => IdentityReport | 'removed'

const noted: Change = (names, time) => ({ names, time })
const removed: Change = () => 'removed'
const withNewSecret: Change = (names, time) => ({ names, time, secretSet: time })
const withNewToken: Change = (names, time, scopes) => ({
  names,
  time,
  secretSet: time,
  ...(scopes.length > 0 && { scopes }),
})

/** The drifts that say something about an identity. */
const changes: Readonly<Partial<Record<DriftKind, Change>>> = {
  client_created: withNewSecret,
  secret_rotated: withNewSecret,
  // An update may contain a new secret, which the event does not say: the age that is proven begins again.
  client_changed: withNewSecret,
  client_deleted: removed,
  user_created: noted,
  user_changed: (names, time) => ({ names, time, isDisabled: false }),
  user_disabled: (names, time) => ({ names, time, isDisabled: true }),
  user_deleted: removed,
  role_granted: (names, time, granted) => ({ names, time, granted }),
  role_revoked: (names, time, revoked) => ({ names, time, revoked }),
  pairing_approved: withNewToken,
  pairing_auto_approved: withNewToken,
  token_rotated: withNewToken,
  token_revoked: removed,
  pairing_removed: removed,
  pairing_pruned: removed,
}
const changeByKind: ReadonlyMap<unknown, Change> = new Map(Object.entries(changes))

/** What an event reports of an identity; undefined of most events. A time of the future is that of now. */
export function reportOf(
  event: SecurityEvent,
  now: EpochMs,
): IdentityReport | { readonly removed: Account } | undefined {
  const { signal, account, labels, eventTime } = event
  if (account === undefined) return undefined
  const time = Math.min(eventTime, now)
  if (signal === 'auth_successes') return useOf(account, time)
  if (signal !== 'posture_drifts') return undefined
  const report = changeByKind.get(labels.kind)?.(namesOf(account), time, account.rights ?? [])
  return report === 'removed' ? { removed: account } : report
}

/** By minutes, so that one that is busy is saved once a minute. */
function useOf(account: Account, time: EpochMs): IdentityReport {
  const minute = Math.floor(time / MINUTE_MS) * MINUTE_MS
  const { rights: scopes } = account
  return { names: namesOf(account), time: minute, used: minute, ...(scopes !== undefined && { scopes }) }
}

const namesOf = ({ rights: _, ...names }: Account): IdentityNames => names

/** What a list of devices says of a token. */
export function reportOfToken(token: DeviceToken, time: EpochMs): IdentityReport {
  const { device, role, scopes, label, created, rotated, used } = token
  const known = (at: EpochMs | undefined) => (at === undefined ? undefined : Math.min(at, time))
  const [secretSet, usedAt] = [known(rotated ?? created), known(used)]
  return {
    names: { kind: 'device_token', id: device, role, ...(label !== undefined && { name: label }) },
    time,
    scopes,
    isListed: true,
    ...(secretSet !== undefined && { secretSet }),
    ...(usedAt !== undefined && { used: usedAt }),
  }
}
