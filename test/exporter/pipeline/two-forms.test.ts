import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { createDialects } from '../../../decoding/registry.ts'
import { batchOf, bench, total } from './fixtures.ts'

const fixture = (path: string) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8')

/** One event in two forms: what nginx logs by both of its formats, and Keycloak's console and Elastic's document of it. */
const pairs: Readonly<Record<string, readonly (string | Record<string, unknown>)[]>> = {
  'nginx-combined': [
    JSON.stringify({
      time: '2026-11-29T20:35:47+00:00',
      remote_addr: '198.51.100.7',
      status: '401',
      request: 'GET /hooks/x HTTP/1.1',
      ssl_protocol: 'TLSv1.3',
      ssl_client_verify: 'SUCCESS',
      ssl_client_s_dn: 'CN=ops',
      ssl_client_i_dn: 'CN=clients-ca',
      ssl_client_serial: '4F',
      ssl_client_fingerprint: '57',
      ssl_client_v_end: 'Dec 24 00:54:49 2026 GMT',
      server_name: 'openclaw.example.org',
      remote_user: '',
      upstream_status: '401',
    }),
    '198.51.100.7 - - [29/Nov/2026:20:35:47 +0000] "GET /hooks/x HTTP/1.1" 401 215 "-" "-"',
  ],
  'keycloak-elastic': [
    JSON.stringify({
      '@timestamp': '2026-11-23T10:00:00Z',
      'log.level': 'WARN',
      'log.logger': 'org.keycloak.events',
      'ecs.version': '1.2.0',
      message:
        'type="LOGIN_ERROR", realmId="1", realmName="shop", clientId="web", userId="null", ipAddress="192.0.2.10", error="invalid_user_credentials", username="ana"',
    }),
    JSON.parse(fixture('keycloak/elastic-documents.synthetic.jsonl').split('\n')[0] as string),
  ],
}

it.each(Object.keys(pairs))('an event that %s reads after another form of it is counted as repeated', decoder => {
  const { pipeline, store } = bench({ dispatcher: createDispatcher(createDialects()) })
  for (const body of pairs[decoder] ?? []) {
    pipeline.ingest('log', batchOf([{ id: JSON.stringify(body), body }]))
  }
  expect(total(store, 'clawtrust_repeated_form_events_total', decoder)).toBe(1)
})
