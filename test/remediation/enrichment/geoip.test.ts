import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { parseConfig } from '../../../core/config/parse.ts'
import { remediationSchema } from '../../../remediation/config.ts'
import { map, mmdbOf, pointer, text, writeMmdb } from '../../mmdb.ts'
import {
  alert,
  deliver,
  message,
  startRemediation,
  stopAll,
  type TestService,
  temporaryFolder,
  until,
} from '../service.ts'

const BUILT_AT = 1_799_913_600
const ADDRESS = [192, 0, 2, 0] as const

let file: string

beforeEach(() => {
  file = join(temporaryFolder(), 'country.mmdb')
})

afterEach(stopAll)

const database = (data: Buffer, more = {}) => mmdbOf({ address: ADDRESS, bits: 24, data, builtAt: BUILT_AT, ...more })
const country = (code: string) => map({ country: map({ iso_code: text(code) }) })

describe('a service with a GeoIP database', () => {
  const playbooks = (conditions: object) => [
    { name: 'brute-force', mode: 'enforce', conditions, steps: [{ type: 'block', ttl: ['1h'] }] },
  ]
  const incident = ({ ledger }: TestService, address: string) =>
    ledger.incidents.list([], 9).find(({ target }) => target === address)

  it('decides by the country, and an exclusion holds for addresses without one', async () => {
    writeFileSync(file, writeMmdb(ADDRESS, 24, 'DE', BUILT_AT))
    const enrichment = { geoip_file: file, geoip_max_age: '3650d' }
    const service = await startRemediation({ enrichment, playbooks: playbooks({ not_countries: ['FR'] }) })
    await deliver(service, message([alert('192.0.2.1')]))
    await until('it is blocked', () => service.ledger.blocks.get('192.0.2.1')?.state === 'applied')
    await deliver(service, message([alert('198.51.100.1')]))
    await until('it is refused', () => incident(service, '198.51.100.1')?.state === 'refused')
    expect(incident(service, '198.51.100.1')?.facts).toMatchObject({ detail: 'the country is unknown' })
    expect(await service.metric('clawtrust_remediation_intelligence_up{source="geoip_file"}')).toBe(1)
  })

  it('with a loop in one record decides all the same, says so once, and is reported', async () => {
    const good = country('DE')
    writeFileSync(file, database(Buffer.concat([good, pointer(good.length)]), { beside: good.length }))
    const enrichment = { geoip_file: file, geoip_max_age: '3650d' }
    const service = await startRemediation({ enrichment, playbooks: playbooks({}) })
    await deliver(service, message(['192.0.3.1', '192.0.3.2', '192.0.2.1'].map(address => alert(address))))
    await until('all are blocked', () => service.ledger.blocks.count() === 3)
    const damaged = service.log.filter(line => line.includes('A record of the GeoIP database cannot be read'))
    expect(damaged).toHaveLength(1)
    expect(damaged[0]).toContain('a pointer leads to another pointer')
    expect(service.log.join('')).not.toContain('could not be decided')
    expect(incident(service, '192.0.3.1')?.facts.evidence).not.toHaveProperty('country')
    expect(incident(service, '192.0.2.1')?.facts.evidence).toMatchObject({ country: 'DE' })
    expect(await service.metric('clawtrust_remediation_intelligence_up{source="geoip_file"}')).toBe(0)
  })

  it.each([{ countries: ['DE'] }, { not_countries: ['DE'] }])(
    'without countries does not start with %j',
    async conditions => {
      writeFileSync(file, database(map({ autonomous_system_organization: text('Example') })))
      const enrichment = { geoip_file: file }
      await expect(startRemediation({ enrichment, playbooks: playbooks(conditions) })).rejects.toMatchObject({
        code: 'DATABASE_UNUSABLE',
      })
      await startRemediation({ enrichment })
    },
  )

  it.each([{ countries: ['DE'] }, { not_countries: ['FR'] }, { countries: ['DE'], not_countries: ['FR'] }])(
    'that is not configured, with the conditions %j, is an error of the configuration that names each of them',
    conditions => {
      const parse = (enrichment: object) =>
        parseConfig(
          z.strictObject({ remediation: remediationSchema }),
          JSON.stringify({ remediation: { enrichment, playbooks: playbooks(conditions) } }),
          'clawtrust.yml',
        )
      const refused = parse({})
      expect(refused.ok ? [] : refused.problems.map(({ sentence }) => sentence)).toEqual(
        Object.keys(conditions).map(key => expect.stringContaining(`conditions.${key} cannot be decided without`)),
      )
      expect(parse({ geoip_file: file })).toMatchObject({ ok: true })
    },
  )
})
