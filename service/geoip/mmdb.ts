import { Fault } from '../../core/errors.ts'
import type { Target } from '../../core/net/target.ts'

/**
 * Reads databases in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB/) as what they are: bytes of others. Every
 * offset is checked, and a record ends at a depth and a number of values, so that no file holds the reader up.
 */
export interface Mmdb {
  /** As the file says it. */
  readonly databaseType: string
  /** Milliseconds since the epoch. */
  readonly builtAt: number
  readonly ipVersion: 4 | 6
  /** The record of an address; undefined where there is none. @throws Fault where it cannot be read */
  find(target: Target): unknown
  /** Different records in the order of the addresses, at most so many. @throws Fault where one cannot be read */
  sample(most: number): Iterable<unknown>
}

const MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')
const METADATA_BYTES = 128 * 1024
/** Between the tree and the data. */
const SEPARATOR_BYTES = 16
const MAX_DEPTH = 16
const MAX_VALUES = 4_096
/** Of one record: pointers may lead to the same text again and again. */
const MAX_TEXT_BYTES = 64 * 1024
/** Nodes that a sample visits at most. */
const MAX_VISITED = 100_000

/** @throws Fault where it is no such database, or a damaged one */
export function openMmdb(bytes: Buffer): Mmdb {
  const end = bytes.subarray(-METADATA_BYTES)
  const found = end.lastIndexOf(MARKER)
  if (found === -1) throw new Fault('it is not a database in MMDB format')
  const marker = bytes.length - end.length + found
  const start = marker + MARKER.length
  const metadata = recordOf(decodeAt(bytes.subarray(start), 0))
  const databaseType = metadata.database_type
  const builtAt = numberOf(metadata.build_epoch) * 1_000
  const ipVersion = metadata.ip_version
  if (metadata.binary_format_major_version !== 2) throw new Fault('it is of another version of the MMDB format')
  if (typeof databaseType !== 'string') throw new Fault('its metadata names no type')
  if (ipVersion !== 4 && ipVersion !== 6) throw new Fault('its metadata names no version of IP')
  if (!Number.isFinite(new Date(builtAt).getTime())) throw new Fault('its metadata names no time of its build')
  const tree = treeOf(bytes, numberOf(metadata.node_count), numberOf(metadata.record_size))
  const data = bytes.subarray(tree.bytes + SEPARATOR_BYTES, marker)
  const recordAt = (pointer: number) => decodeAt(data, pointer - tree.nodes - SEPARATOR_BYTES)
  const ipv4Bits = ipVersion === 6 ? 96 : 0
  return {
    databaseType,
    builtAt,
    ipVersion,
    find({ family, value }) {
      if (family > ipVersion) return undefined
      const bits = family === 4 ? 32 : 128
      const skipped = family === 4 ? ipv4Bits : 0
      let node = 0
      for (let depth = 0; depth < skipped + bits && node < tree.nodes; depth++) {
        const shift = skipped + bits - 1 - depth
        node = tree.child(node, shift >= bits ? 0 : Number((value >> BigInt(shift)) & 1n))
      }
      return node > tree.nodes ? recordAt(node) : undefined
    },
    *sample(most) {
      const seen = new Set<number>()
      const waiting = [0]
      for (let visited = 0; visited < MAX_VISITED && seen.size < most; visited++) {
        const node = waiting.pop()
        if (node === undefined) return
        if (node < tree.nodes) waiting.push(tree.child(node, 1), tree.child(node, 0))
        if (node <= tree.nodes || seen.has(node)) continue
        seen.add(node)
        yield recordAt(node)
      }
    },
  }
}

function treeOf(bytes: Buffer, nodes: number, recordSize: number) {
  if (![24, 28, 32].includes(recordSize)) throw new Fault('its metadata names no known size of records')
  const size = (recordSize * 2) / 8
  const total = nodes * size
  if (!Number.isInteger(nodes) || nodes < 1 || total + SEPARATOR_BYTES > bytes.length) {
    throw new Fault('it is shorter than its metadata says: its download was cut off')
  }
  const child = (node: number, side: number): number => {
    const at = node * size
    if (recordSize === 24) return bytes.readUIntBE(at + side * 3, 3)
    if (recordSize === 32) return bytes.readUInt32BE(at + side * 4)
    const middle = bytes[at + 3] as number
    const high = side === 0 ? middle >> 4 : middle & 0x0f
    return high * 2 ** 24 + bytes.readUIntBE(at + side * 4, 3)
  }
  return { nodes, bytes: total, child }
}

