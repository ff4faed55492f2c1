import { readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { type ListFormat, listFormats, parseList } from '../../../remediation/enrichment/list-formats.ts'

const target = (text: string) => parseTarget(text) as Target

interface ListFixture {
  readonly text: string
  readonly column: number
  readonly refused: number
}

/** The same three networks in every format, the column in which they are, and how many entries are refused. */
const lists = {
  plain: { text: '# Feodo\n192.0.2.1\n198.51.100.0/24 ; SBL1\n2001:db8::/32\n', column: 1, refused: 0 },
  csv: {
    text: '"first_seen","dst_ip"\n"2026","192.0.2.1"\n2026,198.51.100.0/24\n2026,2001:db8::/32,"a, b"\n',
    column: 2,
    refused: 1,
  },
  feodo: {
    text: '[{"ip_address":"192.0.2.1"},{"ip_address":"198.51.100.0/24"},{"ip_address":"2001:db8::/32"}]',
    column: 1,
    refused: 0,
  },
} as const satisfies Record<ListFormat, ListFixture>

const formats = Object.keys(listFormats) as ListFormat[]

describe('a list', () => {
  it.each(
    formats.flatMap(format => [
      [format, 'LF', lists[format].text] as const,
      [format, 'CRLF', lists[format].text.replaceAll('\n', '\r\n')] as const,
    ]),
  )(
    'of format %s with lines that end with %s holds its addresses and networks, and nothing else',
    (format, _end, text) => {
      const { networks, refused } = parseList(text, format, lists[format].column)
      expect({ size: networks.size, refused }).toEqual({ size: 3, refused: lists[format].refused })
      for (const held of ['192.0.2.1', '198.51.100.77', '2001:db8:9::1']) {
        expect(networks.covering(target(held))).toBeDefined()
      }
      for (const free of ['192.0.2.2', '198.51.101.1', '2001:db9::1']) {
        expect(networks.covering(target(free))).toBeUndefined()
      }
    },
  )

  it.each(['0.0.0.0/0', '::/0', '0.0.0.0/1', '64.0.0.0/3', '2000::/3', '/0'])('takes %s for no entry', entry => {
    expect(parseList(`${entry}\n192.0.2.1\n`, 'plain', 1)).toMatchObject({ refused: 1, networks: { size: 1 } })
  })

  it('finds an address in a network among many, by whatever prefix', () => {
    const network = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 }))
    fc.assert(
      fc.property(fc.array(network, { minLength: 1, maxLength: 30 }), entries => {
        const { networks } = parseList(
          entries.map(([address, prefix]) => `${address}/${prefix}`).join('\n'),
          'plain',
          1,
        )
        for (const [address] of entries) expect(networks.covering(target(address))).toBeDefined()
      }),
    )
  })

  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), fc.integer({ min: 1, max: 5 }), (text, column) => {
        for (const format of ['plain', 'csv'] as const) {
          const { networks, refused } = parseList(text, format, column)
          expect(networks.size + refused).toBeLessThanOrEqual(text.split('\n').length)
        }
      }),
    )
  })

  it.each(formats)('of format %s is explained in docs/configuration.md', async format => {
    const page = await readFile(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    const row = page.split('\n').find(line => line.includes('threat_intelligence[list].format`'))
    expect(row).toContain(`\`${format}\`:`)
  })
})
