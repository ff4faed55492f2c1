import type { RawRecord } from '../sources/source.ts'
import { readBody } from './body.ts'
import type { Decoder, Decoding } from './decoder.ts'

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
  return {
    wanted: unionOfWanted(decoders),
    decode: record => {
      const body = readBody(record.body)
      if (typeof body === 'string') return { decoder: 'none', decoding: { kind: 'undecoded', reason: body } }
      const parsed = { ...record, body }
      for (const decoder of decoders) {
        const decoding = decoder.decode(parsed)
        if (decoding !== undefined) return { decoder: decoder.name, decoding }
      }
      return { decoder: 'none', decoding: { kind: 'undecoded', reason: 'unknown_layout' } }
    },
  }
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
