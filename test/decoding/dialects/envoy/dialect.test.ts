import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { envoyDialect as dialect } from '../../../../decoding/dialects/envoy/dialect.ts'
import { reasonOfTransportFailure } from '../../../../decoding/dialects/envoy/transport-failure.ts'
import { summaryOf } from '../../fixtures.ts'
import { hostileText } from '../proxy/hostile-text.ts'

const lines = (name: string) =>
  readFileSync(new URL(`../../../fixtures/proxies/${name}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
const captured = lines('envoy.real.jsonl')

const request = {
  start_time: '2026-11-29T10:11:12.131Z',
  method: 'POST',
  path: '/hooks/wake?token=secret',
  response_code: 401,
  response_code_details: 'via_upstream',
  response_flags: '-',
  downstream_remote_address: '198.51.100.66:1',
  downstream_direct_remote_address: '203.0.113.9:50412',
  downstream_tls_version: 'TLSv1.3',
  downstream_peer_subject: null,
  downstream_peer_cert_v_end: null,
}
const connection = {
  start_time: '2026-11-29T10:11:12.131Z',
  downstream_remote_address: '203.0.113.9:50412',
  downstream_direct_remote_address: '203.0.113.9:50412',
  downstream_tls_version: 'TLSv1.3',
  downstream_transport_failure_reason: null,
  response_flags: '-',
}
const decode = (fields: Record<string, unknown>) => (dialect.recognises(fields) ? dialect.decode(fields) : undefined)
const summary = (fields: Record<string, unknown>) => {
  const decoding = decode(fields)
  return decoding === undefined ? 'not of the dialect' : summaryOf(decoding)
}

describe('the access logs of Envoy', () => {
  it('claim of each captured line what happened', () => {
    const counts: Record<string, number> = {}
    for (const fields of captured) {
      const text = summary(fields).replace(/^(certificate \S+) \d+$/, '$1')
      counts[text] = (counts[text] ?? 0) + 1
    }
    expect(counts).toEqual({
      'auth_failures http http_400': 1,
      'auth_failures http http_401': 1,
      'auth_failures http http_403': 1,
      'auth_lockouts http': 1,
      'policy_decisions reverse-proxy request_size deny': 1,
      'certificate CN=ops': 4,
      'mtls_handshake_failures envoy no_certificate': 1,
      'mtls_handshake_failures envoy expired': 1,
      'mtls_handshake_failures envoy not_yet_valid': 1,
      'mtls_handshake_failures envoy untrusted_issuer': 2,
      'mtls_handshake_failures envoy wrong_usage': 1,
      'mtls_handshake_failures envoy revoked': 1,
      'mtls_handshake_failures envoy plaintext': 2,
      'mtls_handshake_failures envoy protocol': 1,
      'mtls_handshake_failures envoy server_certificate_rejected': 1,
      no_signal: 11,
    })
  })

  it.each([
    ['TLS error: 268435581:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED', 'other'],
    [
      'TLS_error:|268436528:SSL_routines:OPENSSL_internal:SSLV3_ALERT_CERTIFICATE_EXPIRED:TLS_error_end',
      'server_certificate_rejected',
    ],
    ['TLS_error:|268435709:SSL_routines:OPENSSL_internal:NO_COMMON_SIGNATURE_ALGORITHMS:TLS_error_end', 'protocol'],
    [
      'TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:verify_cert_failed:_verify_SAN_list:TLS_error_end',
      'other',
    ],
    ['a text of tomorrow', 'other'],
  ])('read %s as %s', (text, reason) => {
    expect(reasonOfTransportFailure(text)).toBe(reason)
    expect(summary({ ...connection, downstream_transport_failure_reason: text })).toBe(
      `mtls_handshake_failures envoy ${reason}`,
    )
  })

  it('believe the direct address of a request only, and keep no query', () => {
    expect(decode(request)).toMatchObject({
      claim: { actor: { peerAddress: '203.0.113.9' }, origin: { service: 'envoy', route: '/hooks/wake' } },
    })
    const { downstream_direct_remote_address: _, ...ofIstio } = request
    expect(decode(ofIstio)).toMatchObject({ kind: 'claim', claim: { actor: {} } })
    expect(dialect.lacks?.(ofIstio, dialect.decode(ofIstio))?.field).toBe('downstream_direct_remote_address')
    expect(dialect.lacks?.(request, dialect.decode(request))).toBeUndefined()
  })

  it('give the address of a connection, which no header can change, also without the direct one', () => {
    const { downstream_direct_remote_address: _, ...rest } = connection
    const failed = {
      ...rest,
      downstream_transport_failure_reason: 'TLS_error:|1:SSL_routines:OPENSSL_internal:HTTP_REQUEST',
    }
    expect(decode(failed)).toMatchObject({ claim: { actor: { peerAddress: '203.0.113.9' } } })
    expect(decode({ ...failed, downstream_remote_address: '[2001:db8::7]:50412' })).toMatchObject({
      claim: { actor: { peerAddress: '2001:db8::7' } },
    })
    expect(dialect.lacks?.(failed, dialect.decode(failed))).toBeUndefined()
  })

  it('count what Envoy itself refused on any path, and what another program refused on no path of its own', () => {
    expect(summary({ ...request, path: '/grafana' })).toBe('no_signal')
    for (const details of ['rbac_access_denied_matched_policy[none]', 'ext_authz_denied', 'jwt_authn_access_denied']) {
      expect(summary({ ...request, path: '/grafana', response_code_details: details })).toBe(
        'auth_failures http http_401',
      )
    }
    expect(summary({ ...request, path: '/grafana', response_code_details: undefined })).toBe('no_signal')
    expect(summary({ ...request, response_code: '403' })).toBe('auth_failures http http_403')
  })

  it('report a version of TLS before 1.2 that was accepted', () => {
    for (const [version, expected] of [
      ['TLSv1', 'posture_drifts tls_obsolete high'],
      ['TLSv1.1', 'posture_drifts tls_obsolete high'],
      ['TLSv1.2', 'no_signal'],
    ]) {
      expect(summary({ ...request, response_code: 200, downstream_tls_version: version })).toBe(expected)
    }
    expect(summary({ ...connection, downstream_tls_version: 'TLSv1' })).toBe('no_signal')
  })

  it('give the same whatever a client writes into the fields that are its own', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (path, agent, subject) => {
        const hostile = { ...request, path, user_agent: agent, authority: agent, downstream_peer_subject: subject }
        const decoding = decode(JSON.parse(JSON.stringify(hostile)))
        if (decoding?.kind === 'claim') {
          expect(decoding.claim).toMatchObject({
            labels: { reason: 'http_401' },
            actor: { peerAddress: '203.0.113.9' },
          })
        } else expect(decoding?.kind).toBe('no_signal')
        expect(summary(JSON.parse(JSON.stringify({ ...hostile, response_code: 200 })))).toBe('no_signal')
      }),
    )
  })

  it('refuse a time without an offset', () => {
    expect(summary({ ...request, start_time: '2026-11-29T10:11:12.131' })).toBe('undecoded bad_time')
  })
})
