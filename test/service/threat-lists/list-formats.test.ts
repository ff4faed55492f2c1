import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { type ListFormatName, listFormats, recogniseFormat } from '../../../service/threat-lists/list-formats.ts'
import { type ListSyntax, parseList } from '../../../service/threat-lists/parse-list.ts'
import { codePoint } from '../../code-point.ts'

const target = (text: string) => parseTarget(text) as Target

const parse = (text: string | readonly Uint8Array[], syntax: Partial<ListSyntax> = {}) =>
  parseList(typeof text === 'string' ? [Buffer.from(text)] : text, {
    format: 'auto',
    column: 1,
    allowEmpty: false,
    ...syntax,
  })

interface ListFixture {
  readonly text: string
  readonly column: number
  readonly refused: number
  /** The format that `auto` recognises, or its error. */
  readonly auto: string
}

/** The same three networks in every format, the column in which they are, and how many entries are refused. */
const lists = {
  plain: {
    text: '# Feodo\n192.0.2.1\n198.51.100.0/24 ; SBL1\n2001:db8::/32 # x\n',
    column: 1,
    refused: 0,
    auto: 'plain',
  },
  csv: {
    text: '"first_seen","dst_ip"\n"2026","192.0.2.1"\n2026,198.51.100.0/24\n2026,2001:db8::/32,"a, b"\n',
    column: 2,
    refused: 1,
    auto: 'csv',
  },
  tsv: { text: '#\nx\t192.0.2.1\ny\t198.51.100.0/24\nz\t2001:db8::/32\n', column: 2, refused: 0, auto: 'csv' },
  ranges: {
    text: '192.0.2.1,192.0.2.1\n198.51.100.0,198.51.100.255\n2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\n',
    column: 1,
    refused: 0,
    auto: 'columns 1, 2 contain addresses; set format and column',
  },
  dshield: {
    text: 'Start\tEnd\tNetblock\tAttacks\n192.0.2.1\t192.0.2.1\t32\t5\n198.51.100.0\t198.51.100.255\t24\t2210\tExample\tXX\n2001:db8::\t2001:db8:ffff:ffff:ffff:ffff:ffff:ffff\t32\n',
    column: 1,
    refused: 1,
    auto: 'dshield',
  },
  tor: {
    text: 'ExitNode 0011\nPublished 2026-11-26 20:00:00\nLastStatus 2026-11-26\nExitAddress 192.0.2.1 2026-11-26\nExitAddress 198.51.100.0/24\nExitAddress 2001:db8::/32\n',
    column: 1,
    refused: 0,
    auto: 'tor',
  },
  json: {
    text: '{"cidr":"192.0.2.1/32","sblid":"SBL1"}\n{"ip":"198.51.100.0/24"}\n{"range":"2001:db8:: - 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"}\n{"type":"metadata","records":2}\n',
    column: 1,
    refused: 0,
    auto: 'json',
  },
  feodo: {
    text: '[{"ip_address":"192.0.2.1"},{"ip_address":"198.51.100.0/24"},{"ip_address":"2001:db8::/32"}]',
    column: 1,
    refused: 0,
    auto: 'json',
  },
} as const satisfies Record<ListFormatName, ListFixture>

const formats = Object.keys(listFormats) as ListFormatName[]

async function expectTheList(text: string | readonly Uint8Array[], syntax: Partial<ListSyntax>): Promise<void> {
  const { networks } = await parse(text, syntax)
  for (const held of ['192.0.2.1', '198.51.100.77', '2001:db8:9::1']) {
    expect(networks.covering(target(held))).toBeDefined()
  }
  for (const free of ['192.0.2.2', '198.51.101.1', '2001:db9::1']) {
    expect(networks.covering(target(free))).toBeUndefined()
  }
  expect(networks.size).toBe(3)
}

