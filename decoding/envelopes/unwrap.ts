import { readConsoleLayout } from '../dialects/openclaw-log/console-layout.ts'
import type { UndecodedReason } from '../record.ts'
import { type Fields, isObject, readBody } from '../toolkit/fields.ts'
import { nested, pathReader } from '../toolkit/path.ts'
import { parsedLinePaths, rawLinePaths } from './paths.ts'

const parsedLineReaders = parsedLinePaths.map(pathReader)
const rawLineReaders = rawLinePaths.map(pathReader)

/** What a stored document holds. */
export interface Unwrapped {
  /** OpenClaw's own record where one was found, else the document itself. */
  readonly fields: Fields
  /** Why no record was found; what a decoder makes of the document itself goes before it. */
  readonly reason?: UndecodedReason
}

/**
 * Finds OpenClaw's record in a document: at the root, under the name that a shipper parsed it into, or as the raw line
 * in a text. The shipper's own `message` and `host` stand beside it and are not taken for the record's.
 */
export function unwrap(document: Fields): Unwrapped {
  if (isRecord(document)) return { fields: document }
  const parsed = parsedRecord(document)
  if (parsed !== undefined) return { fields: parsed }
  if (Object.keys(document).some(isPartOfRecord)) {
    const unfolded = nested(document)
    const fields = isRecord(unfolded) ? unfolded : parsedRecord(unfolded)
    if (fields !== undefined) return { fields }
  }
  return rawRecord(document)
}

/** The marks of everything that OpenClaw writes as JSON, but for OpenTelemetry attributes, which decoders find themselves. */
function isRecord(fields: Fields): boolean {
  return (
    isObject(fields._meta) ||
    fields.signal === 'openclaw.diagnostic.log' ||
    fields.type === 'security.event' ||
    (isObject(fields.event) && fields.event.type === 'security.event') ||
    typeof fields.ssl_client_verify === 'string' ||
    readConsoleLayout(fields) !== undefined
  )
}

function parsedRecord(document: Fields): Fields | undefined {
  for (const read of parsedLineReaders) {
    const value = read(document)
    if (isObject(value) && isRecord(value)) return value
  }
  return undefined
}

const DOTTED_META = /(?:^|\.)_meta\./

function isPartOfRecord(key: string): boolean {
  return key.length < 512 && DOTTED_META.test(key)
}

function rawRecord(document: Fields): Unwrapped {
  let reason: UndecodedReason | undefined
  for (const read of rawLineReaders) {
    const text = read(document)
    if (typeof text !== 'string') continue
    const body = text.startsWith('{') ? readBody(text) : 'not_json'
    if (isObject(body) && isRecord(body)) return { fields: body }
    reason ??= isObject(body) ? 'unknown_layout' : body
  }
  return reason === undefined ? { fields: document } : { fields: document, reason }
}
