import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { haproxyDialect as dialect } from '../../../../decoding/dialects/haproxy/dialect.ts'
import { summaryOf } from '../../fixtures.ts'
import { FORGED_ADDRESS, hostileText } from '../proxy/hostile-text.ts'

const captured = readFileSync(new URL('../../../fixtures/proxies/haproxy.real.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

/** Fields in the order of deploy/haproxy/haproxy.cfg: those of the client first. */
const request = {
  method: 'POST',
  path: '/hooks/wake?token=secret',
  ssl_c_s_dn: '/CN=ops',
  haproxy_log: 'request',
  ts: 1_795_884_366.078,
  client_ip: '203.0.113.9',
  server_name: 'gateway',
  status_code: 401,
  ssl_fc_protocol: 'TLSv1.3',
  ssl_c_used: 1,
  ssl_c_verify: '0',
  ssl_c_err: 0,
  ssl_c_notafter: '261228164407Z',
}
const failed = {
  ssl_c_s_dn: '/CN=expired',
  haproxy_log: 'error',
  ts: 1_795_884_366.078,
  client_ip: '203.0.113.9',
  status_code: 0,
  ssl_fc_protocol: 'TLSv1.3',
  ssl_fc_err_str: 'error:0A000086:SSL routines::certificate verify failed',
  ssl_c_used: 1,
  ssl_c_verify: '-',
  ssl_c_err: 10,
}
const decode = (fields: Record<string, unknown>) => (dialect.recognises(fields) ? dialect.decode(fields) : undefined)
const summary = (fields: Record<string, unknown>) => {
  const decoding = decode(fields)
  return decoding === undefined ? 'not of the dialect' : summaryOf(decoding)
}

describe('the log of HAProxy', () => {
  it('claims of each captured line what happened', () => {
    const counts: Record<string, number> = {}
    for (const line of captured) {
      const text = summary(JSON.parse(line)).replace(/^(certificate \S+) \d+$/, '$1')
      counts[text] = (counts[text] ?? 0) + 1
    }
    expect(counts).toEqual({
      'auth_failures http http_400': 1,
      'auth_failures http http_401': 1,
      'auth_failures http http_403': 1,
      'auth_lockouts http': 1,
      'policy_decisions reverse-proxy request_size deny': 1,
      'posture_drifts tls_obsolete high': 1,
      'certificate /CN=ops': 4,
      'mtls_handshake_failures haproxy no_certificate': 1,
      'mtls_handshake_failures haproxy expired': 1,
      'mtls_handshake_failures haproxy not_yet_valid': 1,
      'mtls_handshake_failures haproxy untrusted_issuer': 2,
      'mtls_handshake_failures haproxy wrong_usage': 1,
      'mtls_handshake_failures haproxy revoked': 1,
      'mtls_handshake_failures haproxy plaintext': 2,
      'mtls_handshake_failures haproxy protocol': 1,
      'mtls_handshake_failures haproxy server_certificate_rejected': 1,
      no_signal: 2,
    })
  })

  it.each([
    [9, 'not_yet_valid'],
    [10, 'expired'],
    [18, 'untrusted_issuer'],
    [20, 'untrusted_issuer'],
    [23, 'revoked'],
    [26, 'wrong_usage'],
    [99, 'other'],
  ])('reads the number %d of OpenSSL as %s', (code, reason) => {
    expect(summary({ ...failed, ssl_c_err: code })).toBe(`mtls_handshake_failures haproxy ${reason}`)
    // Of an authority above it.
    expect(summary({ ...failed, ssl_c_err: 0, ssl_c_ca_err: code })).toBe(`mtls_handshake_failures haproxy ${reason}`)
  })

  it('counts a refused certificate also where HAProxy completes the handshake (crt-ignore-err)', () => {
    for (const status_code of [200, 403]) {
      expect(summary({ ...request, status_code, ssl_c_verify: '10' })).toBe('mtls_handshake_failures haproxy expired')
    }
    expect(summary({ ...request, status_code: 200, ssl_c_used: 0, ssl_c_verify: '-' })).toBe('no_signal')
  })

  it('counts what HAProxy itself refused on any path, and what another program refused on no path of its own', () => {
    expect(summary({ ...request, path: '/grafana' })).not.toMatch('auth_failures')
    expect(summary({ ...request, path: '/grafana', server_name: '<NOSRV>' })).toBe('auth_failures http http_401')
    expect(summary({ ...request, path: 'https://a.example/hooks/x' })).toBe('auth_failures http http_401')
  })

  it('believes the socket about the address, and keeps no query', () => {
    expect(decode(request)).toMatchObject({
      claim: { actor: { peerAddress: '203.0.113.9' }, origin: { service: 'haproxy', route: '/hooks/wake' } },
    })
  })

  it('gives the expiry of verified clients only', () => {
    const shown = { ...request, status_code: 200 }
    expect(decode(shown)).toMatchObject({ kind: 'certificate', expires: Date.UTC(2026, 11, 28, 16, 44, 7) })
    expect(decode({ ...shown, ssl_c_notafter: '20600101000000Z' })).toMatchObject({ expires: Date.UTC(2060, 0, 1) })
    expect(summary({ ...shown, ssl_c_used: 0 })).toBe('no_signal')
    expect(summary({ ...shown, ssl_c_notafter: 'tomorrow' })).toBe('no_signal')
    expect(decode(failed)?.kind).toBe('claim')
  })

  it('gives the same whatever a client writes into the fields that are its own', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (method, path, subject) => {
        const hostile = { ...request, method, path, ssl_c_s_dn: subject }
        const decoding = decode(JSON.parse(JSON.stringify(hostile)))
        if (decoding?.kind === 'claim') {
          expect(decoding.claim).toMatchObject({
            labels: { reason: 'http_401' },
            actor: { peerAddress: '203.0.113.9' },
          })
        } else expect(decoding?.kind).not.toBe('undecoded')
        expect(decode(JSON.parse(JSON.stringify({ ...hostile, status_code: 200 })))?.kind).not.toBe('claim')
        expect(summary(JSON.parse(JSON.stringify({ ...failed, ssl_c_s_dn: subject })))).toBe(
          'mtls_handshake_failures haproxy expired',
        )
      }),
    )
  })

  it('has its own fields after those of the client, so that none is forged where a format does not escape', () => {
    const [line = ''] = captured.filter(text => text.includes('"path":"\\/the-last-one"'))
    const path = `x","client_ip":"${FORGED_ADDRESS}","status_code":401,"haproxy_log":"error","ssl_c_err":10,"ts":1,"a":"`
    const unescaped = line.replace('\\/the-last-one', path)
    expect(decode(JSON.parse(unescaped))).toEqual(decode(JSON.parse(line)))
  })
})
