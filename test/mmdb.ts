/** Writes databases in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB/). */

/** One network with the bytes of its record; everything else has none. */
export interface MmdbContent {
  readonly address: readonly number[]
  readonly bits: number
  /** Bytes of the data section; the record is at its beginning. */
  readonly data: Buffer
  /** Seconds since the epoch. */
  readonly builtAt: number
  readonly recordSize?: 24 | 28 | 32
  /** The place of a second record in the data, which the network beside it has. */
  readonly beside?: number
  readonly metadata?: Readonly<Record<string, Buffer>>
}

/** A database of countries in the layout of MaxMind. */
export function writeMmdb(address: readonly number[], bits: number, country: string, builtAt: number): Buffer {
  return mmdbOf({ address, bits, data: map({ country: map({ iso_code: text(country) }) }), builtAt })
}

/** An IPv6 tree in which IPv4 is below ::/96. */
export function mmdbOf({ address, bits, data, builtAt, recordSize = 24, metadata = {}, beside }: MmdbContent): Buffer {
  const path = [...Array<number>(12).fill(0), ...address].flatMap(byte =>
    [7, 6, 5, 4, 3, 2, 1, 0].map(bit => (byte >> bit) & 1),
  )
  const nodes = path.slice(0, 96 + bits)
  const none = nodes.length
  const record = none + 16
  const tree = Buffer.concat(
    nodes.map((bit, index) => {
      const isLast = index + 1 === nodes.length
      const next = isLast ? record : index + 1
      const other = isLast && beside !== undefined ? record + beside : none
      return nodeOf(bit === 0 ? [next, other] : [other, next], recordSize)
    }),
  )
  const described = map({
    binary_format_major_version: number(5, 2),
    binary_format_minor_version: number(5, 0),
    build_epoch: number(9, builtAt),
    database_type: text('Test-Country'),
    ip_version: number(5, 6),
    node_count: number(6, none),
    record_size: number(5, recordSize),
    languages: Buffer.from([0, 4]),
    description: map({ en: text('made by a test') }),
    ...metadata,
  })
  const marker = Buffer.concat([Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com')])
  return Buffer.concat([tree, Buffer.alloc(16), data, marker, described])
}

function nodeOf([left, right]: readonly [number, number], recordSize: 24 | 28 | 32): Buffer {
  const low = (value: number) => [(value >> 16) & 255, (value >> 8) & 255, value & 255]
  if (recordSize === 24) return Buffer.from([...low(left), ...low(right)])
  if (recordSize === 32) return Buffer.from([left >>> 24, ...low(left), right >>> 24, ...low(right)])
  return Buffer.from([...low(left), ((left >>> 24) << 4) | (right >>> 24), ...low(right)])
}

export function text(value: string): Buffer {
  return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
}

/** Types: 5 is 16 bits, 6 is 32 bits, 9 (extended) is 64 bits, 10 (extended) 128 bits. */
export function number(type: 5 | 6 | 9 | 10, value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.concat([control(type, bytes.length), Buffer.from(bytes)])
}

export function map(entries: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(entries)
  return Buffer.concat([control(7, pairs.length), ...pairs.flatMap(([key, value]) => [text(key), value])])
}

export function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([control(11, items.length), ...items])
}

/** To a place in the data section below 2,048. */
export function pointer(place: number): Buffer {
  return Buffer.from([(1 << 5) | (place >> 8), place & 255])
}

/** The control byte, with the size after it where it has 29 or more, by the format. */
export function control(type: number, size: number): Buffer {
  const [short, more] =
    size < 29 ? [size, []] : size < 285 ? [29, [size - 29]] : [30, [(size - 285) >> 8, (size - 285) & 255]]
  return Buffer.from(type < 8 ? [(type << 5) | short, ...more] : [short, type - 7, ...more])
}
