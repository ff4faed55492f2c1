import type { EpochMs } from '../../../core/clock.ts'
import type { Account } from '../../../core/event.ts'
import type { AuthReason, Mechanism } from '../../../core/labels/authentication.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import { signals } from '../../../core/signals.ts'
import { type Access, accessOfSignIn } from '../../toolkit/access.ts'
import { authenticated, drifted, lockedOut, refused } from '../../toolkit/claims.ts'
import { codeOf, textOf } from '../../toolkit/fields.ts'
import type { Claim, ClaimDraft, ClaimedActor, Decoding, Origin } from '../../toolkit/record.ts'
import { accountOf, driftOf, severityOfKind } from './admin-events.ts'
import { type KeycloakEvent, readEvent } from './event.ts'
import { clientReasons, LOCKED_OUT, reasonByError, userEvents } from './user-events.ts'

/** What Keycloak calls its own service in its logs. */
export const SERVICE = 'Keycloak'

const FAILED = '_ERROR'
const MAX_SCOPES = 64

/** What a message of the logger `org.keycloak.events` claims. */
export function decodeMessage(message: string, time: EpochMs, origin: Origin): Decoding {
  const event = readEvent(message)
  if (event === 'truncated') return { kind: 'undecoded', time, reason: 'truncated_message' }
  if (event === 'not_an_event') return { kind: 'undecoded', time, reason: 'unknown_template' }
  return decodeEvent(event, time, origin)
}

/** What a user or a client signed in to; undefined of a message that claims another thing. */
export function accessOfMessage(message: string, decoding: Decoding): Access | undefined {
  if (decoding.kind !== 'claim') return undefined
  const event = readEvent(message)
  return typeof event === 'string' ? undefined : accessOfEvent(event, decoding.claim)
}

/** A user signs in to a client, a client to Keycloak itself. In a message without quotes a user can write the client. */
export function accessOfEvent(
  { clientId, isExact }: Pick<KeycloakEvent, 'clientId' | 'isExact'>,
  claim: Claim,
): Access | undefined {
  const isOfClient = claim.labels.mechanism === 'client_credentials'
  const service = isOfClient ? SERVICE : isExact ? textOf(clientId) : undefined
  return accessOfSignIn(claim, { destination: service === undefined ? {} : { service } })
}

/** What an event claims. */
export function decodeEvent(event: KeycloakEvent, time: EpochMs, origin: Origin): Decoding {
  const claimed = event.by === 'user' ? userClaim(event) : adminClaim(event)
  if (claimed === undefined) return { kind: 'undecoded', time, reason: 'unknown_template' }
  if (claimed === 'no_signal') return { kind: 'no_signal', time, template: `keycloak ${event.by}` }
  const { draft, identity, account, code } = claimed
  const claim: Claim = {
    ...draft,
    time,
    count: 1,
    stream: 'other',
    origin: { service: SERVICE, ...(event.realm !== undefined && { realm: event.realm }), ...origin },
    actor: actorOf(event, identity),
    ...(account !== undefined && event.isExact && { account }),
    ...(code !== undefined && { code }),
  }
  return { kind: 'claim', time, claim }
}

/** What depends on the type of an event. */
interface Claimed {
  readonly draft: ClaimDraft
  readonly identity?: string | undefined
  readonly account?: Account | undefined
  readonly code?: string | undefined
}

function userClaim(event: KeycloakEvent): Claimed | 'no_signal' | undefined {
  const hasFailed = event.type.endsWith(FAILED)
  const meaning = userEvents.get(hasFailed ? event.type.slice(0, -FAILED.length) : event.type)
  if (meaning === undefined || meaning === 'no_signal') return meaning
  if (meaning === 'lockout') return lockoutOf(event)
  if ('drift' in meaning) return hasFailed ? 'no_signal' : ownChange(event, meaning.drift)
  const mechanism = meaning.attempt === 'by_protocol' ? protocolOf(event) : meaning.attempt
  if (hasFailed) return refusal(event, mechanism)
  if (meaning.success === 'no_signal') return 'no_signal'
  const account = mechanism === 'client_credentials' ? clientOf(event) : userOf(event)
  return { draft: authenticated(mechanism), identity: account.name ?? account.id, account }
}

