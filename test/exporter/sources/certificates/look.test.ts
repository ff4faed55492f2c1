import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type CertificatePlaces, lookAtCertificates } from '../../../../exporter/sources/certificates/look.ts'
import type { Json } from '../../../../service/state/state.ts'
import { temporaryFolder } from '../../../cli/temporary-folder.ts'
import { withCommands } from '../../../requirements.ts'
import { type Authority, type KeyPair, makeAuthority, selfSigned } from '../../../stack/servers/client-certificates.ts'

const fixture = (name: string) => new URL(`../../../fixtures/certificates/${name}.pem`, import.meta.url)
const { signal } = new AbortController()

/** Looks one after another, as the source takes them. */
function bench(places: Partial<CertificatePlaces>) {
  const states = new Map<string, Json>()
  const clock = { passed: 0, now: () => Date.now() + clock.passed }
  const look = async () => {
    const all = { files: [], endpoints: [], timeout: 5_000, clock, ...places }
    const { found, troubles } = await lookAtCertificates(all, states, signal)
    for (const { key, state } of found) {
      if (state === null) states.delete(key)
      else states.set(key, JSON.parse(JSON.stringify(state)))
    }
    const decodings = found.flatMap(({ decodings }) => decodings)
    return {
      troubles,
      certificates: decodings.flatMap(decoding => (decoding.kind === 'certificate' ? [decoding] : [])),
      drifts: decodings.flatMap(decoding =>
        decoding.kind === 'claim' ? [{ kind: decoding.claim.labels.kind, ...decoding.claim.change }] : [],
      ),
    }
  }
  return { clock, look, states }
}

describe('certificates in files', () => {
  const folder = temporaryFolder({ 'empty.pem': 'nothing' })

  it('are reported with their place and expiry, again after an hour, and where they have changed', async () => {
    const path = join(folder, 'gateway.pem')
    copyFileSync(fixture('chain'), path)
    const { clock, look } = bench({ files: [path] })
    expect((await look()).certificates).toMatchObject([
      { subject: 'CN=gateway.example,O=example', place: { name: path, position: 0, length: 2 } },
      { subject: 'CN=Other authority', place: { name: path, position: 1, length: 2 } },
    ])
    expect((await look()).certificates).toEqual([])
    clock.passed += 3_600_000
    expect((await look()).certificates).toHaveLength(2)
    copyFileSync(fixture('self-signed'), path)
    expect(await look()).toMatchObject({
      certificates: [{ place: { length: 1 } }],
      drifts: [
        {
          kind: 'certificate_issuer_changed',
          subject: `${path} CN=gateway.example,O=example`,
          from: 'CN=Other authority',
          to: 'CN=gateway.example,O=example',
        },
      ],
    })
  })

  it('that cannot be read are named, and what was known of them stays', async () => {
    const path = join(folder, 'gateway.pem')
    copyFileSync(fixture('self-signed'), path)
    const { look, states } = bench({ files: [path, join(folder, 'empty.pem'), join(folder, 'none.pem')] })
    const { troubles } = await look()
    expect(troubles).toEqual([
      `${join(folder, 'empty.pem')} contains no certificate in PEM.`,
      `${join(folder, 'none.pem')} cannot be read (ENOENT); check the path and its permissions.`,
    ])
    expect([...states.keys()]).toEqual([path])
  })

  it('that are no longer configured are forgotten', async () => {
    const path = join(folder, 'gateway.pem')
    copyFileSync(fixture('self-signed'), path)
    const { look, states } = bench({ files: [path] })
    states.set('/gone.pem', { certificates: [], time: 1 })
    await look()
    expect([...states.keys()]).toEqual([path])
  })
})

