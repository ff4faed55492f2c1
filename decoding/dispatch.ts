import type { EpochMs } from '../core/clock.ts'
import {
  type Dialect,
  type DocumentDialect,
  type JsonLineDialect,
  type MissingField,
  type Prefilter,
  recognisesAny,
  type TextLineDialect,
  textDialectsOf,
} from './dialects/dialect.ts'
import { createKernelTest, createOpener } from './envelopes/envelope.ts'
import { journald } from './envelopes/journald.ts'
import { createLineOpener, type OpenedLine } from './envelopes/line-envelope.ts'
import { nameProxyOf } from './envelopes/programs.ts'
import { envelopes, lineEnvelopes } from './envelopes/registry.ts'
import type { Access } from './toolkit/access.ts'
import { type Fields, readFields } from './toolkit/fields.ts'
import type { GuardReport } from './toolkit/guard-report.ts'
import { NO_ORIGIN, originOf } from './toolkit/origin.ts'
import { hasDottedKey, nested } from './toolkit/path.ts'
import type { ConsoleText, Decoding, OpenDocument, RawRecord, UndecodedReason } from './toolkit/record.ts'
import { createTextTest } from './toolkit/text-search.ts'
import { readStoredTime } from './toolkit/time.ts'
import type { VersionReport } from './toolkit/version-report.ts'

export interface Decoded {
  /** Name of the dialect of the record; `none` when it is of no known dialect. */
  readonly decoder: string
  readonly decoding: Decoding
  /** The record is in an older form of its format. */
  readonly lacks?: MissingField
  /** What the record shows of the guard that wrote it. */
  readonly guard?: GuardReport
  /** What the record shows of the version of its program, where neither its claim nor `guard` says it. */
  readonly version?: VersionReport
  /** What the record says of an access. Never there unless it was asked for. */
  readonly access?: Access
}

/** What a dispatcher reads besides. */
export interface DispatchOptions {
  /** Accesses, also of clients that were let in. Default: false. */
  readonly withAccess?: boolean
}

/** Hands each record to the first of some dialects that recognises it. */
export interface Dispatcher {
  /** Of all dialects of lines together. */
  readonly prefilter: Prefilter
  /** Never throws. */
  decode(record: RawRecord): Decoded
}

