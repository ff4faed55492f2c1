import type { Decoder } from './dialects/dialect.ts'
import { unwrap } from './envelopes/unwrap.ts'
import type { Decoding, RawRecord } from './record.ts'
import { type Fields, readBody } from './toolkit/fields.ts'
import { NO_ORIGIN, originOf } from './toolkit/origin.ts'

export interface Decoded {
  /** Name of the decoder that took the record; `none` when it is of no known dialect. */
  readonly decoder: string
  readonly decoding: Decoding
}

/** Hands each record to the first of some decoders that knows its dialect. */
export interface Dispatcher {
  /**
   * Literal texts, one of which stands in every line that can bring a claim or a loss; undefined when a decoder asks for
   * every record.
   */
  readonly wanted: readonly string[] | undefined
  /** Never throws. */
  decode(record: RawRecord): Decoded
}

/** `decoders` in the order of recognition, the most telling mark first. A line is parsed once for all of them. */
export function createDispatcher(decoders: readonly Decoder[]): Dispatcher {
  const lines = decoders.filter(({ documentsOnly }) => documentsOnly !== true)
  const ofJson = lines.filter(({ plainText }) => plainText !== true)
  const ofText = lines.filter(({ plainText }) => plainText === true)
  return {
    wanted: unionOfWanted(lines),
    decode: record => {
      if (typeof record.body !== 'string') return decodeDocument(record, record.body, decoders)
      const body = readBody(record.body)
      if (typeof body !== 'string') return firstToDecode({ id: record.id, body }, ofJson) ?? unknownLayout
      const decoded = body === 'not_json' ? firstToDecode(record, ofText) : undefined
      return decoded ?? { decoder: 'none', decoding: { kind: 'undecoded', reason: body } }
    },
  }
}

const unknownLayout: Decoded = { decoder: 'none', decoding: { kind: 'undecoded', reason: 'unknown_layout' } }

function decodeDocument(record: RawRecord, document: Fields, decoders: readonly Decoder[]): Decoded {
  const { fields, reason } = unwrap(document)
  const decoded = firstToDecode(fields === document ? record : { ...record, body: fields }, decoders)
  if (decoded === undefined) {
    return reason === undefined ? unknownLayout : { decoder: 'none', decoding: { kind: 'undecoded', reason } }
  }
  const { decoder, decoding } = decoded
  if (decoding.kind !== 'claim') return decoded
  // The document's own word on where it comes from goes before the line's.
  const told = originOf(document)
  if (told === NO_ORIGIN) return decoded
  const origin = { ...decoding.claim.origin, ...told }
  return { decoder, decoding: { ...decoding, claim: { ...decoding.claim, origin } } }
}

function firstToDecode(record: RawRecord, decoders: readonly Decoder[]): Decoded | undefined {
  for (const decoder of decoders) {
    const decoding = decoder.decode(record)
    if (decoding !== undefined) return { decoder: decoder.name, decoding }
  }
  return undefined
}

/** Without the texts that contain another one: whoever looks for the shorter finds the longer. */
function unionOfWanted(decoders: readonly Decoder[]): readonly string[] | undefined {
  const all = new Set<string>()
  for (const { wanted } of decoders) {
    if (wanted === undefined) return undefined
    for (const text of wanted) all.add(text)
  }
  const texts = [...all]
  return texts.filter(text => !texts.some(other => other !== text && text.includes(other)))
}
