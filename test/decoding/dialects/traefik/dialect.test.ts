import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { traefikDialect as dialect } from '../../../../decoding/dialects/traefik/dialect.ts'
import { summaryOf } from '../../fixtures.ts'
import { hostileText } from '../proxy/hostile-text.ts'

const documented = readFileSync(new URL('../../../fixtures/proxies/traefik.synthetic.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line))
const [request] = documented
const decode = (fields: Record<string, unknown>) => (dialect.recognises(fields) ? dialect.decode(fields) : undefined)

describe('the access log of Traefik', () => {
  it('claims of each documented line what happened', () => {
    expect(documented.map(fields => summaryOf(dialect.decode(fields)))).toEqual([
      'auth_failures http http_401',
      'auth_lockouts http',
      'policy_decisions reverse-proxy request_size deny',
      'no_signal',
      'posture_drifts tls_obsolete high',
      'no_signal',
    ])
  })

  it('believes the socket about the address, and keeps no query', () => {
    expect(decode({ ...request, ClientHost: '198.51.100.66', ClientUsername: 'eve' })).toMatchObject({
      time: Date.UTC(2026, 10, 29, 10, 11, 12, 131),
      claim: {
        actor: { peerAddress: '203.0.113.9', identity: 'eve' },
        origin: { service: 'traefik', route: '/hooks/wake' },
      },
    })
    expect(decode({ ...request, StartUTC: undefined })).toMatchObject({ time: Date.UTC(2026, 10, 29, 10, 11, 12) })
    expect(decode({ ...request, StartUTC: undefined, time: 'x' })).toEqual({ kind: 'undecoded', reason: 'bad_time' })
  })

  it('gives the same whatever a client writes into the fields that are its own', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (path, text) => {
        const own = { RequestPath: path, RequestHost: text, ClientUsername: text, 'request_User-Agent': text }
        const decoding = decode(JSON.parse(JSON.stringify({ ...request, ...own })))
        if (decoding?.kind === 'claim') {
          expect(decoding.claim).toMatchObject({
            labels: { reason: 'http_401' },
            actor: { peerAddress: '203.0.113.9' },
          })
        } else expect(decoding?.kind).toBe('no_signal')
      }),
    )
  })
})
