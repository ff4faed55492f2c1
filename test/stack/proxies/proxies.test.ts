import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { dialects } from '../../../decoding/registry.ts'
import { traceOfHeader } from '../../../decoding/toolkit/trace.ts'
import { hostileRequest } from '../../decoding/dialects/proxy/hostile-request.ts'
import { summaryOf } from '../../decoding/fixtures.ts'
import { withCommands } from '../../requirements.ts'
import { openRegister } from '../servers/certificate-register.ts'
import { type Authority, type KeyPair, makeAuthority } from '../servers/client-certificates.ts'
import { eventually } from '../servers/eventually.ts'
import { startNginx } from '../servers/nginx.ts'
import { freePort } from '../servers/process.ts'
import { type ProxyTask, type RunningProxy, startCaddy, startEnvoy, startHaproxy } from '../servers/proxies.ts'
import { type RefusingUpstream, startRefusingUpstream } from '../servers/refusing-upstream.ts'
import { type Door, rejectServer, request, sendRaw, sendSecured } from '../servers/tls-client.ts'

const dispatcher = createDispatcher(dialects)

interface Clients {
  readonly right: KeyPair
  /** What a client shows that is refused, by what is wrong with it; the last one is only revoked. */
  readonly wrong: readonly KeyPair[]
  readonly hostile: KeyPair
  readonly revocationList: string
}

/** The subject of a certificate that was written to forge fields. */
const HOSTILE_NAME = 'x","client_ip":"198.51.100.1","status_code":401,"a":"'

function makeClients(folder: string, authority: Authority): Clients {
  const register = openRegister(folder, authority)
  const revoked = register.sign('lost')
  register.revoke(revoked)
  const rogue = makeAuthority(folder, 'rogue-ca')
  const wrong = [
    authority.sign('late', -1),
    register.sign('early', '20400101000000Z'),
    rogue.sign('intruder'),
    authority.sign('misused', 30, 'serverAuth'),
    revoked,
  ]
  return {
    right: authority.sign('ops'),
    wrong,
    hostile: rogue.sign('hostile', 30, 'clientAuth', HOSTILE_NAME),
    revocationList: register.revocationList(),
  }
}

/** How often each decoding came, of records that bring something; each line must be understood. */
function totals(log: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const body of log.split('\n')) {
    if (!body.startsWith('{') && !/^\d/.test(body)) continue
    const { decoder, decoding } = dispatcher.decode({ id: '1', body })
    if (decoding.kind === 'claim') expect([decoder, decoding.claim.actor.peerAddress]).toEqual([decoder, '127.0.0.1'])
    const summary = summaryOf(decoding).replace(/^(certificate .*) \d+$/, '$1')
    if (summary !== 'no_signal') counts[summary] = (counts[summary] ?? 0) + 1
  }
  return counts
}

/** A connection that ends before its first byte. */
const hangUp = ({ host, port }: Door) =>
  new Promise<void>(resolve => {
    const socket = connect(port, host, () => socket.destroy())
    socket.on('close', () => resolve())
  })

/** Connections and requests of `knock`, and the path of the last one. One more connection looks for the port. */
const CONNECTIONS = 21
const REQUESTS = 9
const LAST = 'the-last-one'

