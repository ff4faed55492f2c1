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
    const samples = text.matchAll(/^clawtrust_certificate_expiry\w+\{.*subject="([^"]+)"\} (\S+)$/gm)
    return Object.fromEntries([...samples].map(([, subject, value]) => [subject, Number(value) * 1000]))
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

  it('are bounded in number', async () => {
    const { certificates, exposed } = watch()
    for (let n = 0; n < 10_050; n++) certificates.see(shown(`CN=${n}`, NOON))
    expect(Object.keys(await exposed()).length).toBeLessThanOrEqual(10_000)
  })
})
