import { describe, expect, it } from '@jest/globals'
import { certificateRefusal, subjectAlternativeNames } from '../../../service/http/client-certificate.ts'
import type { ClientAuthType, TlsConfig } from '../../../service/http/web-config.ts'

const config = (type: ClientAuthType, sans?: string[]): TlsConfig => ({
  cert_file: 'a',
  key_file: 'b',
  client_auth_type: type,
  min_version: 'TLS12',
  ...(sans && { client_allowed_sans: sans }),
})

const none = { authorized: false, getPeerCertificate: () => ({}) }
const unknown = { authorized: false, getPeerCertificate: () => ({ subjectaltname: 'DNS:a.example' }) }
const known = { ...unknown, authorized: true }

describe('a client certificate', () => {
  it.each([
    ['NoClientCert', none, true],
    ['RequestClientCert', unknown, true],
    ['RequireAnyClientCert', none, false],
    ['RequireAnyClientCert', unknown, true],
    ['VerifyClientCertIfGiven', none, true],
    ['VerifyClientCertIfGiven', unknown, false],
    ['VerifyClientCertIfGiven', known, true],
    ['RequireAndVerifyClientCert', none, false],
    ['RequireAndVerifyClientCert', unknown, false],
    ['RequireAndVerifyClientCert', known, true],
  ] as const)('under %s: %j is let in: %s', (type, socket, admitted) => {
    expect(certificateRefusal(socket, config(type)) === undefined).toBe(admitted)
  })

  it('must have an allowed name, exactly', () => {
    const allowing = (...sans: string[]) => certificateRefusal(known, config('RequireAndVerifyClientCert', sans))
    expect(allowing('b.example', 'a.example')).toBeUndefined()
    expect(allowing('example', '*.example', 'A.example')).toBe('no name of the client certificate is allowed')
  })

  it('cannot smuggle a name inside another', () => {
    const names = 'DNS:"evil, DNS:a.example", IP Address:10.0.0.1, URI:spiffe://b/c, email:d@e, othername:<unsupported>'
    expect(subjectAlternativeNames(names)).toEqual(['evil, DNS:a.example', '10.0.0.1', 'spiffe://b/c', 'd@e'])
  })
})
