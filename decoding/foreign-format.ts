import { isObject } from '../core/json.ts'
import { recognisesAny, textDialectsOf } from './dialects/dialect.ts'
import { isPlainConsole } from './dialects/openclaw-log/plain-console.ts'
import type { Dispatcher } from './dispatch.ts'
import { journald } from './envelopes/journald.ts'
import { createLineOpener, type LineEnvelope } from './envelopes/line-envelope.ts'
import { lineEnvelopes } from './envelopes/registry.ts'
import { dialects, lineOpener } from './registry.ts'
import { type Fields, readFields } from './toolkit/fields.ts'
import { pathReader } from './toolkit/path.ts'

/** What records of no dialect look like, as a part of a sentence, and what to do about it. */
export interface ForeignFormat {
  /** `JSON with the keys a, b and c`; no text of the records but such names. */
  readonly looksLike: string
  readonly advice: string
  /** True where most other formats say more: a program prints such lines before its log begins. */
  readonly isVague?: true
}

/** What to log instead, of servers and proxies whose other formats are read. */
const OF_PROXIES = 'docs/proxies.md has the formats of web servers and proxies that are read'
const USE_THE_FORMAT = 'use the log_format of deploy/nginx/log-format.conf'
const use = (file: string) => `use the format of ${file} (docs/proxies.md)`
const COMPARE = 'docs/decoders.md lists the supported formats'

