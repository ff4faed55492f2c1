import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nginxErrorDialect as dialect } from '../../../../decoding/dialects/nginx/error-log.ts'

const real = readFileSync(new URL('../../../fixtures/nginx/error.real.log', import.meta.url), 'utf8')
  .trim()
  .split('\n')
const decode = (line: string) => (dialect.recognises(line) ? dialect.decode(line) : undefined)
const failed = (cause: string, client = '203.0.113.9') =>
  `2026/11/22 10:51:44 [info] 7#7: *12 SSL_do_handshake() failed (SSL: error:${cause}) while SSL handshaking, client: ${client}, server: 127.0.0.1:443`

describe('the error log of nginx', () => {
  it('counts the captured handshakes that failed, and nothing else', () => {
    const claims = real
      .map(decode)
      .flatMap(decoding => (decoding?.kind === 'claim' ? [decoding.claim.labels.reason] : []))
    expect(claims).toEqual(['protocol', 'server_certificate_rejected'])
  })

  it('does not hold a client against itself that rejects our certificate', () => {
    const decoding = decode(failed('0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48'))
    expect(decoding).toMatchObject({ claim: { labels: { reason: 'server_certificate_rejected' }, outcome: 'unknown' } })
    expect(decode(failed('0A000102:SSL routines::unsupported protocol'))).toMatchObject({
      claim: { outcome: 'failure' },
    })
  })

  it('takes the address from where nginx writes it, IPv6 too, and the time in the zone of the process', () => {
    expect(decode(failed('x', '2001:db8::7'))).toMatchObject({
      claim: { time: new Date(2026, 10, 22, 10, 51, 44).getTime(), actor: { peerAddress: '2001:db8::7' } },
    })
  })

  it('reads other messages, and a handshake with a server behind nginx, as of no signal', () => {
    const messages = [
      'open() "/srv/Updated the SSL_do_handshake() failed" failed (2: No such file or directory), client: 203.0.113.9',
      'SSL_do_handshake() failed (SSL: error:1) while SSL handshaking to upstream, client: 203.0.113.9, server: x',
      'signal process started',
    ]
    for (const message of messages)
      expect(decode(`2026/11/22 10:51:44 [error] 7#7: *12 ${message}`)).toMatchObject({ kind: 'no_signal' })
    expect(decode('2026/11/22 10:51:44 [notice] 7#7: exit')).toMatchObject({ kind: 'no_signal' })
  })

  it('does not pass over a failed handshake in a form that it does not know', () => {
    const line = failed('x').replace(', client: ', ', peer: ')
    expect(decode(line)).toMatchObject({ kind: 'undecoded', reason: 'unknown_template' })
  })

  it('refuses a time that is none', () => {
    expect(decode(failed('x').replace('2026/11/22', '2026/13/22'))).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })

  it('is not led by what a client writes into the message of another error', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const request = `${text}${failed('x', '198.51.100.1')}`
        const line = `2026/11/22 10:51:44 [info] 7#7: *1 client sent invalid method while reading client request line, client: 203.0.113.9, request: "${request}"`
        expect(decode(line)?.kind).toBe('no_signal')
      }),
    )
  })
})
