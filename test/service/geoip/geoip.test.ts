import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { type GeoIp, openGeoIp } from '../../../service/geoip/geoip.ts'
import { countryOf } from '../../../service/geoip/records.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { array, control, map, mmdbOf, number, pointer, text, writeMmdb } from '../../mmdb.ts'
import { describeWithCapture } from '../../requirements.ts'

const target = (text: string) => parseTarget(text) as Target
const clock = { now: () => 1_800_000_000_000, monotonic: () => 0 }
const BUILT_AT = 1_799_913_600
const ADDRESS = [192, 0, 2, 0] as const

let folder: string
let file: string
let log: string[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-geoip-'))
  file = join(folder, 'country.mmdb')
  log = []
})

afterEach(() => rmSync(folder, { recursive: true }))

function open(content?: Buffer | string, needsCountries = true): Promise<GeoIp> {
  if (content !== undefined) writeFileSync(file, content)
  const logger = createLogger({ destination: { write: line => log.push(line) } })
  return openGeoIp(file, {
    key: 'remediation.enrichment.geoip_file',
    holds: 'countries',
    ...(needsCountries && { neededBecause: 'a playbook has a condition about them' }),
    clock,
    logger,
  })
}

const database = (data: Buffer, more = {}) => mmdbOf({ address: ADDRESS, bits: 24, data, builtAt: BUILT_AT, ...more })
const country = (code: string) => map({ country: map({ iso_code: text(code) }) })

