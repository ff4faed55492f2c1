import { describe, expect, it } from '@jest/globals'
import { NetworkSetBuilder } from '../../../core/net/network-set.ts'
import { translationsWith } from '../../../core/net/spellings.ts'
import { contains, parseTarget, type Target } from '../../../core/net/target.ts'
import { addressEnrichment, type EnrichmentFiles } from '../../../exporter/enrichment/address-facts.ts'

const target = (text: string) => parseTarget(text) as Target

const listOf = (name: string, verdict: 'malicious' | 'benign', ...entries: readonly string[]) => {
  const builder = new NetworkSetBuilder()
  for (const entry of entries) builder.add(target(entry))
  return { name, verdict, networks: builder.build() }
}

/** Asked by the first address of a network, as a database is. */
const placedIn = (network: string, country: string): EnrichmentFiles['geoIp'] & {} => ({
  placeOf: ({ family, value, text }) =>
    contains(target(network), { family, value, prefix: family === 4 ? 32 : 128, text })
      ? { country, source: 'x' }
      : undefined,
  database: undefined,
})

describe('what is known of an address', () => {
  it('is its country, its autonomous system and every list that has it', () => {
    const { factsOf } = addressEnrichment({
      geoIp: placedIn('192.0.2.0/24', 'DE'),
      systems: { systemOf: () => ({ number: 64_500 }), database: undefined },
      lists: [listOf('drop', 'malicious', '192.0.2.0/28'), listOf('scanners', 'benign', '192.0.2.7')],
    })
    expect(factsOf('192.0.2.7')).toEqual({
      country: 'DE',
      system: { number: 64_500 },
      lists: [
        { list: 'drop', verdict: 'malicious' },
        { list: 'scanners', verdict: 'benign' },
      ],
    })
    expect(factsOf('198.51.100.1')).toEqual({ system: { number: 64_500 }, lists: [] })
  })

  it('is nothing without files, and nothing of a text that is no address', () => {
    expect(addressEnrichment({ lists: [] }).factsOf('192.0.2.7')).toEqual({ lists: [] })
    const lists = [listOf('drop', 'malicious', '192.0.2.0/28')]
    expect(addressEnrichment({ geoIp: placedIn('0.0.0.0/0', 'DE'), lists }).factsOf('__overflow__')).toEqual({
      lists: [],
    })
  })

  it('is of a network the country of its first address, and a list that has all of it', () => {
    const { factsOf } = addressEnrichment({
      geoIp: placedIn('2001:db8:1:2::/80', 'DE'),
      lists: [listOf('drop', 'malicious', '2001:db8:1::/48'), listOf('hosts', 'malicious', '2001:db8:1:2::')],
    })
    expect(factsOf('2001:db8:1:2::/64')).toEqual({ country: 'DE', lists: [{ list: 'drop', verdict: 'malicious' }] })
    expect(factsOf('2001:db8:1:3::/64')).toEqual({ lists: [{ list: 'drop', verdict: 'malicious' }] })
  })

  it('is also that of the IPv4 address that it embeds, by which it is suspected and never trusted', () => {
    const { factsOf } = addressEnrichment({
      geoIp: placedIn('192.0.2.0/24', 'DE'),
      lists: [listOf('drop', 'malicious', '192.0.2.7'), listOf('scanners', 'benign', '192.0.2.7')],
    })
    expect(factsOf('64:ff9b::192.0.2.7')).toEqual({ country: 'DE', lists: [{ list: 'drop', verdict: 'malicious' }] })
  })

  it.each([
    '::192.0.2.7',
    '::ffff:0:192.0.2.7',
    '64:ff9b::192.0.2.7',
    '2002:c000:207::1',
    '2002:c000:207:1::/64',
    '2001:0:4136:e378:8000:63bf:3fff:fdf8',
    '2001:db8:64::192.0.2.7',
  ])('is that of the IPv4 address that %s embeds, in whichever way', spelling => {
    const lists = [listOf('drop', 'malicious', '192.0.2.7'), listOf('scanners', 'benign', '192.0.2.7')]
    const { factsOf } = addressEnrichment({ lists }, translationsWith(['2001:db8:64::/96']))
    expect(factsOf(spelling)).toEqual({ lists: [{ list: 'drop', verdict: 'malicious' }] })
    expect(factsOf('::ffff:192.0.2.7').lists).toHaveLength(2)
  })

  it('is not asked of a list that is too old', () => {
    const lists = [{ name: 'drop', verdict: 'malicious' as const, networks: undefined }]
    expect(addressEnrichment({ lists }).factsOf('192.0.2.7')).toEqual({ lists: [] })
  })
})
