import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { AddressFacts } from '../../../exporter/enrichment/address-facts.ts'
import { OffenderFacts } from '../../../exporter/enrichment/offender-facts.ts'
import { createSeriesStore } from '../../../service/series/store.ts'

const german: AddressFacts = { country: 'DE', system: { number: 64_500, organization: 'Example' }, lists: [] }
const listed: AddressFacts = { lists: [{ list: 'drop', verdict: 'malicious' }] }

function bench(known: (address: string) => AddressFacts) {
  const store = createSeriesStore()
  const asked: string[] = []
  let files: readonly unknown[] = [{}]
  const facts = new OffenderFacts(
    {
      factsOf(address) {
        asked.push(address)
        return known(address)
      },
      inUse: () => files,
    },
    store,
  )
  const series = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    return [...text.matchAll(/^clawtrust_offender_(\w+\{.*\}) 1$/gm)].map(([, labels = '']) => labels).toSorted()
  }
  const change = (now: readonly unknown[]) => {
    files = now
  }
  return { facts, asked, series, change }
}

describe('the series of what is known of offenders', () => {
  it('are those of the addresses that are exposed, and of no other', async () => {
    const { facts, series } = bench(address => (address === '192.0.2.1' ? german : listed))
    facts.expose(new Set(['192.0.2.1', '192.0.2.2']))
    expect(await series()).toEqual([
      'info{source_ip="192.0.2.1",country="DE",asn="64500",as_organization="Example"}',
      'threat_list{source_ip="192.0.2.2",list="drop",verdict="malicious"}',
    ])
    facts.expose(new Set(['192.0.2.2']))
    expect(await series()).toEqual(['threat_list{source_ip="192.0.2.2",list="drop",verdict="malicious"}'])
    facts.expose(new Set())
    expect(await series()).toEqual([])
  })

  it('are looked up once, and again when a file was read again', async () => {
    let now = german
    const { facts, asked, series, change } = bench(() => now)
    const file = {}
    change([file])
    facts.expose(new Set(['192.0.2.1']))
    change([file])
    facts.expose(new Set(['192.0.2.1']))
    expect(facts.of('192.0.2.1')).toBe(german)
    expect(asked).toEqual(['192.0.2.1'])
    now = listed
    change([{}])
    facts.expose(new Set(['192.0.2.1']))
    expect(await series()).toEqual(['threat_list{source_ip="192.0.2.1",list="drop",verdict="malicious"}'])
  })

  it('are looked up in bounded pieces, and stay as they were until their turn', async () => {
    let now: AddressFacts = listed
    const { facts, asked, series, change } = bench(() => now)
    const all = new Set(Array.from({ length: 2_500 }, (_, index) => `10.0.${index >> 8}.${index & 255}`))
    for (const done of [1_000, 2_000, 2_500, 2_500]) {
      facts.expose(all)
      expect(asked).toHaveLength(done)
    }
    now = german
    change([{}])
    facts.expose(all)
    const labels = await series()
    expect(labels.filter(label => label.startsWith('info'))).toHaveLength(1_000)
    expect(labels.filter(label => label.startsWith('threat_list'))).toHaveLength(1_500)
  })

  it('are none where no file is configured', async () => {
    const { facts, asked, series, change } = bench(() => german)
    change([])
    facts.expose(new Set(['192.0.2.1']))
    expect(asked).toEqual([])
    expect(await series()).toEqual([])
  })

  it('are exactly those of the last call, whatever came before', async () => {
    const address = fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::/64')
    const turn = fc.record({
      addresses: fc.uniqueArray(address),
      isNew: fc.boolean(),
      known: fc.constantFrom(german, listed, { lists: [] }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { minLength: 1, maxLength: 8 }), async turns => {
        let now: AddressFacts = german
        const lived = bench(() => now)
        const seen = new Map<string, AddressFacts>()
        for (const { addresses, isNew, known } of turns) {
          if (isNew) {
            now = known
            lived.change([{}])
            seen.clear()
          }
          lived.facts.expose(new Set(addresses))
          for (const gone of [...seen.keys()].filter(one => !addresses.some(address => address === one)))
            seen.delete(gone)
          for (const one of addresses) if (!seen.has(one)) seen.set(one, now)
        }
        const fresh = bench(one => seen.get(one) ?? { lists: [] })
        fresh.facts.expose(new Set(seen.keys()))
        expect(await lived.series()).toEqual(await fresh.series())
      }),
      { numRuns: 50 },
    )
  })
})
