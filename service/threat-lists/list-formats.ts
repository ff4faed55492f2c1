import { Fault } from '../../core/errors.ts'
import { parseJson } from '../../core/json.ts'
import { networksOfRange, parseTarget, type Target } from '../../core/net/target.ts'

/** How a file is cut: into lines, or into the objects and texts of JSON, on lines of their own or in one list. */
export type Pieces = 'lines' | 'json'

/** One format of lists. What is registered in `listFormats` can be configured, is documented and is tested. */
export interface ListFormat {
  /** One sentence for docs/configuration.md. */
  readonly help: string
  readonly pieces: Pieces
  /**
   * The entry of a piece as text: an address, a network, or a range `first-last`. Undefined for a piece that is none by its
   * format, such as a comment or a heading of metadata.
   *
   * @param column counted from 1
   */
  entry(piece: string, column: number): string | undefined
}

const COMMENT = /^\s*(?:#|;|\/\/|!|$)/

/**
 * The first word, a network with its netmask, or a range with its dash; what follows a space, comma, semicolon, bar or
 * number sign is a comment.
 */
const FIRST_WORD = /^\s*"?([\da-f:.]+(?:\/[\d.]+|\s+255(?:\.\d{1,3}){3})?(?:\s*-\s*[\da-f:.]+)?)"?(?=$|[\s,;|#])/i
/** A network with its netmask. One that begins with less than 255 is wider than any entry may be. */
const WITH_NETMASK = /^([\d.]+)(?:\/|\s+)(255(?:\.\d{1,3}){3})$/

const lineEntry = (line: string, entry: (line: string) => string): string | undefined =>
  COMMENT.test(line) ? undefined : entry(line)

export const listFormats = {
  plain: {
    help: 'one address, network (also with a netmask) or range a line, as in netsets; further fields and comments are ignored',
    pieces: 'lines',
    entry: line => lineEntry(line, () => FIRST_WORD.exec(line)?.[1] ?? ''),
  },
  csv: {
    help: 'in a column; fields are separated by a comma, semicolon, tab or bar',
    pieces: 'lines',
    entry: (line, column) =>
      /^\s*(?:#|\/\/|$)/.test(line) ? undefined : (cellsOf(line)[column - 1] ?? '').replace(/\s+[#;].*$/, ''),
  },
  tsv: {
    help: 'in a column; fields are separated by tabs',
    pieces: 'lines',
    entry: (line, column) => lineEntry(line, () => (line.split('\t')[column - 1] ?? '').trim()),
  },
  ranges: {
    help: 'the first and the last address of a range in two columns, the first of which is `column`',
    pieces: 'lines',
    entry: (line, column) =>
      lineEntry(line, () =>
        cellsOf(line)
          .slice(column - 1, column + 1)
          .join('-'),
      ),
  },
  dshield: {
    help: "DShield's block list: first address, last address, prefix",
    pieces: 'lines',
    entry: line =>
      lineEntry(line, () => (/^start\b/i.test(line) ? '' : line.trim().split(/\s+/).slice(0, 2).join('-'))),
  },
  tor: {
    help: 'the list of exit addresses of the Tor Project (`ExitAddress` lines)',
    pieces: 'lines',
    entry: line => {
      const [word = '', address = ''] = line.trim().split(/\s+/)
      if (word === 'ExitAddress') return address
      // The other lines of an exit's description.
      return ['', 'ExitNode', 'Published', 'LastStatus'].includes(word) || COMMENT.test(line) ? undefined : ''
    },
  },
  json: {
    help: 'objects or texts, one a line as in the lists of Spamhaus, or in one JSON list; the address is in `cidr`, `ip_address`, `ip`, `address`, `network` or `range`',
    pieces: 'json',
    entry: piece => jsonEntry(piece, ['cidr', 'ip_address', 'ip', 'address', 'network', 'range']),
  },
  feodo: {
    help: 'the JSON of Feodo Tracker',
    pieces: 'json',
    entry: piece => jsonEntry(piece, ['ip_address']),
  },
} as const satisfies Record<string, ListFormat>

export type ListFormatName = keyof typeof listFormats

/** Which format a list has, and in which column. */
export interface Recognised {
  readonly format: ListFormatName
  readonly column: number
}

const SAMPLED_LINES = 50
const MAX_COLUMNS = 64

/**
 * Recognises the format of a list by its beginning.
 *
 * @throws Fault where several columns contain addresses: which of them is meant is for the configuration to say
 */
export function recogniseFormat(beginning: string): Recognised {
  if (/^\s*[[{]/.test(beginning)) return { format: 'json', column: 1 }
  const lines = beginning.split(/[\r\n]+/).slice(0, SAMPLED_LINES)
  const sample = lines.filter(line => !COMMENT.test(line))
  const most = (holds: (line: string) => boolean) => sample.filter(holds).length * 2 > sample.length
  if (sample.some(line => /^ExitAddress\s/.test(line))) return { format: 'tor', column: 1 }
  const isDshield = (line: string) => {
    const [first = '', last = '', prefix = ''] = line.trim().split(/\s+/)
    return isAddress(first) && isAddress(last) && /^\d{1,3}$/.test(prefix)
  }
  // The heading of its columns is one of the lines.
  if (sample.filter(isDshield).length * 2 >= sample.length && sample.some(isDshield)) {
    return { format: 'dshield', column: 1 }
  }
  const cells = sample.map(cellsOf)
  const width = Math.min(MAX_COLUMNS, Math.max(0, ...cells.map(({ length }) => length)))
  const columns = Array.from({ length: width }, (_, index) => index + 1).filter(column => {
    const held = cells.filter(row => networksOfEntry(row[column - 1] ?? '') !== undefined)
    // A heading and a few odd lines are no reason against it.
    return held.length > 0 && held.length * 2 >= cells.length
  })
  const [column, ...others] = columns
  if (others.length > 0) {
    throw new Fault(`columns ${columns.join(', ')} contain addresses; set format and column`)
  }
  if (column !== undefined && column > 1) return { format: 'csv', column }
  return most(line => FIRST_WORD.test(line)) || column === undefined
    ? { format: 'plain', column: 1 }
    : { format: 'csv', column }
}

/** The networks of an entry: one, or those of its range. Undefined where the text is neither. */
export function networksOfEntry(text: string): readonly Target[] | undefined {
  const [, address, netmask] = WITH_NETMASK.exec(text.trim()) ?? []
  if (netmask !== undefined) {
    const network = parseTarget(`${address}/${lengthOfNetmask(netmask)}`)
    return network && [network]
  }
  const [first = '', last, ...more] = text.split('-')
  const from = parseTarget(first.trim())
  if (from === undefined || more.length > 0) return undefined
  if (last === undefined) return [from]
  const to = parseTarget(last.trim())
  return to === undefined ? undefined : networksOfRange(from, to)
}

/** `255.255.255.0` is 24; undefined where the bits that are set are not the first ones. */
function lengthOfNetmask(netmask: string): number | undefined {
  const bits = parseTarget(netmask)?.value.toString(2)
  return bits !== undefined && /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined
}

const isAddress = (text: string): boolean => parseTarget(text.trim()) !== undefined

/** The fields of a line by RFC 4180, without line breaks inside quotes, separated by what occurs first outside quotes. */
function cellsOf(line: string): string[] {
  const separator = /[,;\t|]/.exec(line.replace(/"(?:[^"]|"")*"/g, ''))?.[0] ?? ','
  const cells: string[] = []
  let at = 0
  while (at <= line.length && cells.length < MAX_COLUMNS) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(line.slice(at))
    const from = at + (quoted?.[0].length ?? 0)
    const next = line.indexOf(separator, from)
    const end = next === -1 ? line.length : next
    cells.push(quoted === null ? line.slice(at, end).trim() : (quoted[1] ?? '').replaceAll('""', '"').trim())
    at = end + 1
  }
  return cells
}

/**
 * True for JSON on lines of its own: a line that is cut off, or is no JSON, then spoils only itself.
 *
 * @param beginning of the file; its last line may be cut
 */
export function isJsonLines(beginning: string): boolean {
  if (/^\s*\[/.test(beginning)) return false
  const lines = beginning.split(/[\r\n]+/).filter(line => !COMMENT.test(line))
  const sample = lines.slice(0, Math.max(1, Math.min(SAMPLED_LINES, lines.length - 1)))
  return sample.filter(line => /^\s*["{]/.test(line) && parseJson(line) !== undefined).length * 2 >= sample.length
}

function jsonEntry(piece: string, keys: readonly string[]): string | undefined {
  if (COMMENT.test(piece)) return undefined
  const value = parseJson(piece)
  if (typeof value === 'string') return value
  if (value === undefined) return ''
  const object = Object(value) as Readonly<Record<string, unknown>>
  if (object.type === 'metadata') return undefined
  const held = keys.map(key => (Object.hasOwn(object, key) ? object[key] : undefined))
  return (held.find(one => typeof one === 'string') as string | undefined) ?? ''
}
