import type { Building } from '../../../core/building.ts'
import type { EpochMs } from '../../../core/clock.ts'
import type { AccountKind } from '../../../core/labels/authentication.ts'

/** Where an identity acts. */
export interface IdentityPlace {
  readonly gateway: string
  readonly trustZone: string
}

/** By what an identity is recognised. What is not known yet is absent. */
export interface IdentityNames {
  readonly kind: AccountKind
  readonly realm?: string
  /** Of a token of a device: the id of the device. */
  readonly id?: string
  /** Of a client: the user that has its roles. */
  readonly userId?: string
  readonly name?: string
  /** Of a token of a device. */
  readonly role?: string
}

/** Whether something holds by the newest record about it. */
interface Held {
  readonly time: EpochMs
  readonly isHeld: boolean
}

interface TokenScopes {
  readonly time: EpochMs
  readonly scopes: readonly string[]
}

/** What is known of an identity; times are of records. */
export interface Identity extends IdentityPlace, IdentityNames {
  /** Of the earliest record about it. */
  readonly since: EpochMs
  /** Of the newest record about it. */
  readonly seen: EpochMs
  /** Of the newest sign-in. */
  readonly used?: EpochMs
  /** When its secret was set. */
  readonly secretSet?: EpochMs
  readonly disabled?: Held
  /** Rights that an administrator has granted or revoked. */
  readonly granted: Readonly<Record<string, Held>>
  /** Of its newest token. */
  readonly token?: TokenScopes
  /** Time of the newest list that has it, which says when it was used. */
  readonly listed?: EpochMs
}

/** What a record reports of an identity. */
export interface IdentityReport {
  readonly names: IdentityNames
  readonly time: EpochMs
  readonly used?: EpochMs
  readonly secretSet?: EpochMs
  readonly isDisabled?: boolean
  readonly granted?: readonly string[]
  readonly revoked?: readonly string[]
  readonly scopes?: readonly string[]
  readonly isListed?: true
}

/** Rights of one identity that are kept. */
const MAX_RIGHTS = 128

/** The identity of a first report, as far as its names go. */
export function named({ gateway, trustZone }: IdentityPlace, { names, time }: IdentityReport): Identity {
  return { gateway, trustZone, ...names, since: time, seen: time, granted: {} }
}

/** The identity after a report. Reports may come in any order and repeatedly: of each fact the newest one holds. */
export function withReport(
  identity: Identity,
  { gateway, trustZone }: IdentityPlace,
  report: IdentityReport,
): Identity {
  const { names, time, used, secretSet, isDisabled, granted = [], revoked = [], scopes, isListed } = report
  const reported: Building<Identity> = { gateway, trustZone, ...names, since: time, seen: time, granted: noRights }
  if (used !== undefined) reported.used = used
  if (secretSet !== undefined) reported.secretSet = secretSet
  if (isDisabled !== undefined) reported.disabled = { time, isHeld: isDisabled }
  if (granted.length > 0 || revoked.length > 0) reported.granted = rightsAt(time, granted, revoked)
  if (scopes !== undefined) reported.token = { time, scopes }
  if (isListed) reported.listed = time
  return joined(identity, reported)
}

const noRights: Identity['granted'] = {}

function rightsAt(time: EpochMs, granted: readonly string[], revoked: readonly string[]): Identity['granted'] {
  const rights = [...granted.map(right => [right, true] as const), ...revoked.map(right => [right, false] as const)]
  return Object.fromEntries(rights.map(([right, isHeld]) => [right, { time, isHeld }]))
}

/** What two parts say that are of the same identity; in any order. */
export function joined(one: Identity, other: Identity): Identity {
  const identity: Building<Identity> = {
    gateway: one.gateway,
    trustZone: zoneOf(one, other),
    ...namesOf(one, other),
    since: Math.min(one.since, other.since),
    seen: Math.max(one.seen, other.seen),
    granted: rightsOf(one.granted, other.granted),
  }
  put(identity, 'used', greatest(one.used, other.used))
  put(identity, 'secretSet', greatest(one.secretSet, other.secretSet))
  put(identity, 'disabled', newest(one.disabled, other.disabled))
  put(identity, 'token', newestToken(one.token, other.token))
  put(identity, 'listed', greatest(one.listed, other.listed))
  return identity
}

/** The newer names hold. A user that is that of a client is no identity of its own: its names are not the client's. */
function namesOf(one: Identity, other: Identity): IdentityNames {
  const [older, newer] = one.seen <= other.seen ? [one, other] : [other, one]
  const client = one.kind === 'user' ? other : one
  const [before, after] = one.kind === other.kind ? [older, newer] : [client, client]
  const names: Building<IdentityNames> = { kind: client.kind }
  put(names, 'realm', after.realm ?? before.realm)
  put(names, 'id', after.id ?? before.id)
  put(names, 'userId', after.userId ?? before.userId)
  put(names, 'name', after.name ?? before.name)
  put(names, 'role', after.role ?? before.role)
  return names
}

/** Sets what is known: JSON has no undefined. */
function put<T extends object, Key extends keyof T>(parts: T, key: Key, value: T[Key] | undefined): void {
  if (value !== undefined) parts[key] = value
}

/** That of its sign-ins, where there was one: changes by administrators are of another zone. */
function zoneOf(one: Identity, other: Identity): string {
  const [first = 0, second = 0] = [one.used, other.used]
  if (first !== second) return first > second ? one.trustZone : other.trustZone
  return [one.trustZone, other.trustZone].sort()[0] ?? one.trustZone
}

function rightsOf(one: Identity['granted'], other: Identity['granted']): Identity['granted'] {
  if (other === noRights) return one
  const rights = { ...one }
  for (const [right, held] of Object.entries(other)) rights[right] = newest(rights[right], held) ?? held
  const entries = Object.entries(rights)
  if (entries.length <= MAX_RIGHTS) return rights
  const byWorth = entries.sort(([, a], [, b]) => Number(b.isHeld) - Number(a.isHeld) || b.time - a.time)
  return Object.fromEntries(byWorth.slice(0, MAX_RIGHTS))
}

const greatest = (one: EpochMs | undefined, other: EpochMs | undefined): EpochMs | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one

/** Of two tokens of one minute the scopes of both. */
function newestToken(one: TokenScopes | undefined, other: TokenScopes | undefined): TokenScopes | undefined {
  if (one === undefined || other === undefined || one.time !== other.time) return newest(one, other)
  const scopes = [...new Set([...one.scopes, ...other.scopes])].sort()
  return { time: one.time, scopes: scopes.slice(0, MAX_RIGHTS) }
}

/** Of two at the same time always the same one. */
function newest<T extends { readonly time: EpochMs }>(one: T | undefined, other: T | undefined): T | undefined {
  if (one === undefined || other === undefined) return one ?? other
  if (one.time !== other.time) return one.time > other.time ? one : other
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other
}
