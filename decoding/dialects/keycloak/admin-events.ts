import type { Account } from '../../../core/event.ts'
import { isObject, parseJson } from '../../../core/json.ts'
import type { AccountKind } from '../../../core/labels/authentication.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import { textOf } from '../../toolkit/fields.ts'
import type { KeycloakEvent } from './event.ts'

/** Kinds of drift by operation (`OperationType`); an operation that is not here is of no signal. */
type KindByOperation = Readonly<Partial<Record<Operation, DriftKind>>>

const operations = ['CREATE', 'UPDATE', 'DELETE', 'ACTION'] as const
type Operation = (typeof operations)[number]

const always = (kind: DriftKind): KindByOperation => ({ CREATE: kind, UPDATE: kind, DELETE: kind })
const roles: KindByOperation = { CREATE: 'role_granted', DELETE: 'role_revoked', UPDATE: 'role_changed' }
const scopes: KindByOperation = { CREATE: 'scope_granted', DELETE: 'scope_revoked', UPDATE: 'scope_changed' }

/** What an administrator changed, by `resourceType` (`ResourceType` of Keycloak 26.4). */
const kindByResource: ReadonlyMap<string, KindByOperation> = new Map([
  ['REALM_ROLE_MAPPING', roles],
  ['CLIENT_ROLE_MAPPING', roles],
  // A group passes its roles on to its members.
  ['GROUP_MEMBERSHIP', roles],
  ['REALM_ROLE', always('role_changed')],
  ['CLIENT_ROLE', always('role_changed')],
  ['GROUP', always('role_changed')],
  ['REALM_SCOPE_MAPPING', scopes],
  ['CLIENT_SCOPE_MAPPING', scopes],
  ['CLIENT_SCOPE_CLIENT_MAPPING', scopes],
  ['CLIENT_SCOPE', always('scope_changed')],
  ['PROTOCOL_MAPPER', always('scope_changed')],
  ['USER', { CREATE: 'user_created', UPDATE: 'user_changed', DELETE: 'user_deleted' }],
  ['CLIENT', { CREATE: 'client_created', UPDATE: 'client_changed', DELETE: 'client_deleted' }],
  ['USER_LOGIN_FAILURE', { DELETE: 'lockout_cleared' }],
  ['USER_SESSION', {}],
  ['CLUSTER_NODE', {}],
])

/** Everything else that belongs to a realm: sign-in flows, brokered identity providers, keys, user federation. */
const ofRealm = always('realm_changed')

/**
 * Kinds by the part of `resourcePath` after the account's id, which says what was done where the operation does not.
 * In Keycloak 26.4 these are operations `ACTION` or `UPDATE`.
 */
const kindByPath: readonly (readonly [resource: string, part: string, kind: DriftKind])[] = [
  ['CLIENT', 'client-secret', 'secret_rotated'],
  ['CLIENT', 'certificates', 'secret_rotated'],
  ['CLIENT', 'registration-access-token', 'secret_rotated'],
  ['USER', 'reset-password', 'credential_reset'],
]

/** Severities that differ from the signal's own. */
const severityByKind: Readonly<Partial<Record<DriftKind, Severity>>> = {
  role_revoked: 'low',
  scope_revoked: 'low',
  user_created: 'low',
  user_changed: 'low',
  secret_rotated: 'low',
  lockout_cleared: 'low',
  impersonation: 'high',
}

export const severityOfKind = (kind: DriftKind, fallback: Severity): Severity => severityByKind[kind] ?? fallback

/** The drift that an administrator's event reports; undefined where its operation is not known. */
export function driftOf({
  type,
  resourceType = '',
  resourcePath = '',
  representation,
}: KeycloakEvent): DriftKind | 'no_signal' | undefined {
  const operation = operations.find(known => known === type)
  if (operation === undefined) return undefined
  const part = resourcePath.split('/', 3)[2]
  const byPath = kindByPath.find(([resource, name]) => resource === resourceType && name === part)
  if (byPath !== undefined) return byPath[2]
  const kind = (kindByResource.get(resourceType) ?? ofRealm)[operation] ?? 'no_signal'
  return kind === 'user_changed' && representation !== undefined && isDisabled(representation) ? 'user_disabled' : kind
}

const isDisabled = (representation: string): boolean => {
  const user = parseJson(representation)
  return isObject(user) && user.enabled === false
}

/** Most roles of one grant that are kept. */
const MAX_RIGHTS = 64

const kindByFolder: ReadonlyMap<string, AccountKind> = new Map([
  ['users', 'user'],
  ['clients', 'client'],
])

/**
 * The account whose rights, secret or state were changed, by `resourcePath` (`users/ID/…`, `clients/ID/…`), with its name
 * and the names of roles where the event contains what the administrator sent.
 */
export function accountOf({ resourcePath = '', representation, username }: KeycloakEvent): Account | undefined {
  const [folder = '', id, ...more] = resourcePath.split('/', 8)
  const isLockout = folder === 'attack-detection'
  const kind = isLockout ? 'user' : kindByFolder.get(folder)
  const accountId = textOf(isLockout ? more.at(-1) : id)
  if (kind === undefined || accountId === undefined) return undefined
  const written = representation === undefined ? undefined : parseJson(representation)
  const name = isObject(written) ? textOf(kind === 'user' ? written.username : written.clientId) : username
  const rights = Array.isArray(written) ? namesOf(written) : []
  return { kind, id: accountId, ...(name !== undefined && { name }), ...(rights.length > 0 && { rights }) }
}

function namesOf(roles: readonly unknown[]): readonly string[] {
  const names = roles.slice(0, MAX_RIGHTS).map(role => (isObject(role) ? textOf(role.name) : undefined))
  return names.filter(name => name !== undefined)
}