/** By the beginning of a line; the first that matches. */
const texts: readonly (readonly [beginning: RegExp, format: ForeignFormat])[] = [
  [
    /^(?:\S{1,256} ){3,4}\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "/,
    {
      looksLike: 'an access log in the common format of Apache, Caddy or Traefik, or in a variant of it',
      advice: OF_PROXIES,
    },
  ],
  [
    /^(?:\S{1,256}:\d{1,5} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d{1,6})?\] |Connect from \S{1,256}:\d{1,5} to )/,
    { looksLike: 'a log of HAProxy in text', advice: use('deploy/haproxy/haproxy.cfg') },
  ],
  [
    /^\[\d{4}-\d\d-\d\dT[\d:.]{8,16}Z\] "/,
    { looksLike: 'an access log of Envoy in text', advice: use('deploy/envoy/envoy.yaml') },
  ],
  [
    /^\[[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}\] \[/,
    { looksLike: 'an error log of Apache', advice: OF_PROXIES },
  ],
  [
    /^\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d\S{0,16}\s{1,4}(?:INFO|DEBUG|WARN|ERROR)\s{1,4}http\.log\b/,
    { looksLike: 'a log of Caddy for a terminal', advice: use('deploy/caddy/Caddyfile') },
  ],
  [
    /^(?:\[pod\/[\w./-]{1,320}\] |\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ){1,2}\{/,
    {
      looksLike: 'the output of docker logs or kubectl logs with times or names before its lines',
      advice: 'read the log files of the container runtime, or write the output without --timestamps and --prefix',
    },
  ],
  [
    /^(?:__CURSOR|__REALTIME_TIMESTAMP|_BOOT_ID|MESSAGE)=/,
    {
      looksLike: 'the export format of the journal of systemd, from within an entry',
      advice: 'write it into a file of its own, which begins with an entry',
    },
  ],
  [/^</, { looksLike: 'XML or HTML', advice: COMPARE }],
]

const isOfProxy = ({ advice }: ForeignFormat): boolean => advice.includes('docs/proxies.md')

/** By members of an object; the first all of whose keys are there. */
const objects: readonly (readonly [keys: readonly string[], format: ForeignFormat])[] = [
  [
    ['ClientHost', 'DownstreamStatus'],
    { looksLike: 'an access log of Traefik as JSON without ClientAddr', advice: use('deploy/traefik/traefik.yml') },
  ],
  [
    ['logger', 'request', 'status'],
    {
      looksLike: 'an access log of Caddy as JSON in a format of its own',
      advice: use('deploy/caddy/Caddyfile'),
    },
  ],
  [
    ['frontend', 'backend'],
    { looksLike: 'an access log of HAProxy as JSON', advice: use('deploy/haproxy/haproxy.cfg') },
  ],
  [['frontend', 'fc_err'], { looksLike: 'an error log of HAProxy as JSON', advice: use('deploy/haproxy/haproxy.cfg') }],
  // Lines of connections, handshakes that failed among them, have no response code.
  [['response_flags'], { looksLike: 'an access log of Envoy as JSON', advice: use('deploy/envoy/envoy.yaml') }],
  [
    ['response_code', 'upstream_host'],
    { looksLike: 'an access log of Envoy as JSON', advice: use('deploy/envoy/envoy.yaml') },
  ],
  [
    ['remote_addr', 'status', 'ssl_client_verify'],
    {
      looksLike: 'an access log of nginx as JSON in a format of its own',
      advice: USE_THE_FORMAT,
    },
  ],
  [
    ['remote_addr', 'status'],
    {
      looksLike: 'an access log of nginx as JSON without the field ssl_client_verify',
      advice: USE_THE_FORMAT,
    },
  ],
]

const plainText: ForeignFormat = {
  looksLike: 'plain text',
  advice: `if OpenClaw wrote it, read its file log instead; ${COMPARE}`,
  isVague: true,
}

/** What is not known, as only the result of decoding is. */
export const unknownFormat: ForeignFormat = { looksLike: 'the log of another program', advice: COMPARE }

/** A file in which no line ends; nothing of it is parsed. */
export const unendedText = (hasCarriageReturns: boolean): ForeignFormat => ({
  looksLike: hasCarriageReturns ? 'text whose lines end with a carriage return alone' : 'text without a line feed',
  advice: 'a record counts when a line feed ends it: end each one with LF or CR LF',
  isVague: true,
})

const otherPrograms: ForeignFormat = {
  looksLike: 'entries of a journal, syslog or docker compose logs by programs of other names',
  advice: 'if the gateway or its proxy is one of them, name it as in docs/decoders.md (names of programs)',
  isVague: true,
}

/**
 * Documents of a journal that its envelope does not open. Their place is not to be opened by a path: that would open the
 * entries of every program.
 */
export const unopenedEntries: ForeignFormat = {
  looksLike: `entries of a journal by programs of other names, or without ${journald.marks.map(({ path }) => path).join(' and ')}`,
  advice: `${otherPrograms.advice} and keep these fields, or set envelope: ${journald.name} at a source whose index contains its entries only`,
  isVague: true,
}

/** A line of `journalctl -o json` that its envelope does not open. */
const incompleteEntry: ForeignFormat = {
  looksLike: `entries of a journal without ${journald.marks.map(({ path }) => path).join(' or ')}`,
  advice: 'write them without --output-fields, or with the fields that docs/decoders.md lists',
}

/** True for a document with the message of a journal's entry and another field that the journal or its writer sets. */
export function isJournalEntry(document: Fields): boolean {
  const own = [...journald.marks.map(({ path }) => path), ...(journald.programs ?? [])]
  return document[journald.record.raw] !== undefined && own.some(path => document[path] !== undefined)
}

/** Where shippers put a text that they do not parse. */
const placesOfText = ['message', 'event.original', 'log', 'MESSAGE', 'body.text', 'body', 'Body'].map(path => ({
  path,
  read: pathReader(path),
}))

/** Where shippers put the object that they have made of a record. */
const placesOfObjects = ['json', 'openclaw', 'parsed', 'log_processed', 'body.structured'].map(path => ({
  path,
  read: pathReader(path),
}))

function withoutMarks(path: string, kind: 'raw' | 'parsed'): ForeignFormat {
  return {
    looksLike: `a supported log in the field ${path}, without the marks of a known shipper`,
    advice: `set envelope: { ${kind}: ${path} } at the source`,
  }
}

/** Where clients can write whole lines, they can write records in JSON: opening the field is not the first advice. */
function unopenedConsole(path: string): ForeignFormat {
  return {
    looksLike: `the console of OpenClaw in plain text in the field ${path}, without the marks of a known shipper`,
    advice: `set logging.consoleStyle: json at the gateway, or ship its file log; to count its refused sign-ins without addresses until then, set envelope: { raw: ${path} } at the source`,
  }
}

/** A log that is read, though most of its lines bring nothing. */
const isSupportedText = recognisesAny(textDialectsOf(dialects))
/** Opens the envelopes of writers that collect the records of every program, whatever program they name. */
const ofAllPrograms = createLineOpener(lineEnvelopes.flatMap(ofEveryProgram), isSupportedText)

function ofEveryProgram(envelope: LineEnvelope): LineEnvelope[] {
  if ('header' in envelope) return envelope.isOpened === undefined ? [] : [{ ...envelope, isOpened: () => true }]
  const { programs, ...rest } = envelope
  return programs === undefined ? [] : [rest]
}

/**
 * What a line of a file looks like that no dialect recognises, by its beginning; undefined of a line that a supported
 * program writes, although it brings nothing. An envelope is opened first.
 */
export function formatOfLine(line: string): ForeignFormat | undefined {
  const fields = readFields(line)
  const isText = typeof fields === 'string'
  const opened = isText ? lineOpener.openText(line) : lineOpener.openObject(fields)
  if (opened !== undefined) return formatOfRecord(opened.record)
  const ofOthers = isText ? ofAllPrograms.openText(line) : ofAllPrograms.openObject(fields)
  if (ofOthers === undefined) {
    return !isText && isJournalEntry(fields) ? incompleteEntry : formatOfRecord(isText ? line : fields)
  }
  // That of a web server says more than the name of its program.
  const format = formatOfRecord(ofOthers.record)
  return format !== undefined && isOfProxy(format) ? format : otherPrograms
}

/**
 * What a document looks like that no dialect recognises; undefined where a known envelope holds a line as above.
 *
 * @param isOpened a known envelope was opened
 * @param dispatcher recognises a record in a field that no known envelope has opened
 */
export function formatOfDocument(
  document: Fields,
  isOpened: boolean,
  dispatcher: Dispatcher,
): ForeignFormat | undefined {
  if (!isOpened && isJournalEntry(document)) return unopenedEntries
  for (const { path, read } of placesOfText) {
    const text = read(document)
    if (typeof text !== 'string' || text === '') continue
    const isSupported = dispatcher.decode({ id: '', body: text }).decoder !== 'none'
    const format = isSupported ? undefined : formatOfLine(text)
    if (format !== undefined) return { ...format, looksLike: `${format.looksLike}, in the field ${path}` }
    if (isOpened) return undefined
    return isPlainConsole(text) ? unopenedConsole(path) : withoutMarks(path, 'raw')
  }
  const parsed = placesOfObjects.find(({ read }) => {
    const record = read(document)
    return isObject(record) && dispatcher.decode({ id: '', body: record }).decoder !== 'none'
  })
  if (parsed !== undefined) return withoutMarks(parsed.path, 'parsed')
  return { ...formatOfObject(document), advice: 'docs/elasticsearch.md lists the supported documents' }
}

function formatOfRecord(record: string | Fields): ForeignFormat | undefined {
  if (typeof record !== 'string') return formatOfObject(record)
  const fields = readFields(record)
  return typeof fields === 'string' ? formatOfText(record) : formatOfObject(fields)
}

/** Of `docker compose logs`; its envelope is opened only where it holds a record. */
const NAME_OF_CONTAINER = /^[\w.-]{1,128} {1,64}\| /

function formatOfText(text: string): ForeignFormat | undefined {
  if (isSupportedText(text)) return undefined
  const beginsAs = (line: string) => texts.find(([beginning]) => beginning.test(line))?.[1]
  const found = beginsAs(text)
  if (found !== undefined) return found
  const name = NAME_OF_CONTAINER.exec(text)
  const format = name === null ? undefined : beginsAs(text.slice(name[0].length))
  return format !== undefined && isOfProxy(format) ? format : plainText
}

function formatOfObject(fields: Fields): ForeignFormat {
  const found = objects.find(([keys]) => keys.every(key => Object.hasOwn(fields, key)))
  return found?.[1] ?? { looksLike: `JSON ${keysOf(fields)}`, advice: COMPARE }
}

const NAMED_KEYS = 4
const KEY = /^[\w.@-]{1,32}$/

/** Keys come from outside: only plain ones are named. */
function keysOf(fields: Fields): string {
  const names = Object.keys(fields)
  const plain = names.filter(name => KEY.test(name)).slice(0, NAMED_KEYS)
  if (plain.length === 0) return 'of another program'
  return `of another program, with ${plain.length === 1 ? 'the key' : 'the keys'} ${plain.join(', ')}${plain.length < names.length ? ' and others' : ''}`
}

const LEAVE_OUT = 'if it is no log of OpenClaw or its proxy, leave it out of paths (narrow the pattern)'

/** The format of a file, with its advice: a pattern may match files of other programs too. */
export function formatOfFile(format: ForeignFormat): ForeignFormat {
  const mayBeForeign = isOfProxy(format) || format.advice.endsWith(COMPARE)
  return mayBeForeign ? { ...format, advice: `${format.advice}; ${LEAVE_OUT}` } : format
}

/** One sentence: what is not read, what it looks like, and what to do. */
export function foreignSentence(what: string, { looksLike, advice }: ForeignFormat): string {
  return `Nothing that was read of ${what} is in a known format: it looks like ${looksLike}; ${advice}.`
}
