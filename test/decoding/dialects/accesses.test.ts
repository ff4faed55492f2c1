import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { commonNameOf } from '../../../decoding/dialects/proxy/access.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { hostReached } from '../../../decoding/toolkit/access.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import { dialectFixtures } from '../dialect-fixtures.ts'

const { decode } = createDispatcher(dialects, { withAccess: true })
const accessOf = (body: string | Fields) => decode({ id: '1', body }).access

const nginx = {
  time: '2026-11-24T00:54:49+00:00',
  remote_addr: '10.0.0.9',
  status: '200',
  request: 'GET / HTTP/1.1',
  ssl_protocol: 'TLSv1.3',
  ssl_client_verify: 'SUCCESS',
  ssl_client_s_dn: 'CN=agent-1,O=Example',
  server_name: 'API.openclaw.local',
  server_addr: '10.0.0.2',
  server_port: '443',
}
const envoy = {
  start_time: '2026-11-24T00:54:49.123Z',
  method: 'GET',
  path: '/',
  response_code: 200,
  response_flags: '-',
  downstream_remote_address: '203.0.113.7:1',
  downstream_direct_remote_address: '10.0.0.9:50412',
  downstream_local_address: '10.0.0.2:8443',
  downstream_peer_subject: 'CN=agent-1',
  downstream_peer_cert_v_end: '2026-12-29T20:11:51.000Z',
  authority: 'api.openclaw.local:8443',
}
const haproxy = {
  haproxy_log: 'request',
  ts: 1_795_884_366.078,
  client_ip: '10.0.0.9',
  status_code: 200,
  ssl_c_used: 1,
  ssl_c_verify: '0',
  ssl_c_err: 0,
  ssl_c_s_dn: '/O=Example/CN=agent-1',
  frontend_ip: '10.0.0.2',
  frontend_port: 443,
}
const caddy = {
  level: 'info',
  ts: 1_795_884_366.078,
  logger: 'http.log.access.openclaw',
  msg: 'handled request',
  status: 200,
  user_id: 'ana',
  request: { remote_ip: '10.0.0.9', host: 'api.openclaw.local', uri: '/', tls: { version: 772 } },
}
const traefik = {
  ClientAddr: '10.0.0.9:40404',
  ClientUsername: 'as-the-client-says',
  DownstreamStatus: 200,
  RequestHost: 'api.openclaw.local',
  RequestPort: '-',
  RequestScheme: 'https',
  StartUTC: '2026-11-24T00:54:49.123456789Z',
}
const ecs = {
  '@timestamp': '2026-11-23T10:00:00.000Z',
  event: { category: ['authentication'], outcome: 'success' },
  user: { name: 'ana' },
  source: { ip: '10.0.0.9' },
  url: { domain: 'api.openclaw.local', scheme: 'https' },
  service: { name: 'portal' },
}
const tcp = 'tcp' as const
const source = { address: '10.0.0.9' }

