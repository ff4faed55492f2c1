import type { Building } from '../../../core/building.ts'
import { textOf } from '../../toolkit/fields.ts'
import { QuotedMessage } from './quoted-message.ts'
import { UnquotedMessage } from './unquoted-message.ts'

/** An event of Keycloak's event listener, in any of its forms. What the form cannot say for certain is absent. */
export interface KeycloakEvent {
  /** Of a user or a client (`type`), or of an administrator (`operationType`). */
  readonly by: 'user' | 'administrator'
  readonly type: string
  readonly realm?: string
  readonly clientId?: string
  readonly userId?: string
  /** `ambiguous` where a user may have written it. */
  readonly address?: string | 'ambiguous'
  readonly error?: string
  /** The user who tried to sign in, or whom an administrator changed. */
  readonly username?: string
  /** The administrator who signed in as the user. */
  readonly impersonator?: string
  readonly authMethod?: string
  readonly grantType?: string
  /** Scopes of the token that was issued, with spaces between them. */
  readonly scope?: string
  readonly resourceType?: string
  readonly resourcePath?: string
  /** What an administrator wrote, as JSON; only with `include-representation`. */
  readonly representation?: string
  /** True where account and rights can be believed as well as the rest. */
  readonly isExact: boolean
}

/** How the message of an event begins; other messages of the logger are no events. */
const BEGINNING = /^(?:type|operationType)=("?)/

/** The form of a message; undefined where it is no event. */
export function formOf(message: string): 'quoted' | 'unquoted' | undefined {
  const quote = BEGINNING.exec(message)?.[1]
  return quote === undefined ? undefined : quote === '"' ? 'quoted' : 'unquoted'
}

/** Why a message is no whole event. */
export type NoEvent = 'not_an_event' | 'truncated'

/** Reads the message of the logger `org.keycloak.events`. */
export function readEvent(message: string): KeycloakEvent | NoEvent {
  const form = formOf(message)
  if (form === undefined) return 'not_an_event'
  return (form === 'quoted' ? fromQuoted(message) : fromUnquoted(message)) ?? 'truncated'
}

/** A representation that is longer is cut, and says nothing: parsing it stays within the decoder's millisecond. */
const MAX_REPRESENTATION_LENGTH = 32_768

function fromQuoted(message: string): KeycloakEvent | undefined {
  const read = new QuotedMessage(message)
  const userType = message.startsWith('type=') ? read.word('type') : undefined
  const type = userType ?? read.word('operationType')
  const address = read.word('ipAddress')
  if (type === undefined || address === undefined) return undefined
  const event: Building<KeycloakEvent> = {
    by: userType === undefined ? 'administrator' : 'user',
    type,
    isExact: true,
    address,
  }
  const error = read.word('error')
  put(event, 'error', error)
  put(event, 'realm', read.word('realmName') ?? read.word('realmId'))
  put(event, 'clientId', read.text('clientId'))
  put(event, 'userId', read.word('userId'))
  put(event, 'username', textOf(read.text('username')))
  if (userType === undefined) {
    put(event, 'resourceType', read.word('resourceType'))
    put(event, 'resourcePath', read.word('resourcePath'))
    put(event, 'representation', read.text('representation', MAX_REPRESENTATION_LENGTH))
    return event
  }
  put(event, 'authMethod', read.word('auth_method'))
  put(event, 'grantType', read.word('grant_type'))
  if (error !== undefined) return event
  put(event, 'scope', read.word('scope'))
  put(event, 'impersonator', textOf(read.text('impersonator')))
  return event
}

function fromUnquoted(message: string): KeycloakEvent | undefined {
  const read = new UnquotedMessage(message)
  const userType = read.first('type')
  const type = userType ?? read.first('operationType')
  const address = read.word('ipAddress')
  if (type === undefined || address === undefined) return undefined
  const event: Building<KeycloakEvent> = {
    by: userType === undefined ? 'administrator' : 'user',
    type,
    isExact: false,
    address,
  }
  put(event, 'realm', read.realm())
  put(event, 'userId', certain(read.word('userId')))
  put(event, 'error', certain(read.word('error')))
  if (userType === undefined) {
    put(event, 'resourceType', certain(read.word('resourceType')))
    put(event, 'resourcePath', certain(read.word('resourcePath')))
    return event
  }
  put(event, 'clientId', read.text('clientId'))
  put(event, 'username', textOf(read.text('username')))
  return event
}

const certain = (word: string | undefined): string | undefined => (word === 'ambiguous' ? undefined : word)

/** An event whose parts are added one by one: a new object for each would take longer than to find it. */
type TextPart = Exclude<keyof KeycloakEvent, 'by' | 'isExact'>

/** Adds a part, where there is a value; Keycloak writes the text `null` where there is none. */
export function put(event: Building<KeycloakEvent>, part: TextPart, value: string | undefined): void {
  if (value !== undefined && value !== 'null' && value !== '') event[part] = value
}
