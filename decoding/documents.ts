import { envelopeFields, openAt, pathOf, type RecordPlace } from './envelopes/envelope.ts'
import { envelopes } from './envelopes/registry.ts'
import { dialects } from './registry.ts'
import { originFields } from './toolkit/origin.ts'
import type { OpenDocument } from './toolkit/record.ts'

/** How a source says where the record is in its documents: the name of an envelope, or the place itself. */
export type EnvelopeChoice = string | RecordPlace

/** What a source of documents must know to read them for decoding. */
export interface DocumentReading {
  /**
   * Everything of a document that decoding may read, as the source filter of a search. Causes and addresses in OpenClaw's
   * own layouts are in objects that are not indexed, so that doc values and `fields` would come back without them.
   */
  readonly sourceFields: readonly string[]
  /** Marks of documents that may be passed over by the prefilter: `Dialect.documentMark`. */
  readonly documentMarks: readonly (readonly [outer: string, inner: string])[]
  /** For the records of the source; absent where the marks of the known envelopes decide. */
  readonly open?: OpenDocument
}

/** @param choice where the record is in every document; without it the marks of the known envelopes decide */
export function documentReading(choice?: EnvelopeChoice): DocumentReading {
  const ofDialects = [...dialects.flatMap(({ sourceFields }) => sourceFields), ...originFields]
  const union = (fields: readonly string[]) => [...new Set([...ofDialects, ...fields])]
  if (choice === undefined) return { sourceFields: union(envelopes.flatMap(envelopeFields)), documentMarks }
  const place = placeOf(choice)
  return { sourceFields: union([pathOf(place)]), documentMarks, open: openAt(place) }
}

const documentMarks = dialects.flatMap(dialect => ('documentMark' in dialect ? [dialect.documentMark] : []))

function placeOf(choice: EnvelopeChoice): RecordPlace {
  if (typeof choice !== 'string') return choice
  const envelope = envelopes.find(({ name }) => name === choice)
  if (envelope === undefined) throw new RangeError(`${choice} is no envelope`)
  return envelope.record
}
