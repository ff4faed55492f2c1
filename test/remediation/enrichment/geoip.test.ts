import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { parseTarget, type Target } from '../../../core/net/target.ts'
import { openGeoIp } from '../../../remediation/enrichment/geoip.ts'
import { stopAll, temporaryFolder } from '../service.ts'
import { writeMmdb } from './mmdb.ts'

afterEach(stopAll)

const target = (text: string) => parseTarget(text) as Target
const clock = { now: () => 1_800_000_000_000, monotonic: () => 0 }

describe('a GeoIP database', () => {
  it("tells an address's country with its own name and day, and knows nothing of others", async () => {
    const file = join(temporaryFolder(), 'country.mmdb')
    writeFileSync(file, writeMmdb([192, 0, 2, 0], 24, 'DE', 1_799_913_600))
    const geoIp = await openGeoIp(file, clock)
    expect(geoIp.placeOf(target('192.0.2.77'))).toEqual({ country: 'DE', source: 'Test-Country of 2027-01-14' })
    expect(geoIp.placeOf(target('192.0.3.1'))).toBeUndefined()
    expect(geoIp.placeOf(target('2001:db8::1'))).toBeUndefined()
    expect(geoIp.ageSeconds).toBe(86_400)
  })

  it.each([
    ['is not there', undefined],
    ['is something else', 'hello'],
  ])('that %s is refused with its path', async (_, content) => {
    const file = join(temporaryFolder(), 'country.mmdb')
    if (content !== undefined) writeFileSync(file, content)
    await expect(openGeoIp(file, clock)).rejects.toMatchObject({
      code: 'DATABASE_UNUSABLE',
      message: expect.stringContaining(file),
    })
  })
})
