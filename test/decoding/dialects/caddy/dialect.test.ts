import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { caddyDialect as dialect } from '../../../../decoding/dialects/caddy/dialect.ts'
import { summaryOf } from '../../fixtures.ts'
import { hostileText } from '../proxy/hostile-text.ts'

const captured = readFileSync(new URL('../../../fixtures/proxies/caddy.real.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line))

const tls = { resumed: false, version: 772, cipher_suite: 4865, proto: 'h2', server_name: 'localhost' }
const request = {
  level: 'error',
  ts: 1_795_884_375.902,
  logger: 'http.log.access',
  msg: 'handled request',
  request: { remote_ip: '203.0.113.9', client_ip: '198.51.100.66', uri: '/hooks/wake?token=secret', tls },
  user_id: '',
  status: 401,
}
const handshake = (text: string, address = '203.0.113.9:58128') => ({
  level: 'debug',
  ts: 1_795_884_376.331,
  logger: 'http.stdlib',
  msg: `http: TLS handshake error from ${address}: ${text}`,
})
const decode = (fields: Record<string, unknown>) => (dialect.recognises(fields) ? dialect.decode(fields) : undefined)
const summary = (fields: Record<string, unknown>) => {
  const decoding = decode(fields)
  return decoding === undefined ? 'not of the dialect' : summaryOf(decoding)
}

describe('the log of Caddy', () => {
  it('claims of each captured line what happened', () => {
    const counts: Record<string, number> = {}
    for (const fields of captured) counts[summary(fields)] = (counts[summary(fields)] ?? 0) + 1
    expect(counts).toEqual({
      'auth_failures http http_401': 1,
      'auth_failures http http_403': 1,
      'auth_lockouts http': 1,
      'policy_decisions reverse-proxy request_size deny': 1,
      'mtls_handshake_failures caddy no_certificate': 1,
      'mtls_handshake_failures caddy expired': 1,
      'mtls_handshake_failures caddy not_yet_valid': 1,
      'mtls_handshake_failures caddy untrusted_issuer': 2,
      'mtls_handshake_failures caddy wrong_usage': 1,
      'mtls_handshake_failures caddy plaintext': 1,
      'mtls_handshake_failures caddy protocol': 1,
      'mtls_handshake_failures caddy server_certificate_rejected': 1,
      'mtls_handshake_failures caddy sni_mismatch': 1,
      no_signal: 7,
    })
  })

  it.each([
    [
      'tls: failed to verify client certificate: x509: certificate signed by unknown authority (possibly because of "x509: certificate has expired or is not yet valid: current time 2026-11-28T16:46:16Z is after")',
      'untrusted_issuer',
    ],
    ['tls: failed to verify client certificate: x509: a text of tomorrow', 'other'],
    ['tls: failed to verify client certificate: a text of tomorrow', 'other'],
    ['remote error: tls: bad certificate', 'server_certificate_rejected'],
    ['local error: tls: bad record MAC', 'server_certificate_rejected'],
    ['remote error: tls: protocol version not supported', 'protocol'],
    ['tls: no cipher suite supported by both client and server', 'protocol'],
  ])('reads "%s" as %s', (text, reason) => {
    expect(summary(handshake(text))).toBe(`mtls_handshake_failures caddy ${reason}`)
  })

  it.each(['EOF', 'read tcp 127.0.0.1:443->127.0.0.1:1: read: connection reset by peer', 'i/o timeout'])(
    'does not hold against a client that its connection ended: %s',
    text => {
      expect(summary(handshake(text))).toBe('no_signal')
    },
  )

  it('reads the address of a handshake from where Caddy writes it, IPv6 too', () => {
    expect(decode(handshake('tls: x'))).toMatchObject({ claim: { actor: { peerAddress: '203.0.113.9' } } })
    expect(decode(handshake('tls: x', '[2001:db8::7]:1'))).toMatchObject({
      claim: { actor: { peerAddress: '2001:db8::7' } },
    })
    expect(decode(handshake('tls: x', 'pipe'))).toMatchObject({ claim: { actor: {} } })
    expect(summary({ ...handshake(''), msg: 'http: TLS handshake error from ' })).toBe('undecoded unknown_template')
  })

  it('believes the socket about the address, and keeps no query', () => {
    expect(decode({ ...request, user_id: 'eve' })).toMatchObject({
      claim: {
        actor: { peerAddress: '203.0.113.9', identity: 'eve' },
        origin: { service: 'caddy', route: '/hooks/wake' },
      },
    })
  })

  it('does not say who answered: what another program refused does not count', () => {
    expect(summary({ ...request, request: { ...request.request, uri: '/grafana' } })).toBe('no_signal')
  })

  it('takes a request for another host than that of its handshake for one, with TLS only', () => {
    expect(summary({ ...request, status: 421 })).toBe('mtls_handshake_failures caddy sni_mismatch')
    expect(summary({ ...request, status: 421, request: { ...request.request, tls: undefined } })).toBe('no_signal')
  })

  it('is not taken for that of other programs that log with the same library', () => {
    const { logger: _, ...bare } = request
    for (const fields of [bare, { ...request, logger: 'controller-runtime' }, { ...request, logger: 'httpserver' }]) {
      expect(dialect.recognises(fields)).toBe(false)
    }
    expect(summary({ ...request, logger: 'http.handlers.reverse_proxy' })).toBe('no_signal')
  })

  it('reads times in seconds and as text with an offset', () => {
    expect(decode(request)).toMatchObject({ time: 1_795_884_375_902 })
    expect(decode({ ...request, ts: '2026-11-28T16:46:15.902Z' })).toMatchObject({ time: 1_795_884_375_902 })
    expect(summary({ ...request, ts: '2026/11/28 16:46:15' })).toBe('undecoded bad_time')
  })

  it('gives the same whatever a client writes into the fields that are its own', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (uri, host, user) => {
        const of = (status: number) =>
          JSON.parse(
            JSON.stringify({
              ...request,
              status,
              user_id: user,
              request: { ...request.request, uri, host, method: host },
            }),
          )
        const decoding = decode(of(401))
        if (decoding?.kind === 'claim') {
          expect(decoding.claim).toMatchObject({
            labels: { reason: 'http_401' },
            actor: { peerAddress: '203.0.113.9' },
          })
        } else expect(decoding?.kind).toBe('no_signal')
        expect(summary(of(200))).toBe('no_signal')
      }),
    )
  })

  it('is not led by what follows the text of a failed verification', () => {
    fc.assert(
      fc.property(hostileText, text => {
        const failed = `tls: failed to verify client certificate: x509: certificate signed by unknown authority (${text})`
        const decoding = decode(handshake(failed))
        if (failed.length > 1_000) return
        expect(decoding).toMatchObject({
          claim: { labels: { reason: 'untrusted_issuer' }, actor: { peerAddress: '203.0.113.9' } },
        })
      }),
    )
  })
})