/** Reads one value of a data section, and whatever it points to. */
function decodeAt(data: Buffer, offset: number): unknown {
  let at = offset
  let values = 0
  let textBytes = 0
  const need = (length: number): number => {
    const from = at
    if (from < 0 || from + length > data.length) throw new Fault('a record points out of the file')
    at += length
    return from
  }
  const unsigned = (length: number): number => (length === 0 ? 0 : data.readUIntBE(need(length), length))

  const value = (depth: number, mayPoint: boolean): unknown => {
    values += 1
    if (depth > MAX_DEPTH || values > MAX_VALUES) throw new Fault('a record has no end, or is far too large')
    const control = unsigned(1)
    const type = control >> 5 === 0 ? unsigned(1) + 7 : control >> 5
    if (type === POINTER) {
      // By the format a pointer never leads to another one: such a chain may be a loop.
      if (!mayPoint) throw new Fault('a pointer leads to another pointer')
      const target = pointer(control)
      const back = at
      at = target
      const pointed = value(depth + 1, false)
      at = back
      return pointed
    }
    const length = lengthOf(control & 0x1f)
    return type === MAP ? map(length, depth) : type === ARRAY ? array(length, depth) : scalar(type, length)
  }

  const pointer = (control: number): number => {
    const size = (control >> 3) & 0x3
    const bits = size === 3 ? 0 : (control & 0x7) * 2 ** (8 * (size + 1))
    return bits + unsigned(size + 1) + ([0, 2_048, 526_336, 0][size] as number)
  }

  const lengthOf = (size: number): number => {
    if (size < 29) return size
    return unsigned(size - 28) + ([29, 285, 65_821][size - 29] as number)
  }

  const map = (length: number, depth: number): Readonly<Record<string, unknown>> => {
    // Without a prototype: a key may be called __proto__.
    const entries: Record<string, unknown> = Object.create(null)
    for (let index = 0; index < length; index++) {
      const key = value(depth + 1, true)
      if (typeof key !== 'string') throw new Fault('a key of a record is not text')
      entries[key] = value(depth + 1, true)
    }
    return entries
  }

  const array = (length: number, depth: number): unknown[] => {
    const items: unknown[] = []
    for (let index = 0; index < length; index++) items.push(value(depth + 1, true))
    return items
  }

  const scalar = (type: number, length: number): unknown => {
    if (type === TEXT) {
      textBytes += length
      if (textBytes > MAX_TEXT_BYTES) throw new Fault('the text of a record is far too long')
      const from = need(length)
      return data.toString('utf8', from, from + length)
    }
    if (type === DOUBLE && length === 8) return data.readDoubleBE(need(8))
    if (type === FLOAT && length === 4) return data.readFloatBE(need(4))
    if (type === BOOLEAN && length <= 1) return length === 1
    // Nothing here needs the exact value of a number beyond 2^53, or bytes.
    if (WHOLE.includes(type) && length <= 16) {
      const from = need(length)
      return data.subarray(from, from + length).reduce((number, byte) => number * 256 + byte, 0)
    }
    if (type === BYTES) return void need(length)
    throw new Fault('a record has a value of an unknown type')
  }

  return value(0, true)
}

/** Types of the format; what is not named here is unsigned or of no use. */
const POINTER = 1
const TEXT = 2
const DOUBLE = 3
const BYTES = 4
const MAP = 7
const ARRAY = 11
const BOOLEAN = 14
const FLOAT = 15
const WHOLE: readonly number[] = [5, 6, 8, 9, 10]

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Fault('it has no metadata')
  return value as Readonly<Record<string, unknown>>
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)
