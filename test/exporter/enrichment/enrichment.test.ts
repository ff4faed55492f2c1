import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS } from '../../../core/clock.ts'
import { type EnrichmentConfig, enrichmentSchema, resolveEnrichmentPaths } from '../../../exporter/enrichment/config.ts'
import { Enrichment } from '../../../exporter/enrichment/enrichment.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { codePoint } from '../../code-point.ts'
import { map, mmdbOf, number, pointer, text } from '../../mmdb.ts'

const BUILT_AT = 1_799_913_600

let folder: string
let log: string[]
const clock = { time: 0, now: () => clock.time, monotonic: () => 0 }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-enrichment-'))
  log = []
  clock.time = Date.now()
})

afterEach(() => rmSync(folder, { recursive: true }))

const database = (data: Buffer) => mmdbOf({ address: [192, 0, 2, 0], bits: 24, data, builtAt: BUILT_AT })
const both = database(
  map({ country_code: text('DE'), asn: text('AS64500'), as_name: text('Example'), more: number(6, 1) }),
)

function write(name: string, content: Buffer | string): void {
  writeFileSync(join(folder, `${name}.new`), content)
  renameSync(join(folder, `${name}.new`), join(folder, name))
}

const open = (input: unknown) =>
  Enrichment.open(
    resolveEnrichmentPaths(enrichmentSchema.parse(input) as EnrichmentConfig, file => join(folder, file)),
    {
      clock,
      logger: createLogger({ destination: { write: line => log.push(line) } }),
    },
  )

async function gauges(enrichment: Enrichment): Promise<Record<string, number>> {
  const store = createSeriesStore()
  enrichment.expose(store)
  let rendered = ''
  for await (const slice of store.render()) rendered += slice
  const samples = rendered.matchAll(/^clawtrust_enrichment_(\w+)\{kind="\w+",source="(\w+)"\} (\S+)$/gm)
  return Object.fromEntries([...samples].map(([, name, source, value]) => [`${name} ${source}`, Number(value)]))
}

const errors = () => log.filter(line => line.includes('level=error'))