/** The handshakes, each once, then the requests of a client that is let in. */
async function knock(proxy: Door, { right, wrong, hostile }: Clients): Promise<void> {
  const serverName = 'localhost'
  await request(proxy, { serverName })
  for (const certificate of [...wrong, hostile]) await request(proxy, { serverName, certificate, path: '/hooks/x' })
  await sendRaw(proxy, 'GET /hooks/x HTTP/1.1\r\nHost: x\r\n\r\n')
  await sendRaw(proxy, `garbage "client":"198.51.100.1"\r\n\r\n`)
  await request(proxy, { serverName, newestProtocol: 'TLSv1' })
  await hangUp(proxy)
  rejectServer(proxy)
  const headers = {
    Host: `localhost:${proxy.port}`,
    'User-Agent': HOSTILE_NAME,
    'X-Forwarded-For': '198.51.100.1',
    'X-Envoy-Original-Path': '/elsewhere',
    Referer: HOSTILE_NAME,
  }
  for (const path of ['/hooks/401?token=secret', '/tools/invoke/403', '/v1/413', '/v1/429', '/elsewhere/401', '/']) {
    await request(proxy, { serverName, certificate: right, path, headers })
  }
  await request(proxy, { serverName, certificate: right, path: `/elsewhere/${HOSTILE_NAME}`, headers })
  await sendSecured(proxy, 'GET /else where HTTP/1.1\r\nHost: x\r\n\r\n', { serverName, certificate: right })
  await request(proxy, { serverName, certificate: right, path: `/${LAST}` })
}

/** A client that spells its requests so that their refusals are not counted: each that is in the log is a claim. */
async function expectHostileRefusalsCounted(proxy: RunningProxy): Promise<void> {
  const known = { serverName: 'localhost', certificate: clients.right, patience: 1_000 }
  // At once: Envoy closes a connection that it has refused only after a while.
  await Promise.all(
    fc
      .sample(hostileRequest, { numRuns: 50, seed: 13 })
      .map(line => sendSecured(proxy, `${line}\r\nHost: localhost:${proxy.port}\r\nConnection: close\r\n\r\n`, known)),
  )
  await request(proxy, { ...known, path: `/${LAST}-of-all` })
  const log = await eventually('the proxy has logged the last request', async () => {
    const text = await proxy.log()
    return text.includes(`${LAST}-of-all`) ? text : undefined
  })
  const refused = log
    .split('\n')
    .filter(line => /"(?:status|status_code|response_code)":(?:400|401|403|429)\b/.test(line))
    // Of another program, by its path.
    .filter(line => !/"\\?\/elsewhere\\?\/401"/.test(line))
  const kinds = refused.map(body => [body, dispatcher.decode({ id: '1', body }).decoding.kind])
  expect(kinds.filter(([, kind]) => kind !== 'claim')).toEqual([])
  expect(refused.length).toBeGreaterThan(10)
}

/** What every proxy reports of the requests above; all but Caddy log a request that cannot be read, too. */
const refusals = {
  'auth_failures http http_401': 1,
  'auth_failures http http_403': 1,
  'auth_lockouts http': 1,
  'policy_decisions reverse-proxy request_size deny': 1,
}

const malformed = { 'auth_failures http http_400': 1 }

/** Requests of a verified client that were not refused, each with the expiry of its certificate. */
const LET_IN = 4

const failuresOf = (proxy: string, counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(counts).map(([reason, count]) => [`mtls_handshake_failures ${proxy} ${reason}`, count]),
  )

/** Of a proxy that checks everything; two clients have a certificate of another authority, two speak no TLS. */
const everyFailure = {
  no_certificate: 1,
  expired: 1,
  not_yet_valid: 1,
  untrusted_issuer: 2,
  wrong_usage: 1,
  revoked: 1,
  plaintext: 2,
  protocol: 1,
  server_certificate_rejected: 1,
}

let folder: string
let upstream: RefusingUpstream
let clients: Clients
let task: ProxyTask

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-proxies-'))
  upstream = await startRefusingUpstream()
  const authority = makeAuthority(folder, 'clients-ca')
  authority.sign('server', 30, 'serverAuth')
  clients = makeClients(folder, authority)
  task = {
    upstreamPort: upstream.port,
    serverCertificate: join(folder, 'server.pem'),
    serverKey: join(folder, 'server.key'),
    clientAuthority: authority.certificateFile,
    revocationList: clients.revocationList,
  }
}, 60_000)

