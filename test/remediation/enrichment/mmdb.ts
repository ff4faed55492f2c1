/**
 * Writes a database in MaxMind's format 2.0 (https://maxmind.github.io/MaxMind-DB/) that knows one network: its first
 * `bits` lead to the record, everything else to none. 24-bit records, an IPv6 tree in which IPv4 lies below ::/96.
 */
export function writeMmdb(address: readonly number[], bits: number, country: string, builtAt: number): Buffer {
  const path = [...Array<number>(12).fill(0), ...address].flatMap(byte =>
    [7, 6, 5, 4, 3, 2, 1, 0].map(bit => (byte >> bit) & 1),
  )
  const nodes = path.slice(0, 96 + bits)
  const none = nodes.length
  const record = none + 16
  const tree = Buffer.concat(
    nodes.map((bit, index) => {
      const next = index + 1 === nodes.length ? record : index + 1
      const pair = bit === 0 ? [next, none] : [none, next]
      return Buffer.from(pair.flatMap(value => [(value >> 16) & 255, (value >> 8) & 255, value & 255]))
    }),
  )
  const data = map([['country', map([['iso_code', text(country)]])]])
  const metadata = map([
    ['binary_format_major_version', number(5, 2)],
    ['binary_format_minor_version', number(5, 0)],
    ['build_epoch', number(9, builtAt)],
    ['database_type', text('Test-Country')],
    ['ip_version', number(5, 6)],
    ['node_count', number(6, none)],
    ['record_size', number(5, 24)],
    ['languages', Buffer.from([0, 4])],
    ['description', map([['en', text('made by a test')]])],
  ])
  return Buffer.concat([
    tree,
    Buffer.alloc(16),
    data,
    Buffer.from('abcdef', 'hex'),
    Buffer.from('MaxMind.com'),
    metadata,
  ])
}

const text = (value: string) => Buffer.concat([Buffer.from([(2 << 5) | value.length]), Buffer.from(value)])

/** Types: 5 is 16 bits, 6 is 32 bits, 9 (extended) is 64 bits. */
function number(type: 5 | 6 | 9, value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  const control = type === 9 ? [bytes.length, 9 - 7] : [(type << 5) | bytes.length]
  return Buffer.from([...control, ...bytes])
}

function map(entries: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    Buffer.from([(7 << 5) | entries.length]),
    ...entries.flatMap(([key, value]) => [text(key), value]),
  ])
}