/** @param dialects in the order of recognition. A record is parsed once for all of them */
export function createDispatcher(
  dialects: readonly Dialect[],
  { withAccess = false }: DispatchOptions = {},
): Dispatcher {
  const ofJson = dialects.filter((dialect): dialect is JsonLineDialect => dialect.format === 'json-line')
  const allOfText = dialects.filter((dialect): dialect is TextLineDialect => dialect.format === 'text-line')
  const ofText = textDialectsOf(dialects)
  const ofKernel = allOfText.filter(({ writer }) => writer === 'kernel')
  const kernelDecoders = new Set(ofKernel.map(({ name }) => name))
  const ofDocuments = dialects.filter((dialect): dialect is DocumentDialect => dialect.format === 'document')
  const prefilter = withEnveloped(unionOf([...ofJson, ...allOfText]))
  const prefilters = new Map(dialects.map(dialect => [dialect.name, dialect.prefilter]))
  const isWanted = prefilter === 'all' ? () => true : createTextTest(prefilter)
  const ofAnyone = new Set(ofText.flatMap(({ name, anyoneWrites }) => (anyoneWrites === undefined ? [] : [name])))
  const openKnown = createOpener(envelopes)
  const isOfKernel = createKernelTest(envelopes)
  const { openObject, openText, programsOf } = createLineOpener(lineEnvelopes, recognisesAny(ofText))
  return {
    prefilter,
    decode({ body, forgeable, open = openKnown }) {
      const decoded = typeof body === 'string' ? decodeLine(withoutPadding(body)) : decodeDocument(body, open)
      return forgeable !== undefined && !mayBeBelieved(decoded, body, forgeable) ? forgeableLine : decoded
    },
  }

  /**
   * Only an envelope that names the proxy distinguishes a record of a proxy from one that a client of the gateway wrote.
   * Where the console is in no envelope, the client writes the envelope too. Of the console itself no more is believed.
   */
  function mayBeBelieved({ decoder }: Decoded, body: string | Fields, forgeable: ConsoleText): boolean {
    if (decoder === 'none' || ofAnyone.has(decoder)) return true
    if (forgeable === 'bare') return false
    // The envelope says that the kernel wrote it.
    if (kernelDecoders.has(decoder)) return true
    if (typeof body !== 'string') return false
    const line = withoutPadding(body)
    const fields = readFields(line)
    return nameProxyOf(decoder, programsOf(typeof fields === 'string' ? line : fields))
  }

  /** A line of a file. Its envelope goes first: what a command writes around a record may look like a poorer record. */
  function decodeLine(line: string): Decoded {
    if (isIndented(line)) return undecoded('not_json')
    const fields = readFields(line)
    if (typeof fields !== 'string') {
      const opened = openObject(fields)
      return opened === undefined ? decodeObject(fields, line) : decodeOpened(opened)
    }
    if (fields !== 'not_json') return undecoded(fields)
    const opened = openText(line)
    if (opened === undefined) return decodeText(line)
    const found = decodeOpened(opened)
    return isUndecoded(found, 'not_json') && opened.record.startsWith('{') ? recordLeftOut : found
  }

  function decodeOpened({ record, isPart, isLeftOut, isOfKernel, time }: OpenedLine): Decoded {
    if (isPart) return isLeftOut ? recordLeftOut : partialRecord
    if (isOfKernel) return decodeKernelLine(record, time)
    const found = decodeRecordLine(record.endsWith('\n') ? record.slice(0, -1) : record, time)
    // What any client can write, with any time, was written when its envelope was.
    const written = ofAnyone.has(found.decoder) ? time() : undefined
    return written === undefined ? found : withTime(found, written)
  }

  /**
   * A record as its program wrote it: in no envelope.
   *
   * @param time reads when it was written, by its envelope
   */
  function decodeRecordLine(line: string, time?: EnvelopeTime): Decoded {
    if (isIndented(line)) return undecoded('not_json')
    const fields = readFields(line)
    if (typeof fields !== 'string') return decodeObject(fields, line, time)
    return fields === 'not_json' ? decodeText(line, time) : undecoded(fields)
  }

  /** Most messages of the kernel are about other things than packets: they are as skipped as in a file. */
  function decodeKernelLine(line: string, time: EnvelopeTime): Decoded {
    return firstToDecode(line, ofKernel, withAccess, time) ?? undecoded('skipped')
  }

  /** @param line the record as its program wrote it; undefined of a document, whose text is not known */
  function decodeObject(fields: Fields, line?: string, time?: EnvelopeTime): Decoded {
    const found = firstToDecode(fields, ofJson, withAccess, time && (() => time)) ?? unknownLayout
    return line === undefined ? found : withoutForeignText(found, line)
  }

  function decodeText(line: string, time?: EnvelopeTime): Decoded {
    return withoutForeignText(firstToDecode(line, ofText, withAccess, time) ?? undecoded('not_json'), line)
  }

  /**
   * A line that is undecoded, and was parsed only because a part of it (a message, a request) is a text of another
   * dialect's prefilter, is as skipped as it would be without that text.
   */
  function withoutForeignText(found: Decoded, line: string): Decoded {
    const { decoder, decoding } = found
    if (decoding.kind !== 'undecoded' || prefilter === 'all') return found
    const own = prefilters.get(decoder) ?? 'all'
    if (own === 'all' || !isWanted(line) || isAnyIn(own, line)) return found
    const { version: _ofOthers, ...rest } = found
    return { ...rest, decoding: { ...decoding, reason: 'skipped' } }
  }

  /** A record at the root goes before one in an envelope, and both before what a pipeline made of them. */
  function decodeDocument(document: Fields, open: OpenDocument): Decoded {
    const found =
      decodeRecord(document, open) ??
      (hasDottedKey(document) ? decodeRecord(nested(document), open) : undefined) ??
      unknownEnvelope
    if (found.decoder === 'none') return firstToDecode(document, ofDocuments, withAccess) ?? found
    return withOriginOf(document, found)
  }

  function decodeRecord(document: Fields, open: OpenDocument): Decoded | undefined {
    const atRoot = firstToDecode(document, ofJson, withAccess)
    if (atRoot !== undefined) return atRoot
    const record = open(document)
    if (record === undefined) return undefined
    const time = () => readStoredTime(document)
    if (typeof record !== 'string') return decodeObject(record, undefined, time)
    return isOfKernel(document) ? decodeKernelLine(record, time) : decodeRecordLine(record, time)
  }
}

/** Also as the texts are in a record that is a JSON string of its envelope. */
function withEnveloped(prefilter: Prefilter): Prefilter {
  if (prefilter === 'all') return prefilter
  const escaped = prefilter.map(text => JSON.stringify(text).slice(1, -1).replace(/^\\/, ''))
  return [
    ...prefilter,
    ...escaped.filter(text => !prefilter.some(plain => text.includes(plain))),
    ...beginningsOfBytes,
    ...recordsLeftOut,
  ]
}

/**
 * Where a record is a list of its bytes, none of its texts can be found: the line is always parsed. journald writes one
 * for a message that is not printable, which a client may choose to cause; older releases with spaces.
 */
const beginningsOfBytes: readonly string[] = lineEnvelopes
  .flatMap(envelope => ('record' in envelope ? [JSON.stringify(envelope.record.raw)] : []))
  .flatMap(key => [`${key}:[`, `${key} : [`])

/** A record that its writer left out is parsed too, so that it is counted as a part. */
const recordsLeftOut: readonly string[] = lineEnvelopes.flatMap(envelope => {
  if ('header' in envelope) return envelope.leftOut === undefined ? [] : [envelope.leftOut.end]
  const key = JSON.stringify(envelope.record.raw)
  return envelope.leavesOut ? [`${key}:null`, `${key} : null`] : []
})