describe('a GeoIP database', () => {
  it("tells an address's country with its own name and day, and knows nothing of others", async () => {
    const geoIp = await open(writeMmdb(ADDRESS, 24, 'DE', BUILT_AT))
    expect(geoIp.placeOf(target('192.0.2.77'))).toEqual({ country: 'DE', source: 'Test-Country of 2027-01-14' })
    expect(geoIp.placeOf(target('192.0.3.1'))).toBeUndefined()
    expect(geoIp.placeOf(target('2001:db8::1'))).toBeUndefined()
    expect(geoIp.ageSeconds).toBe(86_400)
  })

  it.each([24, 28, 32] as const)('with records of %i bits is read', async recordSize => {
    const geoIp = await open(database(country('DE'), { recordSize }))
    expect(geoIp.placeOf(target('192.0.2.77'))).toMatchObject({ country: 'DE' })
    expect(geoIp.placeOf(target('192.0.3.1'))).toBeUndefined()
  })

  it.each([
    ['MaxMind', country('DE')],
    ['MaxMind, where only the registration is known', map({ registered_country: map({ iso_code: text('DE') }) })],
    [
      'DB-IP',
      map({ continent: map({ code: text('EU') }), country: map({ iso_code: text('DE'), geoname_id: number(6, 2) }) }),
    ],
    ['a flat one', map({ country_code: text('DE') })],
    ['IPinfo, flat', map({ country: text('DE'), country_name: text('Germany'), continent: text('EU') })],
    ['IPinfo, with names', map({ country: text('Germany'), country_code: text('DE') })],
    ['small letters', map({ country_code: text('de') })],
  ])('in the layout of %s gives the country', async (_, data) => {
    expect((await open(database(data))).placeOf(target('192.0.2.1'))).toMatchObject({ country: 'DE' })
  })

  it.each([
    ['is not there', undefined, 'ENOENT'],
    ['is something else', 'hello', 'it is not a database in MMDB format'],
    ['is cut off', writeMmdb(ADDRESS, 24, 'DE', BUILT_AT).subarray(400), 'it is shorter than its metadata says'],
    ['has no countries', database(map({ autonomous_system_organization: text('DE') })), 'it has no countries'],
    ['has countries by name only', database(map({ country: text('Germany') })), 'it has no countries'],
    ['has countries of another type', database(map({ country_code: array([text('DE')]) })), 'it has no countries'],
    ['has a number for a country', database(map({ country_code: number(10, 2 ** 70) })), 'it has no countries'],
    ['has a loop', database(pointer(0)), 'a pointer leads to another pointer'],
    ['has a deep loop', database(map({ country: pointer(0) })), 'a record has no end'],
    ['has a loop of two', database(Buffer.concat([pointer(2), pointer(0)])), 'a pointer leads to another pointer'],
    ['points out of itself', database(pointer(2_000)), 'a record points out of the file'],
    [
      'has a key that is no text',
      database(Buffer.concat([control(7, 1), number(5, 1), text('DE')])),
      'a key of a record',
    ],
    [
      'leads to one long text again and again',
      // The text is behind the three bytes of the head of the list.
      database(array([text('x'.repeat(16_000)), ...Array<Buffer>(100).fill(pointer(3)), country('DE')])),
      'the text of a record is far too long',
    ],
    ['has a map without an end', database(Buffer.concat([control(7, 60_000), text('a')])), 'a record'],
    ['has an unknown type', database(Buffer.from([0, 200])), 'a record has a value of an unknown type'],
    [
      'has no type',
      database(country('DE'), { metadata: { database_type: number(5, 1) } }),
      'its metadata names no type',
    ],
    ['has no time', database(country('DE'), { metadata: { build_epoch: text('x') } }), 'no time of its build'],
    ['has a time beyond time', database(country('DE'), { metadata: { build_epoch: number(10, 2 ** 100) } }), 'no time'],
    ['has no nodes', database(country('DE'), { metadata: { node_count: text('x') } }), 'it is shorter'],
    ['has odd records', database(country('DE'), { metadata: { record_size: number(5, 25) } }), 'size of records'],
    [
      'is of another version',
      database(country('DE'), { metadata: { binary_format_major_version: number(5, 3) } }),
      'version',
    ],
  ])('that %s is refused with its path and one sentence', async (_, content, words) => {
    const refused = await open(content).catch(error => error)
    expect(refused).toMatchObject({ code: 'DATABASE_UNUSABLE', message: expect.stringContaining(words) })
    expect(refused.message).toContain(file)
    expect(refused.message).not.toContain('\n')
  })

  it('without countries is used where no condition needs one', async () => {
    const geoIp = await open(database(map({ autonomous_system_number: number(6, 64_500) })), false)
    expect(geoIp.placeOf(target('192.0.2.1'))).toBeUndefined()
    expect(geoIp.trouble).toBeUndefined()
  })

  it('is read again when it changes, and the last good one stays while the new one is damaged', async () => {
    const geoIp = await open(database(country('DE')))
    const replace = async (content: Buffer) => {
      writeFileSync(`${file}.new`, content)
      renameSync(`${file}.new`, file)
      await geoIp.refresh()
      await geoIp.refresh()
    }
    await replace(database(country('FR')))
    expect(geoIp.placeOf(target('192.0.2.1'))).toMatchObject({ country: 'FR' })
    await replace(database(pointer(0)))
    expect(geoIp.placeOf(target('192.0.2.1'))).toMatchObject({ country: 'FR' })
    expect(geoIp.trouble).toContain('a pointer leads to another pointer')
    expect(log.filter(line => line.includes('level=error'))).toHaveLength(1)
    await replace(database(country('NL')))
    expect(geoIp.placeOf(target('192.0.2.1'))).toMatchObject({ country: 'NL' })
    expect(geoIp.trouble).toBeUndefined()
    rmSync(file)
    await geoIp.refresh()
    expect(geoIp.trouble).toContain('ENOENT')
  })

  it('never throws nor hangs, whatever a byte of it is', async () => {
    const whole = database(map({ country: map({ iso_code: text('DE') }), more: array([pointer(0), number(6, 7)]) }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        async changes => {
          const damaged = Buffer.from(whole)
          for (const [at, byte] of changes) damaged[at] = byte
          const geoIp = await open(damaged, false).catch(error => error)
          if (geoIp instanceof Error) return expect(geoIp).toMatchObject({ code: 'DATABASE_UNUSABLE' })
          for (const address of ['192.0.2.1', '0.0.0.1', '255.255.255.255', '2001:db8::1']) {
            const place = geoIp.placeOf(target(address))
            if (place !== undefined) expect(place.country).toMatch(/^[A-Z]{2}$/)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the country of a record', () => {
  it.each([
    undefined,
    null,
    'DE',
    7,
    [],
    {},
    { country: null },
    { country: 'Germany' },
    { country_code: 'ZZ' },
    { country: { iso_code: ['DE'] } },
  ])('of %j is unknown', record => {
    expect(countryOf(record)).toBeUndefined()
  })

  it('is a code of two letters or nothing, whatever the record holds', () => {
    fc.assert(
      fc.property(fc.record({ country: fc.anything(), country_code: fc.anything() }), record => {
        expect(countryOf(record) ?? 'DE').toMatch(/^[A-Z]{2}$/)
      }),
    )
  })
})

describeWithCapture('fixtures/field/geoip/ipinfo-flat.mmdb', 'a flat database as it is in the field', path => {
  it('gives countries', async () => {
    const geoIp = await open(readFileSync(path))
    const addresses = [
      '198.51.100.1',
      '198.51.100.255',
      '203.0.113.1',
      '192.0.2.1',
      '1.1.1.1',
      '8.8.8.8',
      '2001:db8::1',
    ]
    const countries = addresses.map(address => geoIp.placeOf(target(address))?.country)
    expect(countries).toEqual(['LI', 'LI', undefined, undefined, undefined, undefined, undefined])
  })
})