describe('a list', () => {
  it.each(
    formats.flatMap(format => [
      [format, 'LF', lists[format].text] as const,
      [format, 'CRLF', lists[format].text.replaceAll('\n', '\r\n')] as const,
    ]),
  )(
    'of format %s with lines that end with %s holds its addresses and networks, and nothing else',
    async (format, _end, text) => {
      const { column, refused } = lists[format]
      await expectTheList(text, { format, column })
      expect(await parse(text, { format, column })).toMatchObject({ networks: { size: 3 }, refused })
    },
  )

  it.each(formats)('of format %s is recognised, or said to be ambiguous', async format => {
    const { text, auto } = lists[format]
    if (auto.includes(' ')) return expect(() => recogniseFormat(text)).toThrow(auto)
    expect(recogniseFormat(text).format).toBe(auto)
    await expectTheList(text, {})
  })

  it.each(formats)('of format %s may be UTF-16, with and without a mark, in whatever pieces it comes', async format => {
    const { text, column } = lists[format]
    const little = Buffer.from(text, 'utf16le')
    const big = Buffer.from(little).swap16()
    const mark = Buffer.from([0xff, 0xfe])
    const bytes = [Buffer.concat([mark, little]), little, big, Buffer.from(`\ufeff${text}`)]
    for (const whole of bytes) {
      for (const size of [7, 1_000]) {
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
          whole.subarray(at * size, (at + 1) * size),
        )
        await expectTheList(pieces, { format, column })
      }
    }
  })

  it.each(formats)('of format %s is the same in whatever pieces it comes, also beyond its beginning', async format => {
    const { text, column } = lists[format]
    const long = format === 'feodo' ? `[${' '.repeat(5_000)}${text.slice(1)}` : `${text}${text}`.repeat(30)
    const whole = Buffer.from(long)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 100, max: 5_000 }), async size => {
        const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
          whole.subarray(at * size, (at + 1) * size),
        )
        await expectTheList(pieces, { format, column })
      }),
      { numRuns: 20 },
    )
  })

  it.each([
    ['tabs after the address, as ipsum', '# address\tnumber of lists\n198.51.100.7\t9\n198.51.100.8\t7\n', 2],
    ['ranges in a line', '198.51.100.0-198.51.100.255\n203.0.113.0 - 203.0.113.255 # x\n', 2],
    ['semicolons', 'seen;address\n2026;198.51.100.7\n2026;198.51.100.8\n', 2],
    ['bars and spaces', 'a | 198.51.100.7 | x\nb | 198.51.100.8 | y\n', 2],
    ['quotes around everything', '"198.51.100.7","bad, very"\n"198.51.100.8","x"\n', 2],
    ['a heading with a comment sign', '#ip,seen\n198.51.100.7,2026\n198.51.100.8,2026\n', 2],
    ['texts in JSON', '["198.51.100.7",\n "198.51.100.8"]', 2],
    ['braces in the texts of JSON', '{"ip":"198.51.100.7","note":"}{\\"]["}\n{"ip":"198.51.100.8"}', 2],
    ['no line break at the end', '198.51.100.7\n198.51.100.8', 2],
    [
      'a range and its prefix, separated by spaces',
      'Start End Netblock\n198.51.100.0   198.51.100.255  24  9\n203.0.113.0 203.0.113.255 24\n',
      2,
    ],
    ['line breaks of old machines', '198.51.100.7\r198.51.100.8\r', 2],
  ])('with %s is read without being configured', async (_, text, size) => {
    const { networks } = await parse(text)
    expect(networks.size).toBe(size)
  })

  it.each([
    ['is cut off within a text', '{"cidr":"203.0.113.0/24","sblid":"SB'],
    ['has no end', '{"cidr":"203.0.113.0/24"'],
    ['has a quote too many', '{"cidr":"203.0.113.0/24","name":"a"b"}'],
    ['is no JSON', 'rate limited'],
    ['is nothing', 'null'],
    ['holds a list', '{"cidr":["203.0.113.0/24"]}'],
  ])('of JSON lines, one of which %s, is read without that line', async (_, line) => {
    const row = (cidr: string) => JSON.stringify({ cidr, sblid: 'SBL1' })
    const text = [row('198.51.100.0/25'), line, row('198.51.100.128/25'), '# x', row('192.0.2.0/24'), ''].join('\n')
    const { networks, refused } = await parse(text)
    expect(networks.size).toBe(3)
    for (const address of ['198.51.100.7', '198.51.100.207', '192.0.2.7']) {
      expect(networks.covering(target(address))).toBeDefined()
    }
    expect(refused).toBe(1)
  })

  it.each([
    ['is empty', '', 'it has no entries'],
    ['has comments only', '# nothing\n; at all\n', 'it has no entries'],
    ['is an empty list of JSON', '[]', 'it has no entries'],
    ['is an error page', '<html><head><title>403 Forbidden</title></head></html>', 'it is a web page or XML'],
    ['is another error page', '\n<!DOCTYPE html>\n198.51.100.7', 'it is a web page or XML'],
    ['is an error in JSON', '{"error":"rate limited"}', 'no address among them'],
    ['is prose', 'You have reached your limit.\nPay now.', '2 lines or objects and no address among them'],
    ['is compressed', '\u001f\u008b\b', 'it is compressed'],
    ['was cut off', '[{"ip":"198.51.100.7"},{"ip":"198.51', 'it ends within an object'],
    ['was cut off in its last line', '{"ip":"198.51.100.7"}\n{"ip":"198.51', 'it ends within an object'],
    [
      'has two columns of addresses',
      'src,dst\n198.51.100.7,192.0.2.1\n198.51.100.8,192.0.2.1',
      'set format and column',
    ],
  ])('that %s is an error', async (_, text, words) => {
    await expect(parse([Buffer.from(text, 'latin1')])).rejects.toThrow(words)
  })

  it.each(['# nothing\n', '[]'])('without entries is valid where that is configured: %j', async text => {
    expect((await parse(text, { allowEmpty: true })).networks.size).toBe(0)
    await expect(parse('x', { allowEmpty: true })).rejects.toThrow('no address')
  })

  it.each(['0.0.0.0/0', '::/0', '0.0.0.0/1', '64.0.0.0/3', '2000::/3', '0.0.0.0-255.255.255.255', '2002::/16'])(
    'takes %s for no entry',
    async entry => {
      expect(await parse(`${entry}\n192.0.2.1\n`)).toMatchObject({ refused: 1, networks: { size: 1 } })
    },
  )

  it.each(['198.51.100.0 255.255.255.128', '198.51.100.0/255.255.255.128', '"198.51.100.0 255.255.255.128"; SBL1'])(
    'with the netmask of %s holds the network',
    async entry => {
      const { networks } = await parse(`${entry}\n203.0.113.7 255.255.255.255\n`)
      expect(networks.size).toBe(2)
      expect(networks.covering(target('198.51.100.127'))?.text).toBe('198.51.100.0/25')
      expect(networks.covering(target('198.51.100.128'))).toBeUndefined()
      expect(networks.covering(target('203.0.113.7'))?.text).toBe('203.0.113.7')
    },
  )

  it.each(['198.51.100.0 255.0.255.0', '198.51.100.0/255.255.255.256', '198.51.100.0 255.255.1.0'])(
    'takes %s, which has no netmask, for no entry',
    async entry => {
      expect(await parse(`${entry}\n192.0.2.1\n`)).toMatchObject({ refused: 1, networks: { size: 1 } })
    },
  )

  it('that holds more than an eighth of a family is refused', async () => {
    const ipv4 = Array.from({ length: 33 }, (_, index) => `${index + 1}.0.0.0/8`).join('\n')
    await expect(parse(ipv4)).rejects.toThrow('more than an eighth of all IPv4 addresses')
    const ipv6 = Array.from({ length: 8_193 }, (_, index) => {
      const bits = (0x2000 * 2 ** 16 + index * 2 ** 13) >>> 0
      return `${(bits >>> 16).toString(16)}:${(bits & 0xffff).toString(16)}::/19`
    }).join('\n')
    await expect(parse(ipv6)).rejects.toThrow('more than an eighth of all IPv6 addresses')
    expect((await parse(ipv4.split('\n').slice(0, 31).join('\n'))).networks.size).toBe(31)
  })

  it('is refused if it has more distinct entries than the bound, however often they are repeated', async () => {
    const most = 10
    const entries = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 40 }), async (hosts, chunk) => {
        const lines = hosts.map(host => `192.0.2.${host} # ${'x'.repeat(600)}\n`)
        const chunks = Array.from({ length: Math.ceil(lines.length / chunk) }, (_, index) =>
          Buffer.from(lines.slice(index * chunk, (index + 1) * chunk).join('')),
        )
        const distinct = new Set(hosts).size
        const parsed = parseList(chunks, { format: 'plain', column: 1, allowEmpty: false }, most)
        if (distinct > most) await expect(parsed).rejects.toThrow('it has more than 10 entries')
        else expect((await parsed).networks.size).toBe(distinct)
      }),
    )
  })

  it('counts what it repeats once', async () => {
    expect((await parse('1.0.0.0/8\n'.repeat(500))).networks.size).toBe(1)
  })

  it('finds an address in a network among many, by whatever prefix', async () => {
    const network = fc.tuple(fc.ipV4(), fc.integer({ min: 12, max: 32 }))
    await fc.assert(
      fc.asyncProperty(fc.array(network, { minLength: 1, maxLength: 30 }), async entries => {
        const text = entries.map(([address, prefix]) => `${address}/${prefix}`).join('\n')
        const { networks } = await parse(text)
        for (const [address] of entries) expect(networks.covering(target(address))).toBeDefined()
      }),
    )
  })

  it('survives any text in any format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: codePoint, maxLength: 500 }),
        fc.constantFrom('auto' as const, ...formats),
        fc.integer({ min: 1, max: 64 }),
        async (text, format, column) => {
          const fault = await parse(text, { format, column }).then(
            () => undefined,
            error => error,
          )
          if (fault !== undefined) expect(fault).toMatchObject({ name: 'Fault' })
        },
      ),
    )
  })

  it('with a line that never ends is refused without keeping it', async () => {
    function* endless() {
      for (let chunk = 0; chunk < 200; chunk++) yield Buffer.alloc(64 * 1024, '1')
    }
    await expect(parse(endless() as unknown as Uint8Array[])).rejects.toThrow('1 lines or objects')
    function* deep() {
      yield Buffer.from('[{"ip":"')
      for (let chunk = 0; chunk < 200; chunk++) yield Buffer.alloc(64 * 1024, '1')
    }
    await expect(parse(deep() as unknown as Uint8Array[])).rejects.toThrow('it ends within an object')
  })

  it.each(formats)('of format %s is explained in docs/configuration.md', async format => {
    const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    const row = page.split('\n').find(line => line.includes('threat_intelligence[list].format`'))
    expect(row).toContain(`\`${format}\`:`)
  })
})
