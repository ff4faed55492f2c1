import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nginxAccessDialect as dialect } from '../../../../decoding/dialects/nginx/access-log.ts'
import { summaryOf } from '../../fixtures.ts'

const real = readFileSync(new URL('../../../fixtures/nginx/access.real.log', import.meta.url), 'utf8')
  .trim()
  .split('\n')

const line = (parts: Record<string, string>): string =>
  JSON.stringify({
    time: '2026-11-22T10:51:44+00:00',
    remote_addr: '203.0.113.9',
    status: '200',
    request: 'GET / HTTP/1.1',
    ssl_protocol: 'TLSv1.3',
    ssl_client_verify: 'SUCCESS',
    ssl_client_s_dn: '',
    ssl_client_v_end: '',
    server_name: 'openclaw.example.org',
    remote_user: '',
    ...parts,
  })
const decode = (body: string) => {
  const fields = JSON.parse(body)
  return dialect.recognises(fields) ? dialect.decode(fields) : undefined
}
const summary = (parts: Record<string, string>) => {
  const decoding = decode(line(parts))
  return decoding === undefined ? 'not of the dialect' : summaryOf(decoding)
}
const claimOf = (parts: Record<string, string>) => {
  const decoding = decode(line(parts))
  if (decoding?.kind !== 'claim') throw new Error(`no claim but ${decoding?.kind}`)
  return decoding.claim
}

describe('the access log of nginx', () => {
  it('is of the dialect, every captured line', () => {
    expect(real.map(body => decode(body)?.kind)).not.toContain(undefined)
  })

  it.each([
    ['unable to verify the first certificate', 'untrusted_issuer'],
    ['self-signed certificate', 'untrusted_issuer'],
    ['self-signed certificate in certificate chain', 'untrusted_issuer'],
    ['self signed certificate', 'untrusted_issuer'],
    ['unable to get local issuer certificate', 'untrusted_issuer'],
    ['unable to get certificate CRL', 'untrusted_issuer'],
    ['certificate has expired', 'expired'],
    ['certificate is not yet valid', 'not_yet_valid'],
    ['certificate revoked', 'revoked'],
    ['unsuitable certificate purpose', 'wrong_usage'],
    ['a text of tomorrow', 'other'],
  ])('counts "FAILED:%s" as %s, whatever status an error page made of it', (text, reason) => {
    for (const status of ['400', '403', '401', '200']) {
      expect(summary({ status, ssl_client_verify: `FAILED:${text}` })).toBe(`mtls_handshake_failures nginx ${reason}`)
    }
  })

  it('takes FAILED without a reason, of an old nginx, for other', () => {
    expect(summary({ ssl_client_verify: 'FAILED' })).toBe('mtls_handshake_failures nginx other')
  })

  it('counts a missing certificate only where the request was refused for it', () => {
    expect(summary({ ssl_client_verify: 'NONE', status: '400' })).toBe('mtls_handshake_failures nginx no_certificate')
    expect(summary({ ssl_client_verify: 'NONE', status: '200' })).toBe('no_signal')
    expect(summary({ ssl_client_verify: 'NONE', status: '400', request: 'nonsense' })).toBe('no_signal')
  })

  it('counts a client that speaks no TLS', () => {
    expect(summary({ ssl_client_verify: '', ssl_protocol: '', status: '400' })).toBe(
      'mtls_handshake_failures nginx plaintext',
    )
    expect(summary({ ssl_client_verify: '', ssl_protocol: '', status: '200' })).toBe('no_signal')
  })

  it.each([
    ['/', '401', 'auth_failures http http_401'],
    ['/hooks/agent', '401', 'auth_failures http http_401'],
    ['/tools/invoke', '403', 'auth_failures http http_403'],
    ['/v1/chat/completions', '429', 'auth_lockouts http'],
    ['/sessions/abc/history', '401', 'auth_failures http http_401'],
    ['/j/123456', '429', 'auth_lockouts http'],
    ['/v1/responses', '200', 'no_signal'],
    ['/hooksandmore', '401', 'no_signal'],
    ['/jobs', '401', 'no_signal'],
    ['/grafana', '401', 'no_signal'],
  ])('counts %s that was answered %s: %s', (path, status, expected) => {
    expect(summary({ status, request: `POST ${path}?token=x HTTP/1.1` })).toBe(expected)
  })

  it('believes the socket and nothing else about the address, and keeps no query', () => {
    const { actor, origin } = claimOf({
      status: '401',
      request: 'GET /hooks/x?token=secret HTTP/1.1',
      remote_user: 'eve',
    })
    expect(actor).toEqual({ peerAddress: '203.0.113.9', identity: 'eve' })
    expect(origin).toEqual({ service: 'nginx', route: '/hooks/x' })
  })

  it('gives the expiry of verified clients only', () => {
    const shown = { ssl_client_s_dn: 'CN=ops,O=Claw', ssl_client_v_end: 'Nov  7 10:51:42 2026 GMT' }
    expect(decode(line(shown))).toMatchObject({
      kind: 'certificate',
      subject: 'CN=ops,O=Claw',
      expires: Date.UTC(2026, 10, 7, 10, 51, 42),
    })
    for (const ssl_client_verify of ['NONE', 'FAILED:certificate has expired', '']) {
      expect(decode(line({ ...shown, ssl_client_verify }))?.kind).not.toBe('certificate')
    }
    expect(summary({ ...shown, ssl_client_v_end: 'Foo 7 10:51:42 2026 GMT' })).toBe('no_signal')
  })

  it('refuses a time without an offset', () => {
    expect(summary({ time: '2026-11-22T10:51:44' })).toBe('undecoded bad_time')
  })

  it('says something only of lines that hold a wanted text, whatever the client wrote', () => {
    const anything = fc.oneof(fc.string(), fc.constantFrom('GET /hooks HTTP/1.1', '"401"', 'FAILED', 'NONE', '400'))
    const hostile = fc.record({
      request: anything,
      remote_user: anything,
      ssl_client_s_dn: anything,
      status: fc.constantFrom('200', '400', '401', '403', '429', '500'),
      ssl_protocol: fc.constantFrom('', 'TLSv1.3'),
      ssl_client_verify: fc.oneof(
        fc.constantFrom('', 'NONE', 'SUCCESS'),
        anything.map(text => `FAILED:${text}`),
      ),
      ssl_client_v_end: fc.oneof(fc.constant('Nov 27 10:51:42 2026 GMT'), anything),
    })
    fc.assert(
      fc.property(hostile, parts => {
        const body = line(parts)
        const kind = decode(body)?.kind
        if (kind === 'claim' || kind === 'certificate') {
          expect((dialect.prefilter as readonly string[]).some(text => body.includes(text))).toBe(true)
        }
      }),
    )
  })
})
