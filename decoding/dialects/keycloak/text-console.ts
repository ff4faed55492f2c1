import type { EpochMs } from '../../../core/clock.ts'
import type { Claim, Decoding } from '../../toolkit/record.ts'
import type { MissingField, TextLineDialect } from '../dialect.ts'
import { accessOfMessage, decodeMessage, SERVICE } from './decode-event.ts'
import { formOf } from './event.ts'
import { EVENT_LOGGER } from './json-console.ts'
import { keycloakFootprint, keycloakSetup } from './setup.ts'

/** How a line of the console begins; WildFly, on which earlier releases ran, writes the time of day only. */
const HEADER =
  /^(?:(?<date>\d{4}-\d\d-\d\d) )?(?<time>\d\d:\d\d:\d\d,\d{3}) (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) {1,2}\[(?<logger>org\.keycloak\.[\w.$]{1,128})\] \((?<thread>[^)]{0,128})\) /

/** True for a line of the console that holds an event in the format up to Keycloak 22. */
function isUnquotedConsole(line: string): boolean {
  const found = HEADER.exec(line)
  return found !== null && isUnquotedEvent(found, line)
}

function isUnquotedEvent({ 0: header, groups }: RegExpExecArray, line: string): boolean {
  return groups?.logger === EVENT_LOGGER && formOf(line.slice(header.length, header.length + 32)) === 'unquoted'
}

/** Keycloak's console in plain text, its default. */
export const keycloakTextDialect: TextLineDialect = {
  name: 'keycloak-text',
  format: 'text-line',
  prefilter: [EVENT_LOGGER],
  sourceFields: [],
  signals: ['auth_failures', 'auth_lockouts', 'auth_successes', 'posture_drifts'],
  observer: 'identity-provider',
  footprint: keycloakFootprint,
  recognises: line => {
    const found = HEADER.exec(line)
    return found !== null && !isUnquotedEvent(found, line)
  },
  decode: decodeText,
  access: (line, decoding) => accessOfMessage(line.replace(HEADER, ''), decoding),
  documentation: {
    reads: "Keycloak's console in plain text, the default, of Keycloak 23 and later",
    samples: { kind: 'captured', from: 'Keycloak 26.4.0', test: 'test/stack/keycloak/keycloak.test.ts' },
    setup: keycloakSetup,
    rules: [
      "Keycloak's console in plain text has local time without an offset: it is read in the zone of the exporter (variable `TZ`). A line without a date has the time of its envelope.",
    ],
  },
}

function decodeText(line: string, envelopeTime?: EpochMs): Decoding {
  const { 0: header, groups } = HEADER.exec(line) as RegExpExecArray
  const time = localTime(groups) ?? envelopeTime
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  if (groups?.logger !== EVENT_LOGGER) return { kind: 'no_signal', time, template: 'keycloak message' }
  return decodeMessage(line.slice(header.length), time, {})
}

const noAddress: MissingField = {
  field: 'address',
  consequence:
    'they are of the console of Keycloak 22 or earlier in plain text, in which a user can write lines, so that refused sign-ins count without an address and no address can be blocked for them',
  advice: 'log as JSON (--log-console-output=json), or upgrade Keycloak',
  correctedBy: ['keycloak-json', 'keycloak-text'],
}

/**
 * Keycloak's console in plain text up to Keycloak 22, which writes line breaks of a user as they are: a whole line may be
 * the user's own, and so may the lines after it.
 */
export const keycloakUnquotedTextDialect: TextLineDialect = {
  name: 'keycloak-unquoted-text',
  format: 'text-line',
  anyoneWrites: isUnquotedConsole,
  prefilter: [EVENT_LOGGER],
  sourceFields: [],
  signals: ['auth_failures', 'auth_lockouts'],
  observer: 'identity-provider',
  footprint: keycloakFootprint,
  recognises: isUnquotedConsole,
  lacks: () => noAddress,
  decode: decodeUnquoted,
  documentation: {
    reads: "Keycloak's console in plain text up to Keycloak 22: refused sign-ins only, without their addresses",
    samples: { kind: 'documented', from: 'the source of the event listener of Keycloak 22' },
    setup: keycloakSetup,
    rules: [
      'Up to Keycloak 22 the console in plain text writes the line breaks of a user as they are. So a line of it counts one refused sign-in at most and without an address (`console_text`), as one of the console of OpenClaw in plain text does, and other records near after it are `forgeable_line`. Log as JSON, or upgrade Keycloak.',
    ],
  },
}

/** What a user can write counts no more than the attempt that wrote it. */
function decodeUnquoted(line: string, envelopeTime?: EpochMs): Decoding {
  const decoding = decodeText(line, envelopeTime)
  if (decoding.kind !== 'claim') return decoding
  const { time, claim } = decoding
  if (claim.outcome === 'success') return { kind: 'undecoded', time, reason: 'forgeable_line' }
  const { signal, labels, outcome, severity, count, stream, code } = claim
  const believed: Claim = {
    signal,
    labels,
    outcome,
    severity,
    time,
    count,
    stream,
    origin: { service: SERVICE },
    actor: { addressUnknown: 'console_text' },
    ...(code !== undefined && { code }),
  }
  return { kind: 'claim', time, claim: believed }
}

function localTime(groups: Readonly<Record<string, string>> | undefined): EpochMs | undefined {
  if (groups?.date === undefined) return undefined
  const [year = 0, month = 0, day = 0] = groups.date.split('-').map(Number)
  const [hour = 0, minute = 0, second = 0, millisecond = 0] = (groups.time ?? '').split(/[:,]/).map(Number)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  return new Date(year, month - 1, day, hour, minute, second, millisecond).getTime()
}
