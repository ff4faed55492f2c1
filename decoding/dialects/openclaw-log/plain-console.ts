import type { EpochMs } from '../../../core/clock.ts'
import { parseJson } from '../../../core/json.ts'
import type { SignalName } from '../../../core/signals.ts'
import { refused } from '../../toolkit/claims.ts'
import type { Decoding, Pair } from '../../toolkit/record.ts'
import { readTime } from '../../toolkit/time.ts'
import type { MissingField, TextLineDialect } from '../dialect.ts'
import { consoleSetup, openclawFootprint } from '../openclaw/setup.ts'
import { createTemplateIndex } from './template-index.ts'
import { templates } from './templates/catalogue.ts'
import { closedBeforeConnect } from './templates/closed-before-connect.ts'
import { unauthorized } from './templates/handshake.ts'
import { type LogLine, type Meta, withoutColours } from './templates/log-line.ts'
import type { ClaimDraft, Extraction, Template } from './templates/template.ts'
import { connectionId, wordAt } from './templates/text.ts'

/**
 * How a line of the console in plain text begins, without its colours: the time, with its date unless the console is a
 * terminal, and the logger in brackets.
 */
const BEGINNING =
  /^(?<time>(?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)?) \[(?<logger>[\w./:@-]{1,64})\](?: |$)/

/** No line begins at greater length, colours included. */
const LONGEST_BEGINNING = 256

/** How much of a line is read. A refusal has some twenty texts of at most 300 characters, and a tail of 2,048. */
const LONGEST_READ = 16_384

/** True for a line that begins like one of the console in plain text, with or without colours. */
export const isPlainConsole = (line: string): boolean =>
  BEGINNING.test(withoutColours(line.slice(0, LONGEST_BEGINNING)))

/** Signals that a client moves by failing: a line that it forges counts no more than an attempt does. */
const believed: readonly SignalName[] = ['auth_failures', 'auth_lockouts']
const refusals = templates.filter(({ moves }) => moves.some(move => believed.some(signal => signal === move)))
const find = createTemplateIndex(refusals)