withCommands('openssl').describe('certificates of TLS servers', () => {
  const folder = temporaryFolder({})
  const servers: Server[] = []
  let ours: Authority | undefined
  let theirs: Authority | undefined
  const authorities = () => {
    ours ??= makeAuthority(folder, 'ours')
    theirs ??= makeAuthority(folder, 'theirs')
    return { ours, theirs }
  }

  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  /** A server that shows what it is given, and takes no data of a client as well. */
  async function serve(pair: KeyPair) {
    const bytes: number[] = []
    const read = ({ certificateFile, keyFile }: KeyPair) => ({
      cert: readFileSync(certificateFile),
      key: readFileSync(keyFile),
    })
    const server = createServer(read(pair), socket => {
      socket.on('data', data => bytes.push(data.length)).on('error', () => undefined)
    })
    server.on('tlsClientError', () => undefined)
    servers.push(server.listen(0, '127.0.0.1'))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return { port, bytes, show: (other: KeyPair) => server.setSecureContext(read(other)) }
  }
  const endpoint = (port: number, serverName?: string) => ({
    host: '127.0.0.1',
    port,
    ...(serverName !== undefined && { serverName }),
    caFile: authorities().ours.certificateFile,
  })

  it('are read by a handshake without data, and trusted where they lead to the authority and have the name', async () => {
    const { port, bytes } = await serve(authorities().ours.sign('gateway', 30, 'serverAuth'))
    const { look } = bench({ endpoints: [endpoint(port, 'gateway')] })
    const { certificates, drifts, troubles } = await look()
    expect({ drifts, troubles, bytes }).toEqual({ drifts: [], troubles: [], bytes: [] })
    expect(certificates).toMatchObject([{ subject: 'CN=gateway', place: { name: `gateway@127.0.0.1:${port}` } }])
    const left = (certificates[0]?.expires ?? 0) - Date.now()
    expect(Math.round(left / 86_400_000)).toBe(30)
  })

  it('have another issuer, which the authority does not vouch for, after an interception', async () => {
    const { port, show } = await serve(authorities().ours.sign('gateway', 30, 'serverAuth'))
    const { look } = bench({ endpoints: [endpoint(port)] })
    await look()
    show(authorities().theirs.sign('gateway', 30, 'serverAuth'))
    expect((await look()).drifts).toMatchObject([
      { kind: 'certificate_issuer_changed', from: 'CN=ours', to: 'CN=theirs' },
      { kind: 'certificate_untrusted', from: 'trusted', to: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    ])
    expect((await look()).drifts).toEqual([])
  })

  it('that have expired are reported with their expiry and are no drift; their authority is the right one', async () => {
    const { port } = await serve(authorities().ours.sign('expired', -1, 'serverAuth'))
    const { certificates, drifts } = await bench({ endpoints: [endpoint(port)] }).look()
    expect(certificates[0]?.expires).toBeLessThan(Date.now())
    expect(drifts).toEqual([])
  })

  it('that are valid later only are reported once', async () => {
    const { port } = await serve(authorities().ours.sign('later', 30, 'serverAuth'))
    const { clock, look } = bench({ endpoints: [endpoint(port)] })
    // The handshake goes by the clock of the machine.
    clock.passed -= 86_400_000
    expect((await look()).drifts).toMatchObject([{ kind: 'certificate_not_yet_valid', from: 'unknown' }])
    expect((await look()).drifts).toEqual([])
  })

  it('of another name, or that vouch for themselves with a weak key, are untrusted and weak', async () => {
    const { port } = await serve(authorities().ours.sign('gateway', 30, 'serverAuth'))
    const named = await bench({ endpoints: [endpoint(port, 'elsewhere.example')] }).look()
    expect(named.drifts).toMatchObject([{ kind: 'certificate_untrusted', to: 'ERR_TLS_CERT_ALTNAME_INVALID' }])
    const certificateFile = join(folder, 'weak.pem')
    const keyFile = join(folder, 'weak.key')
    const made = ['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-days', '3', '-subj', '/CN=weak']
    execFileSync('openssl', [...made, '-keyout', keyFile, '-out', certificateFile], { stdio: 'ignore' })
    // A server with the defaults of OpenSSL refuses to show such a key.
    const server = createServer({
      cert: readFileSync(certificateFile),
      key: readFileSync(keyFile),
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    servers.push(server.listen(0, '127.0.0.1'))
    await once(server, 'listening')
    const weak = await bench({ endpoints: [endpoint((server.address() as AddressInfo).port)] }).look()
    expect(weak.drifts).toMatchObject([
      { kind: 'certificate_weak', to: 'RSA 1024' },
      { kind: 'certificate_untrusted', to: expect.stringMatching(/^[A-Z_]+$/) },
    ])
  })

  it('are not waited for longer than the timeout, and an end of the look is none of theirs', async () => {
    const silent = createTcpServer(socket => void socket.on('error', () => undefined))
    servers.push(silent.listen(0, '127.0.0.1'))
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const endpoints = [endpoint(port), endpoint(1)]
    const { troubles } = await bench({ endpoints, timeout: 200 }).look()
    expect(troubles).toEqual([
      '127.0.0.1:1 cannot be asked for its certificate (ECONNREFUSED).',
      `127.0.0.1:${port} did not answer within 0.2 s.`,
    ])
  })

  it('are all read at once where the source has many', async () => {
    const { port } = await serve(selfSigned(folder, 'many'))
    const endpoints = Array.from({ length: 40 }, (_, number) => endpoint(port, `name-${number}`))
    expect((await bench({ endpoints }).look()).certificates).toHaveLength(40)
  })
})