/** Without a byte order mark, and without the NULs that a writer leaves whose file was truncated under its hands. */
function withoutPadding(line: string): string {
  let start = 0
  while (line.charCodeAt(start) === 0 || line.charCodeAt(start) === 0xfeff) start++
  return start === 0 ? line : line.slice(start)
}

/**
 * No program writes a record after white space. journalctl does, before each further line of a message, which a client of
 * any program may have written.
 */
const isIndented = (line: string): boolean => line.startsWith(' ') || line.startsWith('\t')

const undecoded = (reason: UndecodedReason): Decoded => ({ decoder: 'none', decoding: { kind: 'undecoded', reason } })
const unknownLayout = undecoded('unknown_layout')
const partialRecord = undecoded('partial_record')
/** The whole record, or what follows the beginning of one: the text formats of journalctl do not say that a line was split. */
const recordLeftOut: Decoded = {
  ...partialRecord,
  lacks: {
    field: journald.record.raw,
    consequence: 'the text of some of them was left out or cut, and these are not counted',
    advice: 'write them by journalctl -o json --all or -o export',
  },
}
const forgeableLine = undecoded('forgeable_line')
const unknownEnvelope = undecoded('unknown_envelope')

function withTime(decoded: Decoded, time: EpochMs): Decoded {
  const { decoding } = decoded
  if (decoding.kind !== 'claim') return { ...decoded, decoding: { ...decoding, time } }
  return { ...decoded, decoding: { ...decoding, time, claim: { ...decoding.claim, time } } }
}

const isUndecoded = ({ decoding }: Decoded, reason: UndecodedReason): boolean =>
  decoding.kind === 'undecoded' && decoding.reason === reason

/** Reads the time of an envelope: only few lines of text need it. */
type EnvelopeTime = OpenedLine['time']

/** A dialect as it is asked for a line, or for a parsed record. */
interface Asked<Record, Time> {
  readonly name: string
  recognises(record: Record): boolean
  decode(record: Record, envelopeTime?: Time): Decoding
  lacks?(record: Record, decoding: Decoding): MissingField | undefined
  reports?(record: Record): GuardReport
  access?(record: Record, decoding: Decoding): Access | undefined
  readonly versions?: { report(record: Record, decoding: Decoding): VersionReport | undefined }
}

function firstToDecode<Record, Time>(
  record: Record,
  dialects: readonly Asked<Record, Time>[],
  withAccess: boolean,
  envelopeTime?: () => Time | undefined,
): Decoded | undefined {
  for (let index = 0; index < dialects.length; index++) {
    const dialect = dialects[index] as Asked<Record, Time>
    if (!dialect.recognises(record)) continue
    const decoder = dialect.name
    const decoding = dialect.decode(record, envelopeTime?.())
    if (withAccess) return decodedWithAccess(dialect, record, decoding)
    const lacks = dialect.lacks?.(record, decoding)
    const guard = dialect.reports?.(record)
    const version = dialect.versions?.report(record, decoding)
    if (version !== undefined) return { decoder, decoding, ...(lacks && { lacks }), ...(guard && { guard }), version }
    if (guard === undefined) return lacks === undefined ? { decoder, decoding } : { decoder, decoding, lacks }
    return lacks === undefined ? { decoder, decoding, guard } : { decoder, decoding, lacks, guard }
  }
  return undefined
}

/** Who asks for accesses asks for nothing else besides. */
function decodedWithAccess<Record, Time>(dialect: Asked<Record, Time>, record: Record, decoding: Decoding): Decoded {
  const access = dialect.access?.(record, decoding)
  return { decoder: dialect.name, decoding, ...(access !== undefined && { access }) }
}

const isAnyIn = (texts: readonly string[], line: string): boolean => texts.some(text => line.includes(text))

/** Where a document says that it comes from goes before what the record in it says. */
function withOriginOf(document: Fields, decoded: Decoded): Decoded {
  const { decoding, guard, version } = decoded
  const { kind } = decoding
  if (kind === 'posture_snapshot' || kind === 'configuration_change' || kind === 'device_tokens') {
    return { ...decoded, decoding: { ...decoding, origin: { ...decoding.origin, ...originOf(document) } } }
  }
  if (decoding.kind !== 'claim' && guard === undefined && version === undefined) return decoded
  const stored = originOf(document)
  if (stored === NO_ORIGIN) return decoded
  const reported = {
    ...decoded,
    ...(guard && { guard: { ...guard, origin: { ...guard.origin, ...stored } } }),
    ...(version && { version: { ...version, origin: { ...version.origin, ...stored } } }),
  }
  if (decoding.kind !== 'claim') return reported
  const origin = { ...decoding.claim.origin, ...stored }
  return { ...reported, decoding: { ...decoding, claim: { ...decoding.claim, origin } } }
}

/** Without the texts that contain another one: a search for the shorter finds the longer. */
function unionOf(dialects: readonly Dialect[]): Prefilter {
  const all = new Set<string>()
  for (const { prefilter } of dialects) {
    if (prefilter === 'all') return 'all'
    for (const text of prefilter) all.add(text)
  }
  const texts = [...all]
  return texts.filter(text => !texts.some(other => other !== text && text.includes(other)))
}
