import { Fault } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { type NetworkSet, NetworkSetBuilder } from '../../core/net/network-set.ts'
import {
  isJsonLines,
  type ListFormatName,
  listFormats,
  networksOfEntry,
  type Pieces,
  recogniseFormat,
} from './list-formats.ts'

export interface ParsedList {
  readonly networks: NetworkSet
  /** Entries that are no address, or wider than any list of attackers could mean. */
  readonly refused: number
  readonly format: ListFormatName
}

export interface ListSyntax {
  /** `auto`: recognised by the beginning of the file. */
  readonly format: ListFormatName | 'auto'
  /** Counted from 1; not used by `auto`. */
  readonly column: number
  /** True where a list without entries is no error. */
  readonly allowEmpty: boolean
}

/** An entry that holds more than this is a mistake or an attack on the list: 0.0.0.0/0 would call everybody malicious. */
const MIN_PREFIX = { 4: 8, 6: 19 } as const
/** A list that holds more of the addresses of a family calls everybody something. Of IPv6, 2000::/3 is in use. */
const MAX_SHARE = 1 / 8
const USED_PREFIX = { 4: 0, 6: 3 } as const
const MAX_ENTRIES = 2_000_000
/** A piece that is longer is no entry of any list. */
const MAX_PIECE = 64 * 1024
const BEGINNING_BYTES = 4 * 1024

/**
 * Reads a list out of the bytes of its file.
 *
 * @param most distinct networks that a list may hold
 * @throws Fault where nothing could be read, or more than a list of attackers can mean
 */
export async function parseList(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  syntax: ListSyntax,
  most = MAX_ENTRIES,
): Promise<ParsedList> {
  const builder = new NetworkSetBuilder()
  let refused = 0
  let reading: { format: ListFormatName; column: number; cut: PieceCutter } | undefined

  const take = (piece: string): void => {
    if (reading === undefined) return
    const entry = piece.length > MAX_PIECE ? '' : listFormats[reading.format].entry(piece, reading.column)
    if (entry === undefined) return
    const held = networksOfEntry(entry.trim())
    if (held === undefined || held.some(({ family, prefix }) => prefix < MIN_PREFIX[family])) {
      refused += 1
      return
    }
    for (const network of held) builder.add(network)
  }

  for await (const text of textOf(chunks)) {
    reading ??= begin(text, syntax)
    for (const piece of reading.cut.push(text)) take(piece)
    // Repetitions are removed when they may be half of what is held, not at each chunk.
    if (builder.length > 2 * most) refuseMany(builder, most)
  }
  for (const piece of reading?.cut.end() ?? []) take(piece)
  refuseMany(builder, most)
  const networks = builder.build()
  if (shareOf(networks, 4) > MAX_SHARE) throw new Fault('it holds more than an eighth of all IPv4 addresses')
  if (shareOf(networks, 6) > MAX_SHARE) throw new Fault('it holds more than an eighth of all IPv6 addresses')
  const { format = 'plain' } = reading ?? {}
  if (networks.size === 0 && !(syntax.allowEmpty && refused === 0 && reading !== undefined)) {
    const found = refused === 0 ? 'no entries' : `${refused} lines or objects and no address among them`
    throw new Fault(`it has ${found}; check the file, and format and column`)
  }
  return { networks, refused, format }
}

function refuseMany(builder: NetworkSetBuilder, most: number): void {
  builder.compact()
  if (builder.length > most) throw new Fault(`it has more than ${most} entries`)
}

/** The share of the addresses of a family; one network inside another counts twice: a bound from above. */
function shareOf({ runs }: NetworkSet, family: 4 | 6): number {
  return runs
    .filter(run => run.family === family)
    .reduce((share, { prefix, high }) => share + high.length * 2 ** (USED_PREFIX[family] - prefix), 0)
}

function begin(text: string, { format, column }: ListSyntax) {
  if (/^\s*<(?:!|\?|html|head|body)/i.test(text)) throw new Fault('it is a web page or XML, and not a list')
  const recognised = format === 'auto' ? recogniseFormat(text) : { format, column }
  const { pieces } = listFormats[recognised.format]
  return { ...recognised, cut: cutters[pieces === 'json' && isJsonLines(text) ? 'jsonLines' : pieces]() }
}

/** The text of a file in UTF-8 or UTF-16, in chunks, the first of which is long enough to recognise a format by. */
async function* textOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<string> {
  const beginning: Uint8Array[] = []
  let length = 0
  let decode: ((bytes: Uint8Array) => string) | undefined
  for await (const bytes of chunks) {
    if (decode === undefined) {
      beginning.push(bytes)
      length += bytes.length
      if (length < BEGINNING_BYTES) continue
    }
    const more = decode === undefined ? Buffer.concat(beginning) : bytes
    decode ??= decoderOf(more)
    yield decode(more)
  }
  if (decode !== undefined || length === 0) return
  const whole = Buffer.concat(beginning)
  yield decoderOf(whole)(whole)
}

function decoderOf(beginning: Uint8Array): (bytes: Uint8Array) => string {
  if (beginning[0] === 0x1f && beginning[1] === 0x8b) throw new Fault('it is compressed; unpack it')
  const decoder = new TextDecoder(encodingOf(beginning))
  return bytes => decoder.decode(bytes, { stream: true })
}

/** By the mark of byte order, else by the zeros in every second byte that UTF-16 has for addresses. */
function encodingOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first !== 0 && second === 0) return 'utf-16le'
  return first === 0 && second !== 0 ? 'utf-16be' : 'utf-8'
}

interface PieceCutter {
  /** The pieces that are complete with this text. */
  push(text: string): Iterable<string>
  /** What is left. @throws Fault where the file ends too early */
  end(): Iterable<string>
}

/** @param isComplete whether a last line without a line break is whole */
function cutLines(isComplete: (line: string) => boolean): PieceCutter {
  let rest = ''
  return {
    push(text) {
      const lines = (rest + text).split(/[\r\n]+/)
      // A line without an end must not grow.
      rest = (lines.pop() ?? '').slice(0, MAX_PIECE + 1)
      return lines
    },
    end() {
      if (!isComplete(rest)) throw cutOff()
      return [rest]
    },
  }
}

const cutOff = () => new Fault('it ends within an object: its download was cut off')

const cutters: Readonly<Record<Pieces | 'jsonLines', () => PieceCutter>> = {
  lines: () => cutLines(() => true),
  jsonLines: () => cutLines(line => line.trim() === '' || parseJson(line) !== undefined),
  json() {
    let piece = ''
    let depth = 0
    let inText = false
    let isEscaped = false
    const add = (part: string) => {
      if (piece.length <= MAX_PIECE) piece += part
    }
    function* complete(text: string): Iterable<string> {
      let from = 0
      for (let at = 0; at < text.length; at++) {
        const character = text[at] as string
        const wasOutside = depth === 0 && !inText
        if (inText) {
          if (isEscaped) isEscaped = false
          else if (character === '\\') isEscaped = true
          else if (character === '"') inText = false
        } else if (character === '"') inText = true
        else if (character === '{') depth += 1
        else if (character === '}') depth = Math.max(0, depth - 1)
        const isOutside = depth === 0 && !inText
        // Between objects and texts are only the brackets and commas of a list.
        if (wasOutside && !isOutside) from = at
        if (!wasOutside && isOutside) {
          add(text.slice(from, at + 1))
          yield piece
          piece = ''
        }
      }
      if (depth > 0 || inText) add(text.slice(from))
    }
    return {
      push: complete,
      end() {
        if (depth > 0 || inText) throw cutOff()
        return []
      },
    }
  },
}
