import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { traceOfHeader } from '../../decoding/toolkit/trace.ts'
import { hostileRequest } from '../decoding/dialects/proxy/hostile-request.ts'
import { summaryOf } from '../decoding/fixtures.ts'
import { withCommands } from '../requirements.ts'
import { openRegister } from './servers/certificate-register.ts'
import { type KeyPair, makeAuthority, selfSigned } from './servers/client-certificates.ts'
import { eventually } from './servers/eventually.ts'
import { type Nginx, startNginx } from './servers/nginx.ts'
import { type RefusingUpstream, startRefusingUpstream } from './servers/refusing-upstream.ts'
import { rejectServer, request, sendRaw, sendSecured } from './servers/tls-client.ts'

const dispatcher = createDispatcher(dialects)

/** The traces of its events. */
const tracesIn = (log: string) =>
  log.split('\n').flatMap(line => {
    const { decoding } = dispatcher.decode({ id: '1', body: line })
    return decoding.kind === 'claim' && decoding.claim.trace !== undefined ? [decoding.claim.trace] : []
  })

/** What the lines of a log decode to, without those that the prefilter of a source skips. */
const decodedLines = (log: string): string[] =>
  log
    .split('\n')
    .filter(line => (dispatcher.prefilter as readonly string[]).some(text => line.includes(text)))
    .map(line => summaryOf(dispatcher.decode({ id: '1', body: line }).decoding))
    .map(summary => summary.replace(/^(certificate CN=\S+) \d+$/, '$1'))

withCommands('nginx', 'openssl').describe('nginx with the shipped configuration', () => {
  let upstream: RefusingUpstream
  let nginx: Nginx

  beforeAll(async () => {
    upstream = await startRefusingUpstream()
    nginx = await startNginx(upstream.port)
  }, 60_000)

  afterAll(async () => {
    await nginx?.stop()
    await upstream?.stop()
  })

  it('names in its access log every client that it refused, and why', async () => {
    const { authority, folder } = nginx
    const valid = authority.sign('ops')
    await request(nginx)
    await request(nginx, { certificate: makeAuthority(folder, 'rogue-ca').sign('intruder') })
    await request(nginx, { certificate: authority.sign('late', -1) })
    await request(nginx, { certificate: selfSigned(folder, 'nobody') })
    await request(nginx, { certificate: authority.sign('misused', 30, 'serverAuth') })
    await sendRaw(nginx, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await sendRaw(nginx, '{"status":"401","time":"2099-01-01T00:00:00Z"}\r\n\r\n')
    for (const path of ['/', '/hooks/401?token=secret', '/tools/invoke/403', '/v1/429', '/elsewhere/401']) {
      await request(nginx, { certificate: valid, path })
    }
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    const basic = { Authorization: `Basic ${btoa('mallory:guess')}`, traceparent }
    await request(nginx, { certificate: valid, path: '/api/401', headers: basic })
    const log = await eventually('nginx has logged the last request', async () => {
      const text = await nginx.log('access')
      return text.includes('mallory') ? text : undefined
    })
    expect(tracesIn(log)).toEqual([traceOfHeader(traceparent)])
    expect(decodedLines(log)).toEqual([
      'mtls_handshake_failures nginx no_certificate',
      'mtls_handshake_failures nginx untrusted_issuer',
      'mtls_handshake_failures nginx expired',
      'mtls_handshake_failures nginx untrusted_issuer',
      'mtls_handshake_failures nginx wrong_usage',
      'mtls_handshake_failures nginx plaintext',
      'mtls_handshake_failures nginx plaintext',
      'certificate CN=ops',
      'auth_failures http http_401',
      'auth_failures http http_403',
      'auth_lockouts http',
      'certificate CN=ops',
      'auth_failures http http_401',
    ])
  }, 60_000)

  it('logs no refusal of a hostile client that is not counted, and none that is counted twice', async () => {
    const certificate = nginx.authority.sign('hostile')
    const garbage = fc.oneof(
      fc.string().map(text => `${text}\r\n`),
      fc.uint8Array({ minLength: 1, maxLength: 200 }).map(bytes => Buffer.concat([bytes, Buffer.from('\r\n')])),
      fc.constantFrom('\r\n', ' \r\n', 'GET\r\n', 'DELETE /hooks/401\r\n', 'get / HTTP/1.1\r\n', 'GET / HTTP/9.9\r\n'),
      fc.constant(`${'A'.repeat(9_000)} / HTTP/1.1\r\n`),
    )
    const asked = hostileRequest.map(line => `${line}\r\nHost: a.example\r\nConnection: close\r\n\r\n`)
    const knocks = [...fc.sample(asked, { numRuns: 150, seed: 13 }), ...fc.sample(garbage, { numRuns: 150, seed: 13 })]
    const before = (await nginx.log('access')).length
    for (const bytes of knocks) await sendSecured(nginx, bytes, { certificate, patience: 1_000 })
    await request(nginx, { certificate, path: '/hooks/the-last-one' })
    const log = await eventually('nginx has logged the last request', async () => {
      const text = (await nginx.log('access')).slice(before)
      return text.includes('/hooks/the-last-one') ? text : undefined
    })
    const logged = log.trimEnd().split('\n')
    const refused = logged.filter(line => /"status":"(?:400|401|403|429)"/.test(line))
    const decoded = refused.map(line => dispatcher.decode({ id: '1', body: line }).decoding)
    expect(refused.filter((_, index) => decoded[index]?.kind !== 'claim')).toEqual([])
    expect(decodedLines(log).filter(summary => /^auth_(?:failures|lockouts) http/.test(summary))).toHaveLength(
      refused.length,
    )
    for (const status of ['400', '401', '403', '429']) {
      expect(refused.some(line => line.includes(`"status":"${status}"`))).toBe(true)
    }
  }, 120_000)

  it('names in its error log the handshakes that failed, each once', async () => {
    await request(nginx, { newestProtocol: 'TLSv1' })
    rejectServer(nginx)
    const log = await eventually('nginx has logged both', async () => {
      const text = await nginx.log('error')
      return text.split('SSL_do_handshake').length > 2 ? text : undefined
    })
    expect(decodedLines(log).filter(summary => summary !== 'no_signal')).toEqual([
      'mtls_handshake_failures nginx protocol',
      'mtls_handshake_failures nginx server_certificate_rejected',
    ])
  }, 60_000)

  it('distinguishes certificates that are not valid yet, revoked ones, and those that the revocation list does not cover', async () => {
    const shown: KeyPair[] = []
    const strict = await startNginx(upstream.port, {
      directives: (folder, authority) => {
        const register = openRegister(folder, authority)
        const lost = register.sign('lost')
        register.revoke(lost)
        shown.push(register.sign('early', '20400101000000Z'), lost, selfSigned(folder, 'nobody'), authority.sign('ops'))
        return `ssl_crl ${register.revocationList()};`
      },
    })
    try {
      for (const certificate of shown) await request(strict, { certificate })
      const log = await eventually('nginx has logged the last request', async () => {
        const text = await strict.log('access')
        return text.includes('CN=ops') ? text : undefined
      })
      expect(decodedLines(log)).toEqual([
        'mtls_handshake_failures nginx not_yet_valid',
        'mtls_handshake_failures nginx revoked',
        'mtls_handshake_failures nginx untrusted_issuer',
        'certificate CN=ops',
      ])
    } finally {
      await strict.stop()
    }
  }, 60_000)
})
