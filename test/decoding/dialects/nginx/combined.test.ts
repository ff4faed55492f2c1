import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nginxCombinedDialect as dialect } from '../../../../decoding/dialects/nginx/combined.ts'
import { summaryOf } from '../../fixtures.ts'
import { hostileRequest } from '../proxy/hostile-request.ts'
import { hostileText } from '../proxy/hostile-text.ts'

const captured = readFileSync(new URL('../../../fixtures/nginx/combined.real.log', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

/** As nginx writes a value into a log without `escape`. */
const escaped = (text: string) =>
  [...Buffer.from(text)]
    .map(byte =>
      byte < 32 || byte > 126 || byte === 34 || byte === 92
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')

const line = ({
  address = '203.0.113.9',
  user = '-',
  time = '22/Nov/2026:10:51:44 +0000',
  request = 'GET / HTTP/1.1',
  status = 200,
  referer = '-',
  agent = 'curl/8',
  rest = '',
}) =>
  `${address} - ${escaped(user)} [${time}] "${escaped(request)}" ${status} 179 "${escaped(referer)}" "${escaped(agent)}"${rest}`

const decode = (text: string) => (dialect.recognises(text) ? dialect.decode(text) : undefined)
const summary = (parts: Parameters<typeof line>[0]) => {
  const decoding = decode(line(parts))
  return decoding === undefined ? 'not of the dialect' : summaryOf(decoding)
}

describe("nginx's format combined", () => {
  it('is of the dialect, every captured line', () => {
    expect(captured.map(text => dialect.recognises(text))).not.toContain(false)
  })

  it.each([
    ['/hooks/agent', 400, 'auth_failures http http_400'],
    ['/hooks/agent', 401, 'auth_failures http http_401'],
    ['/tools/invoke', 403, 'auth_failures http http_403'],
    ['/v1/responses', 413, 'policy_decisions reverse-proxy request_size deny'],
    ['/v1/responses', 429, 'auth_lockouts http'],
    ['/v1/responses', 200, 'no_signal'],
    ['/grafana', 401, 'no_signal'],
    ['/grafana', 400, 'no_signal'],
  ])('counts %s that was answered %d: %s', (path, status, expected) => {
    expect(summary({ status, request: `POST ${path}?token=x HTTP/1.1` })).toBe(expected)
  })

  it('counts a refusal whose request line cannot be read', () => {
    for (const request of ['', '\u0016\u0003\u0001', 'garbage "x"', 'get / HTTP/1.1']) {
      expect(summary({ status: 400, request })).toBe('auth_failures http http_400')
    }
  })

  it('takes the address from the socket, the time with its offset, and keeps no query', () => {
    const decoding = decode(
      line({
        user: 'eve',
        time: '22/Nov/2026:10:51:44 +0130',
        request: 'GET /hooks/x?token=secret HTTP/1.1',
        status: 401,
      }),
    )
    expect(decoding).toMatchObject({
      time: Date.UTC(2026, 10, 22, 9, 21, 44),
      claim: {
        actor: { peerAddress: '203.0.113.9', identity: 'eve' },
        origin: { service: 'nginx', route: '/hooks/x' },
      },
    })
    expect(decode(line({ time: '22/Nov/2026:10:51:44 -0130' }))?.kind).toBe('no_signal')
    expect(decode(line({ time: '22/Nov/2026:25:51:44 +0000' }))).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })

  it('knows no address of a client behind a socket of the system', () => {
    expect(decode(line({ address: 'unix:', status: 401 }))).toMatchObject({ claim: { actor: {} } })
  })

  it('reads formats that begin so, as that of the packages of nginx and that of its ingress controller', () => {
    for (const rest of [' "-"', ' "198.51.100.1"', ' 512 0.003 [openclaw-18789] [] 10.0.0.3:18789 17 0.002 401 5f2c']) {
      expect(summary({ status: 401, rest })).toBe('auth_failures http http_401')
    }
    expect(summary({ status: 401, rest: 'x' })).toBe('not of the dialect')
  })

  it('does not read lines of a server that escapes otherwise', () => {
    const apache = '203.0.113.9 - - [22/Nov/2026:10:51:44 +0000] "GET /\\" 401 0 \\"-\\" \\"x HTTP/1.1" 404 9 "-" "-"'
    expect(dialect.recognises(apache)).toBe(false)
    expect(dialect.recognises(apache.replaceAll('\\"', '\\\\'))).toBe(false)
  })

  it('says that it lacks who failed to show a certificate', () => {
    expect(dialect.lacks?.(line({}), dialect.decode(line({})))?.field).toBe('ssl_client_verify')
  })

  it('counts every refusal of an OpenClaw route, however the request line spells it', () => {
    fc.assert(
      fc.property(hostileRequest, fc.constantFrom(400, 401, 403, 429), (request, status) => {
        expect(decode(line({ request, status }))?.kind).toBe('claim')
      }),
    )
  })

  it('is the same line whatever a client writes into the fields that are its own', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, hostileText, (user, request, referer, agent) => {
        fc.pre(user !== '' && user !== '-')
        const text = line({ user, request, referer, agent, status: 401 })
        expect(decode(text)).toMatchObject({ time: Date.UTC(2026, 10, 22, 10, 51, 44) })
        const decoding = decode(text)
        if (decoding?.kind !== 'claim') return
        expect(decoding.claim).toMatchObject({ labels: { mechanism: 'http', reason: 'http_401' } })
        expect(decoding.claim.actor.peerAddress).toBe('203.0.113.9')
        expect(summary({ user, request, referer, agent, status: 200 })).toBe('no_signal')
      }),
    )
  })

  it('claims something only of lines with a text of its prefilter', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(200, 400, 401, 403, 413, 429, 500), (request, status) => {
        const text = line({ request, status })
        if (decode(text)?.kind === 'claim') {
          expect((dialect.prefilter as readonly string[]).some(part => text.includes(part))).toBe(true)
        }
      }),
    )
  })
})
