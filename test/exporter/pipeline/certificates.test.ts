import { describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../core/clock.ts'
import { Certificates } from '../../../exporter/pipeline/certificates.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { NOON } from './fixtures.ts'

const shown = (subject: string, expires: number, time = NOON) => ({
  gateway: 'gw',
  trustZone: 'z',
  subject,
  expires,
  time,
})

function watch() {
  const store = createSeriesStore()
  const certificates = new Certificates(store)
  const exposed = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    const samples = text.matchAll(/^clawtrust_certificate_expiry\w+\{.*subject="([^"]+)",place="([^"]*)"\} (\S+)$/gm)
    return Object.fromEntries(
      [...samples].map(([, subject, place, value]) => [`${subject}${place}`, Number(value) * 1000]),
    )
  }
  return { certificates, exposed }
}

describe('certificates', () => {
  it('are exposed with the end of the one shown last', async () => {
    const { certificates, exposed } = watch()
    certificates.see(shown('CN=ops', NOON + DAY_MS))
    certificates.see(shown('CN=ops', NOON + 90 * DAY_MS, NOON + 1))
    certificates.see(shown('CN=ops', NOON + DAY_MS, NOON - 1))
    expect(await exposed()).toEqual({ 'CN=ops': NOON + 90 * DAY_MS })
  })

  it('are forgotten 30 days after they were shown', async () => {
    const { certificates, exposed } = watch()
    certificates.see(shown('CN=ops', NOON + DAY_MS))
    certificates.expire(NOON + 30 * DAY_MS)
    expect(Object.keys(await exposed())).toEqual(['CN=ops'])
    certificates.expire(NOON + 30 * DAY_MS + 1)
    expect(await exposed()).toEqual({})
  })

  it('are written once for many requests, and are there after a restart', async () => {
    const before = watch().certificates
    before.see(shown('CN=ops', NOON + DAY_MS))
    const documents = JSON.parse(JSON.stringify(before.changes()))
    for (let request = 1; request < 100; request++) before.see(shown('CN=ops', NOON + DAY_MS, NOON + request))
    expect(before.changes()).toEqual([])
    const { certificates, exposed } = watch()
    certificates.restore(documents)
    expect(await exposed()).toEqual({ 'CN=ops': NOON + DAY_MS })
  })

  it('that were found in a place take the place of the one that was there', async () => {
    const { certificates, exposed } = watch()
    const found = (subject: string, position: number, length: number, time = NOON) =>
      certificates.see({ ...shown(subject, NOON + DAY_MS, time), place: { name: '@gw', position, length } })
    certificates.see(shown('CN=ops', NOON))
    found('CN=ops', 0, 3)
    found('CN=a', 1, 3)
    found('CN=b', 2, 3)
    expect(Object.keys(await exposed())).toEqual(['CN=ops', 'CN=ops@gw', 'CN=a@gw', 'CN=b@gw'])
    // Those of the chain have changed their positions.
    found('CN=ops', 0, 3, NOON + 1)
    found('CN=b', 1, 3, NOON + 1)
    found('CN=a', 2, 3, NOON + 1)
    expect(Object.keys(await exposed()).toSorted()).toEqual(['CN=a@gw', 'CN=b@gw', 'CN=ops', 'CN=ops@gw'])
    found('CN=evil', 0, 1, NOON + 2)
    expect(Object.keys(await exposed())).toEqual(['CN=ops', 'CN=evil@gw'])
  })

  it('are bounded in number', async () => {
    const { certificates, exposed } = watch()
    for (let n = 0; n < 10_050; n++) certificates.see(shown(`CN=${n}`, NOON))
    expect(Object.keys(await exposed()).length).toBeLessThanOrEqual(10_000)
  })
})