afterAll(async () => {
  await upstream?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/**
 * Its log after these connections.
 *
 * @param lines of the whole log: a connection may be logged after the requests of later ones
 */
async function logOf(proxy: RunningProxy, lines: number): Promise<string> {
  await knock(proxy, clients)
  return eventually('the proxy has logged every connection', async () => {
    const log = await proxy.log()
    return log.split('\n').filter(line => line.startsWith('{')).length >= lines ? log : undefined
  })
}

withCommands('haproxy', 'openssl').it(
  'HAProxy with the shipped configuration names every failure and refusal, each once',
  async () => {
    const obsoletePort = await freePort()
    const proxy = await startHaproxy(task, obsoletePort)
    try {
      await request({ host: proxy.host, port: obsoletePort }, { certificate: clients.right, newestProtocol: 'TLSv1' })
      expect(totals(await logOf(proxy, CONNECTIONS + 2))).toEqual({
        ...refusals,
        ...malformed,
        ...failuresOf('haproxy', everyFailure),
        'certificate /CN=ops': LET_IN,
        'posture_drifts tls_obsolete high': 1,
      })
      await expectHostileRefusalsCounted(proxy)
    } finally {
      await proxy.stop()
    }
  },
)

withCommands('caddy', 'openssl').it(
  'Caddy with the shipped configuration names what it logs of failures and refusals, each once',
  async () => {
    const proxy = await startCaddy(task)
    try {
      const headers = { Host: 'elsewhere' }
      await request(proxy, { serverName: 'localhost', certificate: clients.right, headers })
      // One of another host and one that looked for the port are more; two of `knock` are not logged.
      // It has no revocation list, logs no plain HTTP, and does not say when a certificate expires.
      const { revoked: _, ...failures } = { ...everyFailure, plaintext: 1, sni_mismatch: 1 }
      expect(totals(await logOf(proxy, CONNECTIONS))).toEqual({
        ...refusals,
        ...failuresOf('caddy', failures),
      })
      await expectHostileRefusalsCounted(proxy)
    } finally {
      await proxy.stop()
    }
  },
)

withCommands('envoy', 'openssl').it(
  'Envoy with the shipped configuration names every failure and refusal, each once',
  async () => {
    const proxy = await startEnvoy(task)
    try {
      expect(totals(await logOf(proxy, CONNECTIONS + 1 + REQUESTS))).toEqual({
        ...refusals,
        ...malformed,
        ...failuresOf('envoy', everyFailure),
        'certificate CN=ops': LET_IN,
      })
      const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
      await request(proxy, { certificate: clients.right, path: '/hooks/401', headers: { traceparent } })
      const traced = await eventually('Envoy has logged the request with a trace', async () => {
        const lines = (await proxy.log()).split('\n')
        return lines.find(line => line.includes(traceparent))
      })
      expect(dispatcher.decode({ id: '1', body: traced }).decoding).toMatchObject({
        claim: { signal: 'auth_failures', trace: traceOfHeader(traceparent) },
      })
      await expectHostileRefusalsCounted(proxy)
    } finally {
      await proxy.stop()
    }
  },
)

withCommands('nginx', 'openssl').it(
  'nginx with the shipped format names every failure, and with combined the refusals',
  async () => {
    let own = clients
    const nginx = await startNginx(upstream.port, {
      directives: (place, authority) => {
        own = makeClients(place, authority)
        return `ssl_crl ${own.revocationList}; access_log ${place}/openclaw-combined.log combined;`
      },
    })
    try {
      await knock(nginx, own)
      const logs = await eventually('nginx has logged the last request', async () => {
        const [combined = '', ...others] = await Promise.all(['combined', 'access', 'error'].map(nginx.log))
        return combined.includes(LAST) ? { combined, whole: others.join('') } : undefined
      })
      expect(totals(logs.whole)).toEqual({
        ...refusals,
        ...malformed,
        ...failuresOf('nginx', everyFailure),
        'certificate CN=ops': LET_IN,
      })
      // Clients without a right certificate, and without TLS; failed handshakes are not in it.
      expect(totals(logs.combined)).toEqual({ ...refusals, 'auth_failures http http_400': 10 })
    } finally {
      await nginx.stop()
    }
  },
)
