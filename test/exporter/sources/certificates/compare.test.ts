import { describe, expect, it } from '@jest/globals'
import { type Chain, compareChains } from '../../../../exporter/sources/certificates/compare.ts'
import type { CertificateFacts } from '../../../../exporter/sources/certificates/facts.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const DAY = 86_400_000

const facts = (parts: Partial<CertificateFacts> = {}): CertificateFacts => ({
  subject: 'CN=gateway',
  issuer: 'CN=Our authority',
  validFrom: NOON - DAY,
  expires: NOON + 30 * DAY,
  fingerprint: 'AA',
  key: 'EC 256',
  ...parts,
})
const chain = (...certificates: readonly CertificateFacts[]): Chain => ({ certificates })
const compare = (before: Chain | undefined, after: Chain, now = NOON) =>
  compareChains('/tls/a.pem', before, after, { before: before && now - 1, now })
const kinds = (...given: Parameters<typeof compare>) => compare(...given).map(({ kind }) => kind)

describe('a place with certificates', () => {
  it('that is as it was, or is seen for the first time and good, has no drift', () => {
    expect(compare(undefined, chain(facts()))).toEqual([])
    expect(compare(chain(facts()), chain(facts()))).toEqual([])
  })

  it('has another issuer, from and to, also where the subject is another one as well', () => {
    const after = facts({ subject: 'CN=else', issuer: 'CN=Evil', fingerprint: 'BB' })
    expect(compare(chain(facts()), chain(after))).toEqual([
      {
        kind: 'certificate_issuer_changed',
        severity: 'high',
        change: { subject: '/tls/a.pem CN=else', from: 'CN=Our authority', to: 'CN=Evil' },
      },
    ])
  })

  it('was renewed where only the certificate is another one', () => {
    const [drift] = compare(chain(facts()), chain(facts({ fingerprint: 'BB', expires: NOON + 90 * DAY })))
    expect(drift).toMatchObject({ kind: 'certificate_renewed', severity: 'info' })
    expect(drift?.change).toMatchObject({
      from: '2026-11-22 12:00 to 2026-12-23 12:00 UTC',
      to: '2026-11-22 12:00 to 2027-02-21 12:00 UTC',
    })
  })

  it('is weak once, from the key before', () => {
    const weak = facts({ fingerprint: 'BB', key: 'RSA 1024', weakness: 'RSA 1024' })
    expect(compare(chain(facts()), chain(weak))[1]).toMatchObject({
      kind: 'certificate_weak',
      change: { from: 'EC 256', to: 'RSA 1024' },
    })
    expect(kinds(undefined, chain(weak))).toEqual(['certificate_weak'])
    expect(kinds(chain(weak), chain(weak))).toEqual([])
  })

  it('is not yet valid once, and again with another certificate', () => {
    const early = facts({ validFrom: NOON + DAY })
    expect(kinds(undefined, chain(early))).toEqual(['certificate_not_yet_valid'])
    expect(kinds(chain(early), chain(early))).toEqual([])
    expect(kinds(chain(early), chain(early), NOON + 2 * DAY)).toEqual([])
    expect(kinds(chain(early), chain({ ...early, fingerprint: 'BB' }))).toEqual([
      'certificate_renewed',
      'certificate_not_yet_valid',
    ])
  })

  it('compares the further certificates of a chain by their subject', () => {
    const authority = facts({ subject: 'CN=Our authority', issuer: 'CN=Root' })
    const other = facts({ subject: 'CN=Second authority', issuer: 'CN=Root', fingerprint: 'CC' })
    expect(kinds(chain(facts(), authority), chain(facts(), other, authority))).toEqual([])
    expect(kinds(chain(facts(), authority), chain(facts(), { ...authority, issuer: 'CN=Evil' }))).toEqual([
      'certificate_issuer_changed',
    ])
  })

  it('is untrusted once for each reason', () => {
    const bad = { ...chain(facts()), distrust: 'SELF_SIGNED_CERT_IN_CHAIN' }
    expect(compare(chain(facts()), bad)).toMatchObject([
      { kind: 'certificate_untrusted', change: { from: 'trusted', to: 'SELF_SIGNED_CERT_IN_CHAIN' } },
    ])
    expect(kinds(bad, bad)).toEqual([])
    expect(compare(undefined, bad)).toMatchObject([{ change: { from: 'unknown' } }])
  })
})
