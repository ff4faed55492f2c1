import type { Dialect, DocumentDialect, JsonLineDialect, Prefilter, TextLineDialect } from './dialects/dialect.ts'
import { createOpener } from './envelopes/envelope.ts'
import { envelopes } from './registry.ts'
import { type Fields, readFields } from './toolkit/fields.ts'
import { NO_ORIGIN, originOf } from './toolkit/origin.ts'
import { hasDottedKey, nested } from './toolkit/path.ts'
import type { Decoding, OpenDocument, RawRecord, UndecodedReason } from './toolkit/record.ts'

export interface Decoded {
  /** Name of the dialect of the record; `none` when it is of no known dialect. */
  readonly decoder: string
  readonly decoding: Decoding
}

/** Hands each record to the first of some dialects that recognises it. */
export interface Dispatcher {
  /** Of all dialects of lines together. */
  readonly prefilter: Prefilter
  /** Never throws. */
  decode(record: RawRecord): Decoded
}

/** @param dialects in the order of recognition. A record is parsed once for all of them */
export function createDispatcher(dialects: readonly Dialect[]): Dispatcher {
  const ofJson = dialects.filter((dialect): dialect is JsonLineDialect => dialect.format === 'json-line')
  const ofText = dialects.filter((dialect): dialect is TextLineDialect => dialect.format === 'text-line')
  const ofDocuments = dialects.filter((dialect): dialect is DocumentDialect => dialect.format === 'document')
  const openKnown = createOpener(envelopes)
  return {
    prefilter: unionOf([...ofJson, ...ofText]),
    decode: ({ body, open = openKnown }) => (typeof body === 'string' ? decodeLine(body) : decodeDocument(body, open)),
  }

  function decodeLine(line: string): Decoded {
    const fields = readFields(line)
    if (typeof fields !== 'string') return firstToDecode(fields, ofJson) ?? unknownLayout
    const decoded = fields === 'not_json' ? firstToDecode(line, ofText) : undefined
    return decoded ?? undecoded(fields)
  }

  /** A record at the root goes before one in an envelope, and both before what a pipeline made of them. */
  function decodeDocument(document: Fields, open: OpenDocument): Decoded {
    const found =
      decodeRecord(document, open) ??
      (hasDottedKey(document) ? decodeRecord(nested(document), open) : undefined) ??
      unknownEnvelope
    if (found.decoder === 'none') return firstToDecode(document, ofDocuments) ?? found
    return withOriginOf(document, found)
  }

  function decodeRecord(document: Fields, open: OpenDocument): Decoded | undefined {
    const atRoot = firstToDecode(document, ofJson)
    if (atRoot !== undefined) return atRoot
    const record = open(document)
    if (record === undefined) return undefined
    return typeof record === 'string' ? decodeLine(record) : (firstToDecode(record, ofJson) ?? unknownLayout)
  }
}

const undecoded = (reason: UndecodedReason): Decoded => ({ decoder: 'none', decoding: { kind: 'undecoded', reason } })
const unknownLayout = undecoded('unknown_layout')
const unknownEnvelope = undecoded('unknown_envelope')

/** A dialect as it is asked for a line, or for a parsed record. */
interface Asked<Record> {
  readonly name: string
  recognises(record: Record): boolean
  decode(record: Record): Decoding
}

function firstToDecode<Record>(record: Record, dialects: readonly Asked<Record>[]): Decoded | undefined {
  for (let index = 0; index < dialects.length; index++) {
    const dialect = dialects[index] as Asked<Record>
    if (dialect.recognises(record)) return { decoder: dialect.name, decoding: dialect.decode(record) }
  }
  return undefined
}

/** Where a document says that it comes from goes before what the record in it says. */
function withOriginOf(document: Fields, decoded: Decoded): Decoded {
  const { decoder, decoding } = decoded
  if (decoding.kind !== 'claim') return decoded
  const stored = originOf(document)
  if (stored === NO_ORIGIN) return decoded
  const origin = { ...decoding.claim.origin, ...stored }
  return { decoder, decoding: { ...decoding, claim: { ...decoding.claim, origin } } }
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
