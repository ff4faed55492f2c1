import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nginxAccessDialect as dialect } from '../../../../decoding/dialects/nginx/access-log.ts'
import type { Fields } from '../../../../decoding/toolkit/fields.ts'
import { codePoint } from '../../../code-point.ts'
import { summaryOf } from '../../fixtures.ts'
import { hostileRequest } from '../proxy/hostile-request.ts'

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

  it('lacks the status of the program behind nginx in the format of clawtrust 0.1.0', () => {
    const lackedBy = (fields: Fields) => dialect.lacks?.(fields, dialect.decode(fields))
    expect(lackedBy(JSON.parse(line({})))?.field).toBe('upstream_status')
    for (const upstream_status of ['', '-', '401']) {
      expect(lackedBy(JSON.parse(line({ upstream_status })))).toBeUndefined()
    }
  })

  it('takes FAILED without a reason, of an old nginx, for other', () => {
    expect(summary({ ssl_client_verify: 'FAILED' })).toBe('mtls_handshake_failures nginx other')
  })

  it('counts a missing certificate only where the request was refused for it', () => {
    expect(summary({ ssl_client_verify: 'NONE', status: '400' })).toBe('mtls_handshake_failures nginx no_certificate')
    expect(summary({ ssl_client_verify: 'NONE', status: '200' })).toBe('no_signal')
    expect(summary({ ssl_client_verify: 'NONE', status: '400', request: 'nonsense' })).toBe(
      'auth_failures http http_400',
    )
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
    ['/hooks/agent', '400', 'auth_failures http http_400'],
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

  it.each([
    ['absolute form', 'GET https://openclaw.example.org/hooks/x HTTP/1.1', '/hooks/x'],
    ['absolute form without a path', 'GET https://openclaw.example.org?token=secret HTTP/1.1', '/'],
    ['a leading double slash', 'GET //hooks/x HTTP/1.1', '/hooks/x'],
    ['a path that the URL standard reads as one of another host', 'GET //a.example/hooks/x HTTP/1.1', '/hooks/x'],
    ['slashes in a row', 'GET /hooks//x HTTP/1.1', '/hooks//x'],
    ['dot segments', 'GET /elsewhere/../hooks/x HTTP/1.1', '/hooks/x'],
    ['encoded dot segments', 'GET /elsewhere/%2e%2E/hooks/x HTTP/1.1', '/hooks/x'],
    ['encoded letters', 'GET /%68ooks/x HTTP/1.1', '/hooks/x'],
    ['a backslash', 'GET /elsewhere/..\\hooks/x HTTP/1.1', '/hooks/x'],
    ['a method with a hyphen', 'M-SEARCH /hooks/x HTTP/1.1', '/hooks/x'],
    ['a method with an underscore', 'PROP_FIND /hooks/x HTTP/1.1', '/hooks/x'],
    ['a long method', `${'A'.repeat(1_000)} /hooks/x HTTP/1.1`, '/hooks/x'],
    ['HTTP/0.9', 'GET /hooks/x', '/hooks/x'],
    ['no version', 'POST /hooks/x ', '/hooks/x'],
    ['spaces in a row', 'GET   /hooks/x   HTTP/1.1', '/hooks/x'],
    ['HTTP/2', 'GET /hooks/x HTTP/2.0', '/hooks/x'],
    ['a fragment', 'GET /hooks/x#y HTTP/1.1', '/hooks/x'],
    ['no request line', '', undefined],
    ['no target', 'GET  HTTP/1.1', undefined],
    ['a target that is no path', 'OPTIONS * HTTP/1.1', undefined],
    ['a method in lower case', 'get /elsewhere HTTP/1.1', undefined],
    ['a space in the path', 'GET /else where HTTP/1.1', undefined],
    ['a control character', 'GET /else\u0001where HTTP/1.1', undefined],
    ['a percent sign that encodes nothing', 'GET /else%zzwhere HTTP/1.1', undefined],
    ['an encoded NUL', 'GET /elsewhere%00 HTTP/1.1', undefined],
    ['a path that is too long to read', `GET /${'a'.repeat(8_200)} HTTP/1.1`, undefined],
    ['a method that is too long to read', `${'A'.repeat(2_000)} /elsewhere HTTP/1.1`, undefined],
    ['bytes of another protocol', '\u0003\u0000\u0000/*\ufffd', undefined],
  ])('counts a refused request with %s', (_, request, route) => {
    for (const [status, counted] of [
      ['400', 'auth_failures http http_400'],
      ['401', 'auth_failures http http_401'],
      ['403', 'auth_failures http http_403'],
      ['429', 'auth_lockouts http'],
    ] as const) {
      expect(summary({ status, request })).toBe(counted)
      expect(claimOf({ status, request }).origin.route).toBe(route)
    }
    expect(summary({ status: '200', request })).toBe('no_signal')
  })

  it('counts what nginx itself refused on any path, and what another program refused on no path of its own', () => {
    const request = 'GET /grafana HTTP/1.1'
    for (const [upstream_status, counted] of [
      ['', true],
      ['-', true],
      ['401', false],
      ['502, 401', false],
    ] as const) {
      const [of401, of400] = ['401', '400'].map(status => summary({ status, upstream_status, request }))
      expect([of401, of400]).toEqual(
        counted ? ['auth_failures http http_401', 'auth_failures http http_400'] : ['no_signal', 'no_signal'],
      )
    }
    expect(summary({ status: '400', request })).toBe('auth_failures http http_400')
    expect(summary({ status: '401', request })).toBe('no_signal')
  })

  it('counts every refusal of an OpenClaw route, however the request line spells it', () => {
    fc.assert(
      fc.property(hostileRequest, fc.constantFrom('400', '401', '403', '429'), (request, status) => {
        expect(claimOf({ status, request, upstream_status: status }).labels.mechanism).toBe('http')
      }),
    )
  })

  it('counts every refusal of a request line that it cannot read', () => {
    const garbage = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.string().map(text => `${text} HTTP/1.1`),
    )
    fc.assert(
      fc.property(garbage, fc.constantFrom('400', '401', '403', '429'), (request, status) => {
        fc.pre(!/^[A-Z_-]+ +(?:\/|\w+:)/.test(request))
        expect(claimOf({ status, request, upstream_status: status }).origin.route).toBeUndefined()
      }),
    )
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