describe('files about addresses', () => {
  it('are read before anything is asked; one file may be both databases', async () => {
    write('both.mmdb', both)
    write('drop.txt', '192.0.2.0/28\n198.51.100.7\n')
    const enrichment = await open({
      geoip_file: 'both.mmdb',
      asn_file: 'both.mmdb',
      threat_lists: [{ name: 'drop', file: 'drop.txt' }],
    })
    expect(enrichment.addresses.factsOf('192.0.2.7')).toEqual({
      country: 'DE',
      system: { number: 64_500, organization: 'Example' },
      lists: [{ list: 'drop', verdict: 'malicious' }],
    })
    expect(enrichment.troubles()).toEqual([])
    expect(await gauges(enrichment)).toMatchObject({
      'up geoip_file': 1,
      'up asn_file': 1,
      'up drop': 1,
      'entries drop': 2,
      'age_seconds geoip_file': Math.max(0, Math.round(clock.time / 1_000) - BUILT_AT),
    })
  })

  it('are none by default', async () => {
    const enrichment = await open({})
    expect(enrichment.addresses.inUse()).toStrictEqual([])
    expect(await gauges(enrichment)).toEqual({})
  })

  it.each([
    ['is not there', undefined, 'ENOENT'],
    ['is no database', 'hello', 'it is not a database in MMDB format'],
    ['has a loop', database(pointer(0)), 'a pointer leads to another pointer'],
    [
      'is one of autonomous systems',
      database(map({ asn: text('AS1') })),
      'it has no countries, and it is read for them',
    ],
  ])('that cannot be used are reported, and the rest works: a database that %s', async (_, content, reason) => {
    if (content !== undefined) write('country.mmdb', content)
    write('drop.txt', '192.0.2.0/28\n')
    const enrichment = await open({ geoip_file: 'country.mmdb', threat_lists: [{ name: 'drop', file: 'drop.txt' }] })
    expect(enrichment.addresses.factsOf('192.0.2.7').lists).toHaveLength(1)
    expect(enrichment.troubles()).toEqual([
      expect.stringMatching(
        /^exporter\.enrichment\.geoip_file: the GeoIP database cannot be read .*; what it says of offenders may be missing/,
      ),
    ])
    expect(enrichment.troubles()[0]).toContain(reason)
    expect(await gauges(enrichment)).toMatchObject({ 'up geoip_file': 0, 'up drop': 1 })
    expect(errors()).toEqual([expect.stringContaining('The GeoIP database cannot be used; what it says is unknown.')])
  })

  it('are read again when they change, and the last good ones stay while new ones are bad', async () => {
    write('country.mmdb', both)
    write('drop.txt', '192.0.2.0/28\n')
    const enrichment = await open({ geoip_file: 'country.mmdb', threat_lists: [{ name: 'drop', file: 'drop.txt' }] })
    const before = enrichment.addresses.inUse()
    write('country.mmdb', 'hello')
    write('drop.txt', '')
    await enrichment.refresh()
    await enrichment.refresh()
    expect(enrichment.addresses.inUse()).toEqual(before)
    expect(enrichment.addresses.factsOf('192.0.2.7')).toMatchObject({ country: 'DE', lists: [{ list: 'drop' }] })
    expect(await gauges(enrichment)).toMatchObject({ 'up geoip_file': 0, 'up drop': 0, 'entries drop': 1 })
    expect(errors()).toHaveLength(2)
    write('country.mmdb', database(map({ country_code: text('FR') })))
    write('drop.txt', '198.51.100.7\n')
    await enrichment.refresh()
    expect(enrichment.addresses.factsOf('192.0.2.7')).toEqual({ country: 'FR', lists: [] })
    expect(await gauges(enrichment)).toMatchObject({ 'up geoip_file': 1, 'up drop': 1 })
    await enrichment.stop()
  })

  it('mark no offender by a list that is older than its limit, and say so', async () => {
    write('drop.txt', '192.0.2.0/28\n')
    const enrichment = await open({ threat_lists: [{ name: 'drop', file: 'drop.txt' }] })
    clock.time += 2 * DAY_MS + 60_000
    expect(enrichment.addresses.factsOf('192.0.2.7')).toEqual({ lists: [] })
    expect(enrichment.addresses.inUse()).toStrictEqual([undefined])
    expect(enrichment.troubles()).toEqual([expect.stringContaining('The threat list drop: the list is too old; what')])
  })

  it('mark only what a list has, whatever else its lines are', async () => {
    const junk = fc.oneof(
      fc.string({ unit: codePoint, maxLength: 40 }),
      fc.constantFrom('0.0.0.0/0', '::/0', '192.0.2.7.evil.example', '192.0.2.7/0', '{"ip":', '<script>', '192.0.2.07'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { maxLength: 6 }), async lines => {
        write('drop.txt', `# list\n198.51.100.7\n${lines.join('\n')}\n198.51.100.8\n`)
        const list = { name: 'drop', file: 'drop.txt', format: 'plain' }
        const { addresses } = await open({ threat_lists: [list] })
        expect(addresses.factsOf('198.51.100.8').lists).toHaveLength(1)
        expect(addresses.factsOf('192.0.2.7').lists).toEqual([])
      }),
      { numRuns: 10 },
    )
  })
})

describe('the section exporter.enrichment', () => {
  it('refuses two lists of one name, more lists than a closed set may have, and keys of sources that are asked', () => {
    const list = (name: string) => ({ name, file: 'x' })
    const refused = (input: unknown) => enrichmentSchema.safeParse(input).error?.issues.map(({ message }) => message)
    expect(refused({ threat_lists: [list('a'), list('a')] })).toEqual([
      'is already the name of exporter.enrichment.threat_lists[0]; give each list its own',
    ])
    expect(refused({ threat_lists: Array.from({ length: 65 }, (_, at) => list(String(at))) })).toHaveLength(1)
    expect(refused({ threat_lists: [{ ...list('a'), url: 'https://example.com/{address}' }] })).toHaveLength(1)
  })
})