/** The account is locked from now on. Its attempts name it by another name, so that the event names no identity. */
function lockoutOf(event: KeycloakEvent): Claimed {
  return { draft: lockedOut('other'), account: userOf(event) }
}

function ownChange(event: KeycloakEvent, kind: DriftKind): Claimed {
  const account = kind.startsWith('client_') ? clientOf(event) : userOf(event)
  const severity = severityOfKind(kind, signals.posture_drifts.severity)
  return { draft: drifted(kind, severity), identity: event.impersonator ?? account.name ?? account.id, account }
}

/** Of the messages without quotes only the type is certain. */
function protocolOf({ grantType, authMethod, isExact }: KeycloakEvent): Mechanism {
  if (!isExact) return 'other'
  if (grantType === 'password') return 'password'
  if (authMethod === 'saml') return 'saml'
  return authMethod === 'openid-connect' ? 'oidc' : 'other'
}

function refusal(event: KeycloakEvent, mechanism: Mechanism): Claimed {
  const { error } = event
  if (error === LOCKED_OUT) return { draft: lockedOut(mechanism), identity: nameOf(event) }
  const reason: AuthReason = (error === undefined ? undefined : reasonByError.get(error)) ?? 'other'
  return {
    draft: refused(mechanism, reason),
    identity: mechanism === 'client_credentials' ? textOf(event.clientId) : whoFailed(event, reason),
    code: reason === 'other' ? codeOf(error) : undefined,
  }
}

function whoFailed(event: KeycloakEvent, reason: AuthReason): string | undefined {
  const isOfClient = clientReasons.has(reason)
  return nameOf(event) ?? (isOfClient ? textOf(event.clientId) : undefined)
}

/** The name that was tried, else the id that Keycloak found for it. */
const nameOf = ({ username, userId }: KeycloakEvent): string | undefined => username ?? textOf(userId)

function userOf({ userId, username, scope, realm }: KeycloakEvent): Account {
  const id = textOf(userId)
  return {
    kind: 'user',
    ...(realm !== undefined && { realm }),
    ...(id !== undefined && { id }),
    ...(username !== undefined && { name: username }),
    ...rightsIn(scope),
  }
}

/** The event has no id of the client but of the user that Keycloak keeps for it. */
function clientOf({ userId, clientId, scope, realm }: KeycloakEvent): Account {
  const [ofUser, name] = [textOf(userId), textOf(clientId)]
  return {
    kind: 'client',
    ...(realm !== undefined && { realm }),
    ...(ofUser !== undefined && { userId: ofUser }),
    ...(name !== undefined && { name }),
    ...rightsIn(scope),
  }
}

function rightsIn(scope: string | undefined): Pick<Account, 'rights'> {
  const rights =
    scope === undefined
      ? []
      : scope
          .slice(0, 4_096)
          .split(' ', MAX_SCOPES)
          .filter(text => text !== '')
  return rights.length === 0 ? {} : { rights }
}

/** An operation that failed changed nothing. */
function adminClaim(event: KeycloakEvent): Claimed | 'no_signal' | undefined {
  const kind = driftOf(event)
  if (kind === undefined || kind === 'no_signal') return kind
  if (event.error !== undefined) return 'no_signal'
  const draft = drifted(kind, severityOfKind(kind, signals.posture_drifts.severity))
  return { draft, identity: textOf(event.userId), account: accountOf(event) }
}

function actorOf({ address }: KeycloakEvent, identity: string | undefined): ClaimedActor {
  return {
    ...(identity !== undefined && { identity }),
    ...(address === 'ambiguous'
      ? { addressUnknown: 'forgeable_text' }
      : { ...(address !== undefined && { resolvedAddress: address }) }),
  }
}
