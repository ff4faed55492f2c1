import { textDialectsOf } from './dialects/dialect.ts'
import { journald } from './envelopes/journald.ts'
import { lineEnvelopes } from './envelopes/registry.ts'
import { dialects, lineOpener } from './registry.ts'
import { readFields } from './toolkit/fields.ts'
import type { ConsoleText } from './toolkit/record.ts'

/**
 * OpenClaw's console in plain text. A client that has not signed in can put line breaks into it (the name of a client in
 * `unauthorized conn=…`, OpenClaw 2026.9.6): what follows is a line of its own, and may be a whole record in any layout.
 * So a record of the gateway cannot be believed where such text is near before it; nor any other record where that text
 * is in no envelope, as a client may have written the envelope of the record too.
 *
 * OpenShell's log in plain text is the same: an agent can name a process with a line break in it. The header of `openshell
 * logs` is no envelope that protects, because it is before each event and not before each line.
 *
 * So is the console of Keycloak 22 or earlier in plain text, in which a user can write line breaks.
 */

/** How far after a line of plain text a record may be what a client wrote, in bytes: no message is longer. */
export const FORGEABLE_BYTES = 1024 * 1024

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal, also as JSON escapes them
const COLOUR = /(?:\x1b|\\u001[bB])\[[\d;]{0,16}m/g

/** How much of a line, or of a record, is looked at. */
const LOOKED_AT = 256
const [BRACE, BRACKET, SPACE, M, QUOTE, SLASH, UNDERSCORE] = [0x7b, 0x5b, 0x20, 0x6d, 0x22, 0x2f, 0x5f]
const DOCKER = new TextEncoder().encode('{"log":"')
const MESSAGE = new TextEncoder().encode(JSON.stringify(journald.record.raw))

const { openObject, openText } = lineOpener
const beginningsOfAnyone = textDialectsOf(dialects).flatMap(({ anyoneWrites }) => anyoneWrites ?? [])
const headersOfEvents = lineEnvelopes.flatMap(each => ('header' in each && each.isOfEvents ? [each.header] : []))

/** True for a record that is a line of such a console in plain text. */
export const isConsoleText = (record: string): boolean => {
  const beginning = record.slice(0, LOOKED_AT).replace(COLOUR, '')
  return beginningsOfAnyone.some(isOfAnyone => isOfAnyone(beginning))
}

/**
 * What some lines hold of the console in plain text, in whichever envelope. Looks at a few bytes of most lines.
 *
 * @param known what the lines before this one hold
 */
export function consoleTextIn(
  bytes: Uint8Array,
  start: number,
  end: number,
  known: ConsoleText | undefined,
): ConsoleText | undefined {
  if (known === 'bare') return known
  if (bytes[start] !== BRACE) {
    if (mayBeText(bytes, start, end)) return consoleTextOf(latin1(bytes, start, end)) ?? known
    return known ?? (isCutRecord(bytes, start, end) ? 'wrapped' : undefined)
  }
  return known ?? (isObjectOfConsole(bytes, start, end) ? 'wrapped' : undefined)
}

function isObjectOfConsole(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start >= DOCKER.length && isAt(DOCKER, bytes, start)) {
    return bytes[start + DOCKER.length] !== BRACE && isConsoleText(latin1(bytes, start + DOCKER.length, end))
  }
  return beginsLikeJournal(bytes, start) && isEntryOfConsole(bytes.subarray(start, end))
}

/** A bracket after a space or a colour, before any brace; nginx's error log has one too, and slashes in its date. */
function mayBeText(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[start + 4] === SLASH) return false
  const last = Math.min(end, start + LOOKED_AT)
  for (let at = start; at < last; at++) {
    if (bytes[at] === BRACE) return false
    if (bytes[at] === BRACKET && (bytes[at - 1] === SPACE || bytes[at - 1] === M)) return true
  }
  return false
}

/** A line of the journal is split above its `LineMax` (48 KiB); syslog daemons cut shorter ones, of which nothing follows. */
const SPLIT_BYTES = 16 * 1024

/**
 * True for the beginning of a record that was split, in an envelope of text, which does not mark it: what follows in the
 * next line is a client's to choose.
 */
function isCutRecord(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < SPLIT_BYTES) return false
  const opened = openText(latin1(bytes, start, end))
  if (opened === undefined || opened.isPart || !opened.record.startsWith('{')) return false
  const record = new TextDecoder().decode(bytes.subarray(bytes.indexOf(BRACE, start), end))
  return readFields(record, FORGEABLE_BYTES) === 'not_json'
}

/** The whole of a record that journalctl left out: other programs' lines may hold such a text of a client. */
const LEFT_OUT = /^\[[\w.]{1,12} blob data\]$/

function consoleTextOf(line: string): ConsoleText | undefined {
  if (isConsoleText(line) || headersOfEvents.some(header => header.test(line))) return 'bare'
  return isWrappedText(line) ? 'wrapped' : undefined
}

/** As latin1 reads it; a syslog daemon writes it before a message in UTF-8 (RFC 5424, 6.4). */
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf'

function isWrappedText(line: string): boolean {
  const opened = openText(line.replace(COLOUR, ''))
  // What journalctl left out may have been such a line: a client can cause that.
  if (opened === undefined) return false
  const record = opened.record.startsWith(BYTE_ORDER_MARK) ? opened.record.slice(BYTE_ORDER_MARK.length) : opened.record
  return isConsoleText(record) || LEFT_OUT.test(record)
}

/** Only an entry whose message looks like one is parsed, to know its program. */
function isEntryOfConsole(line: Uint8Array): boolean {
  const at = endOf(MESSAGE, line)
  if (at < 0 || !isConsoleText(beginningOfMessage(latin1(line, at, line.length)))) return false
  const fields = readFields(new TextDecoder().decode(line), FORGEABLE_BYTES)
  const opened = typeof fields === 'string' ? undefined : openObject(fields)
  return opened !== undefined && isConsoleText(opened.record)
}

/** What follows the name of a field, as text, or as a list of bytes. */
const VALUE = /^ ?: ?(?:"(?<text>.{0,256})|\[(?<list>[\d, ]{0,256}))/

function beginningOfMessage(after: string): string {
  const { text, list } = VALUE.exec(after)?.groups ?? {}
  return text ?? String.fromCharCode(...(list ?? '').split(',').map(Number))
}

function isAt(text: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}

/** The byte after the first occurrence of a text, -1 where there is none. */
function endOf(text: Uint8Array, bytes: Uint8Array): number {
  for (let at = bytes.indexOf(QUOTE); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    if (isAt(text, bytes, at)) return at + text.length
  }
  return -1
}

/** The fields of the journal begin with a capital or an underscore. */
function beginsLikeJournal(bytes: Uint8Array, start: number): boolean {
  const letter = bytes[start + 2] ?? 0
  return bytes[start + 1] === QUOTE && (letter === UNDERSCORE || (letter >= 0x41 && letter <= 0x5a))
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, Math.min(end, start + LOOKED_AT)))
