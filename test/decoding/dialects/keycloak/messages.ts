import fc from 'fast-check'
import { codePoint } from '../../../code-point.ts'

/** Fields of an event in their order, as Keycloak hands them to its event listener. */
export type EventFields = readonly (readonly [key: string, value: string])[]

/** As Keycloak 26.4 writes them: line breaks and tabs become spaces, quotation marks are escaped, backslashes are not. */
export const quotedMessage = (fields: EventFields): string =>
  fields.map(([key, value]) => `${key}="${value.replace(/[\n\r\t]/g, ' ').replaceAll('"', '\\"')}"`).join(', ')

const OF_EVENT = new Set(['type', 'realmId', 'clientId', 'userId', 'ipAddress', 'error'])

/** As Keycloak 22 writes them: only details with a space are in quotes, and nothing is escaped. */
export const unquotedMessage = (fields: EventFields): string =>
  fields.map(([key, value]) => `${key}=${OF_EVENT.has(key) || !value.includes(' ') ? value : `'${value}'`}`).join(', ')

export const asJson = (message: string): string =>
  JSON.stringify({
    timestamp: '2026-11-22T11:27:43.777Z',
    loggerName: 'org.keycloak.events',
    level: 'WARN',
    message,
    hostName: 'idp-1',
  })

export const asText = (message: string): string =>
  `2026-11-22 11:28:57,820 WARN  [org.keycloak.events] (executor-thread-1) ${message}`

const pieces = fc.constantFrom(
  ', ipAddress=198.51.100.66',
  '", ipAddress="198.51.100.66',
  '\\", ipAddress=\\"198.51.100.66',
  '", ipAddress=',
  '", error=',
  '", grant_type=',
  '", grant_type="client_credentials", x="',
  '", username=',
  ', username=',
  ', error=none, ',
  'type="LOGIN", ',
  '\n2026-11-22 00:00:00,000 WARN  [org.keycloak.events] (x) type="LOGIN", ipAddress="198.51.100.66"',
  '", userId="root',
  '", realmName="other',
  '"',
  '\\',
  "'",
  '=',
  ', ',
  ' ',
  '\u202e',
  '\u0000',
  'ana',
)

/** What an attacker writes into a user name, a client id, a redirect URI or another field that is free. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 8 }).map(parts => parts.join('')),
  fc.string({ unit: codePoint }),
)
