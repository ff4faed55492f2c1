import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { certificatesOf } from '../../../../exporter/sources/certificates/facts.ts'

const read = (name: string) =>
  readFileSync(new URL(`../../../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8')

describe('the certificates of a PEM text', () => {
  it('are read with subject, issuer, dates and key', () => {
    const [facts, ...others] = certificatesOf(read('other-issuer'))
    expect(others).toEqual([])
    expect(facts).toMatchObject({
      subject: 'CN=gateway.example,O=example',
      issuer: 'CN=Other authority',
      key: 'RSA 2048',
      fingerprint: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    })
    expect(facts).not.toHaveProperty('weakness')
    expect((facts?.expires ?? 0) - (facts?.validFrom ?? 0)).toBe(36_500 * 86_400_000)
  })

  it.each([
    ['rsa-1024', 'RSA 1024'],
    ['ec-192', 'EC 192'],
    ['sha1', 'ecdsa-with-SHA1'],
    ['self-signed', undefined],
  ])('are weak by key or signature: %s', (name, weakness) => {
    expect(certificatesOf(read(name))[0]?.weakness).toBe(weakness)
  })

  it('are all of a chain, in its order, at most ten, each subject once', () => {
    expect(certificatesOf(read('chain')).map(({ subject }) => subject)).toEqual([
      'CN=gateway.example,O=example',
      'CN=Other authority',
    ])
    expect(certificatesOf(read('chain').repeat(20))).toHaveLength(2)
  })

  it('are read beside a private key, of which nothing is kept', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n'
    const found = certificatesOf(key + read('self-signed') + key)
    expect(found).toHaveLength(1)
    expect(JSON.stringify(found)).not.toContain('c2VjcmV0')
  })

  it('are none of any other text, which does no harm', () => {
    const pem = read('self-signed')
    fc.assert(
      fc.property(fc.string(), fc.nat(pem.length), fc.nat(pem.length), (text, from, to) => {
        expect(certificatesOf(text)).toEqual([])
        expect(certificatesOf(pem.slice(0, from) + text + pem.slice(to)).length).toBeLessThanOrEqual(2)
      }),
    )
  })
})