/** The console drops `gateway/` from the names of loggers. */
const subsystems: ReadonlyMap<string, string> = new Map(
  refusals.flatMap(template => template.subsystems.map(name => [name.replace(/^gateway\//, ''), name] as const)),
)

const noAddress: MissingField = {
  field: 'address',
  consequence:
    "they are of OpenClaw's console in plain text, in which any client can write lines, so that refused sign-ins count without an address and no address can be blocked for them",
  advice: 'set logging.consoleStyle: json at the gateway, or read its file log instead',
  correctedBy: ['openclaw-console', 'openclaw-file'],
}

/**
 * OpenClaw's console in plain text (`logging.consoleStyle: compact` or `pretty`). A client that has not signed in can put
 * line breaks into it, so that a whole line may be its own: a line claims one refusal at most, of no address, identity or
 * device, and nothing that lowers a score.
 */
export const openclawPlainConsoleDialect: TextLineDialect = {
  name: 'openclaw-plain-console',
  format: 'text-line',
  anyoneWrites: isPlainConsole,
  prefilter: refusals.map(({ prefix }) => prefix),
  sourceFields: [],
  signals: believed,
  observer: 'gateway',
  footprint: openclawFootprint,
  recognises: isPlainConsole,
  lacks: () => noAddress,
  decode: decodePlainConsole,
  documentation: {
    reads:
      'the console in plain text (`logging.consoleStyle: compact`, the default without a terminal, or `pretty`), with or without colours: refused sign-ins only, without their addresses',
    samples: { kind: 'captured', from: 'OpenClaw 2026.9.6', test: 'test/stack/openclaw/forged-line.test.ts' },
    setup: consoleSetup,
    rules: [
      'In the **console in plain text** a client that has not signed in can write whole lines (tested with OpenClaw 2026.9.6). So a line of it counts one refused sign-in at most (`auth_failures`, `auth_lockouts`), with the reason that the same message has in JSON, and its address is unknown (`console_text` in `clawtrust_unknown_address_events_total`): a forged line adds what its client can add by failing, and can have no address blocked. Repeats that the gateway suppressed (`suppressed=N`) are not added. Everything else that it reports is not counted; a refused connection that is a drift in JSON is `forgeable_line`. Set `logging.consoleStyle: json` at the gateway, or read its file log: then addresses are exact, and all signals are counted.',
      'A refused connection in plain text counts once, when the watermark has passed it by a minute: the line of the log in JSON goes first if the same source reads both and knows the gateway of both (`gateway`). Where the words of a caller imitate the cause, or end the line before the reason, it counts with the reason `other`.',
      'The **time** of a line in plain text is that of its envelope (Docker, CRI, the journal, `docker compose logs -t`, a syslog header with date and offset), which no client chooses, else its own where it has a date and an offset. A line with the time of day only (a terminal) in a document has the time in `@timestamp`. Without any it is not dated by a guess, and counted as `bad_time`.',
    ],
  },
}

function decodePlainConsole(line: string, envelopeTime?: EpochMs): Decoding {
  const plain = withoutColours(line.slice(0, LONGEST_READ))
  const { 0: beginning = '', groups = {} } = BEGINNING.exec(plain) ?? {}
  const time = readTime(groups.time) ?? envelopeTime
  const subsystem = subsystems.get(groups.logger ?? '') ?? groups.logger ?? ''
  const reading = read(subsystem, plain.slice(beginning.length), time)
  if (reading === undefined)
    return { kind: 'undecoded', ...(time !== undefined && { time }), reason: 'unknown_template' }
  if (time === undefined) return { kind: 'undecoded', reason: 'bad_time' }
  const { template, draft } = reading
  if (draft === 'no_signal') return { kind: 'no_signal', time, template: template.id }
  if (!believed.includes(draft.signal)) return { kind: 'undecoded', time, reason: 'forgeable_line' }
  const { signal, labels, outcome, severity, pair } = draft
  const claim = {
    signal,
    labels,
    outcome,
    severity,
    time,
    count: 1,
    stream: 'file-log',
    origin: { subsystem },
  } as const
  const actor = { addressUnknown: 'console_text' } as const
  return { kind: 'claim', time, claim: { ...claim, actor, ...(pair !== undefined && { pair }) } }
}

interface Reading {
  readonly template: Template
  readonly draft: ClaimDraft | 'no_signal'
}

function read(subsystem: string, text: string, time: EpochMs | undefined): Reading | undefined {
  const line: LogLine = { subsystem, text, meta: undefined, fields: {}, time, host: undefined }
  for (const template of find(line)) {
    if (!template.subsystems.includes(subsystem) || !text.startsWith(template.prefix)) continue
    const readLine = readers.get(template.id) ?? template.read
    const draft = readLine(line, text.slice(template.prefix.length))
    if (draft !== undefined && (draft === 'no_signal' || 'signal' in draft)) return { template, draft }
  }
  return undefined
}

/** Templates whose lines are read otherwise than in JSON. */
const readers: ReadonlyMap<string, Template['read']> = new Map([
  [closedBeforeConnect.id, readClose],
  [unauthorized.id, readUnauthorized],
])

/** A caller can end the line before its reason. */
function readUnauthorized(line: LogLine, rest: string): Extraction {
  return unauthorized.read(line, rest) ?? { ...refused('other', 'other'), ...pairOf(rest, 'partner') }
}

const CAUSE = ' cause='
/** The longest tail that OpenClaw 2026.9.6 writes, in characters. */
const MAX_TAIL = 2_048
/** The close that follows a refusal by policy (RFC 6455, 7.4.1). */
const REFUSED = ' code=1008 '

/**
 * A close with its meta, which the console writes after the message. The message contains words of the caller, which the
 * tail repeats in quotes: where both could hold the cause, the connection was refused and the reason is not known. Older
 * releases write no tail, and the line of the credential says more.
 */
function readClose(line: LogLine, rest: string): Extraction {
  const { text } = line
  const at = text.indexOf(CAUSE)
  if (at === -1) {
    const hasTail = text.includes(' durationMs=')
    return !hasTail && text.includes(REFUSED)
      ? { ...refused('other', 'other'), ...pairOf(rest, 'partner') }
      : 'no_signal'
  }
  const pair = pairOf(rest, 'deputy')
  if (text.includes(CAUSE, at + 1)) return { ...refused('other', 'other'), ...pair }
  const meta = metaIn(text.slice(at, at + 1 + MAX_TAIL))
  if (meta === undefined) return { ...refused('other', 'other'), ...pair }
  const draft = closedBeforeConnect.read({ ...line, text: text.slice(0, at), meta }, rest)
  return draft !== undefined && draft !== 'no_signal' && 'signal' in draft ? { ...draft, ...pair } : draft
}

function pairOf(rest: string, role: Pair['role']): Pick<ClaimDraft, 'pair'> {
  const key = connectionId(wordAt(rest, 0))
  return key === undefined ? {} : { pair: { key, role } }
}

/** Keys of the tail beside words of the caller, as OpenClaw 2026.9.6 writes it. */
const ownKeys: ReadonlySet<string> = new Set([
  'lastFrameId',
  'origin',
  'userAgent',
  'forwardedFor',
  'remoteAddr',
  'localPort',
  'authMode',
  'authProvided',
  'authReason',
  'client',
  'clientDisplayName',
  'version',
  'platform',
])

/** True of a quotation that may have begun in one value and ended in another: a pair of the tail is between them. */
const mayHoldPairs = (value: string): boolean =>
  value
    .split(' ')
    .slice(1, -1)
    .some(word => !word.includes('"') && ownKeys.has(word.slice(0, Math.max(0, word.indexOf('=')))))

/**
 * `key=value` pairs: a value that contains white space or `=`, and none else, is written as JSON, so that no text of a
 * caller is a key. Undefined where that cannot be told: a value of one quotation mark is written as it is, and the next
 * one, in another value of the caller, would end it; what follows would be the caller's keys.
 */
function metaIn(text: string): Meta | undefined {
  const meta = new Map<string, unknown>()
  for (let at = 0; text[at] === ' '; ) {
    const equals = text.indexOf('=', at)
    if (equals === -1) break
    const end = endOfValue(text, equals + 1)
    const key = text.slice(at + 1, equals)
    const value = text.slice(equals + 1, end)
    if (value.startsWith('"') && mayHoldPairs(value)) return undefined
    if (!meta.has(key)) meta.set(key, valueIn(value))
    at = end
  }
  return Object.fromEntries(meta)
}

/** A text that begins with a quotation mark but is not JSON ends, as others do, before a space. */
function endOfValue(text: string, start: number): number {
  if (text[start] === '"') {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\\') at++
      else if (text[at] === '"') {
        if (at + 1 === text.length || text[at + 1] === ' ') return at + 1
        break
      }
    }
  }
  const space = text.indexOf(' ', start)
  return space === -1 ? text.length : space
}

const valueIn = (text: string): unknown => (text.startsWith('"') ? (parseJson(text) ?? text) : text)