describe('the access of a record', () => {
  it('is of a client that a proxy let in, with the name in its verified certificate', () => {
    const proven = { decision: 'allow', identity: 'agent-1', isMutuallyAuthenticated: true, source, transport: tcp }
    const host = { names: ['api.openclaw.local'], address: '10.0.0.2' }
    expect(accessOf(nginx)).toEqual({ ...proven, destination: host, port: 443 })
    expect(accessOf(envoy)).toEqual({ ...proven, destination: host, port: 8443 })
    expect(accessOf(haproxy)).toEqual({ ...proven, destination: { address: '10.0.0.2' }, port: 443 })
  })

  it('has no identity that a client wrote, and no certificate that was not verified', () => {
    const unverified = { ssl_client_verify: 'NONE', ssl_client_s_dn: 'CN=admin', remote_user: 'admin' }
    expect(accessOf({ ...nginx, ...unverified })).not.toHaveProperty('identity')
    expect(accessOf({ ...nginx, ...unverified })).toMatchObject({ decision: 'allow', isMutuallyAuthenticated: false })
    expect(accessOf({ ...haproxy, ssl_c_used: 0 })).not.toHaveProperty('identity')
    const { downstream_peer_cert_v_end: _end, ...ofEnvoy } = envoy
    expect(accessOf(ofEnvoy)).not.toHaveProperty('identity')
    expect(accessOf(ofEnvoy)).not.toHaveProperty('isMutuallyAuthenticated')
    expect(accessOf(traefik)).toEqual({
      decision: 'allow',
      source,
      destination: { names: ['api.openclaw.local'] },
      port: 443,
      transport: tcp,
    })
    expect(accessOf(caddy)).toMatchObject({
      identity: 'ana',
      destination: { names: ['api.openclaw.local'] },
      port: 443,
    })
  })

  it.each([401, 403, 407, 413, 421, 429])('is denied where a proxy answers %i, on any path', status => {
    expect(accessOf({ ...nginx, status: String(status), request: 'GET /elsewhere HTTP/1.1' })?.decision).toBe('deny')
    expect(accessOf({ ...envoy, response_code: status })?.decision).toBe('deny')
  })

  it('is denied where the certificate of the client was refused, and let in with any other status', () => {
    expect(accessOf({ ...nginx, ssl_client_verify: 'FAILED:certificate has expired' })).toMatchObject({
      decision: 'deny',
      isMutuallyAuthenticated: false,
    })
    expect(accessOf({ ...haproxy, ssl_c_verify: '10' })?.decision).toBe('deny')
    for (const status of ['101', '204', '302', '404', '499', '502']) {
      expect(accessOf({ ...nginx, status })?.decision).toBe('allow')
    }
    expect(accessOf({ ...nginx, status: '000' })).toBeUndefined()
  })

  it('says nothing of what its format does not have', () => {
    const { server_addr: _a, server_port: _p, ...older } = nginx
    expect(accessOf(older)).not.toHaveProperty('port')
    expect(accessOf({ ...older, server_name: '_' })?.destination).toEqual({})
    expect(accessOf({ ...nginx, server_name: '~^(?<x>.+)$', server_addr: '' })?.destination).toEqual({})
  })

  it('is of a sign-in in ECS to what its document names', () => {
    expect(accessOf(ecs)).toEqual({
      decision: 'allow',
      identity: 'ana',
      source,
      destination: { names: ['api.openclaw.local'], service: 'portal' },
      port: 443,
      transport: tcp,
    })
    const { url: _url, service: _service, ...bare } = ecs
    expect(accessOf(bare)).toEqual({ decision: 'allow', identity: 'ana', source, destination: {} })
    const server = { address: 'db.local', ip: '10.0.0.3', port: 5432 }
    expect(accessOf({ ...bare, server, network: { transport: 'tcp' } })).toMatchObject({
      destination: { names: ['db.local'], address: '10.0.0.3' },
      port: 5432,
    })
    expect(accessOf({ ...ecs, event: { ...ecs.event, type: ['end'] } })).toBeUndefined()
  })

  it('is of a sign-in at Entra ID to its resource, with the posture of the device', () => {
    const properties = {
      status: { error_code: 0 },
      user_principal_name: 'ana@shop.example',
      resource_id: '00000003-0000-0000-c000-000000000000',
      device_detail: { device_id: 'd-1', is_compliant: false },
    }
    const document = {
      '@timestamp': '2026-11-23T10:00:00.000Z',
      data_stream: { dataset: 'azure.signinlogs' },
      azure: { signinlogs: { category: 'SignInLogs', result_type: '0', properties } },
      source: { ip: '10.0.0.9' },
    }
    expect(accessOf(document)).toEqual({
      decision: 'allow',
      identity: 'ana@shop.example',
      deviceCompliance: 'noncompliant',
      source,
      destination: { service: '00000003-0000-0000-c000-000000000000' },
    })
  })

  it('is of a sign-in at Keycloak to the client, and of a client to Keycloak', () => {
    const accesses = (dialectFixtures['keycloak-json']?.lines ?? [])
      .map(accessOf)
      .filter(access => access !== undefined)
    expect(accesses.length).toBeGreaterThan(5)
    expect(
      accesses.some(({ decision, destination }) => decision === 'allow' && destination.service !== undefined),
    ).toBe(true)
  })

  it('is of a sign-in at a gateway of OpenClaw to the gateway, once for a connection', () => {
    const lines = dialectFixtures['openclaw-file']?.lines ?? []
    const decoded = lines.map(body => decode({ id: '1', body }))
    for (const { decoding, access } of decoded) {
      if (decoding.kind === 'claim' && decoding.claim.pair?.role === 'partner') expect(access).toBeUndefined()
      if (access !== undefined)
        expect(access).toMatchObject({ destination: { service: 'openclaw-gateway' }, transport: tcp })
    }
    expect(decoded.filter(({ access }) => access !== undefined).length).toBeGreaterThan(3)
    expect(decoded.some(({ access }) => access?.source.address !== undefined)).toBe(true)
  })

  it('is not read where it is not asked for', () => {
    expect(createDispatcher(dialects).decode({ id: '1', body: nginx })).not.toHaveProperty('access')
  })
})

describe('the host that a client asked for', () => {
  it.each([
    ['api.openclaw.local', { end: { names: ['api.openclaw.local'] } }],
    ['API.openclaw.local.:8443', { end: { names: ['api.openclaw.local'] }, port: 8443 }],
    ['10.0.0.2:443', { end: { address: '10.0.0.2' }, port: 443 }],
    ['[2001:db8::2]:443', { end: { address: '2001:db8::2' }, port: 443 }],
    ['api local', { end: {} }],
    ['*.openclaw.local', { end: {} }],
    ['', { end: {} }],
    [undefined, { end: {} }],
  ])('%s', (text, expected) => {
    expect(hostReached(text)).toEqual(expected)
  })

  it('is a plain name or nothing, whatever the client writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.domain(), fc.anything()), text => {
        for (const name of hostReached(text).end.names ?? []) expect(name).toMatch(/^[a-z0-9_.-]{1,253}$/)
      }),
    )
  })
})

describe('the common name of a subject', () => {
  it.each([
    ['CN=ops', 'ops'],
    ['O=Example,CN=ops', 'ops'],
    ['CN=ops,O=Example', 'ops'],
    ['/C=DE/O=Example/CN=ops', 'ops'],
    // What could be read in two ways is not read.
    ['CN=a\\,CN=admin,O=Example', undefined],
    ['O="x, CN=admin",CN=ops', undefined],
    ['/CN=ops/CN=admin', undefined],
    ['O=Example', undefined],
    ['', undefined],
    [7, undefined],
  ])('%s', (subject, expected) => {
    expect(commonNameOf(subject)).toBe(expected)
  })
})
