import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, it } from '@jest/globals'
import { withCommands } from '../../requirements.ts'
import {
  get,
  makeCertificate,
  openConnection,
  startService,
  stopAll,
  temporaryFolder,
  tlsGet,
  writeWebConfig,
} from './fixtures.ts'

afterEach(stopAll)

const tls = (more = '') => `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n${more}`
const certified = (san: string) =>
  tls(
    `  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: alice.crt\n  client_allowed_sans: ["${san}"]\n`,
  )

withCommands('openssl').describe('TLS', () => {
  let folder = ''
  const client = (name: string) => ({
    cert: readFileSync(join(folder, `${name}.crt`)),
    key: readFileSync(join(folder, `${name}.key`)),
  })

  beforeAll(() => {
    folder = temporaryFolder()
    makeCertificate(folder, 'server')
    makeCertificate(folder, 'renewed')
    makeCertificate(folder, 'alice', 'URI:spiffe://example/alice')
    makeCertificate(folder, 'mallory', 'URI:spiffe://example/alice')
  })

  it('serves, and not below the configured version', async () => {
    const { url } = await startService({ webConfigFile: writeWebConfig(folder, tls('  min_version: TLS13\n')) })
    expect(url).toMatch(/^https:/)
    expect(await tlsGet(`${url}-/healthy`)).toEqual({ status: 200, body: 'Healthy.\n', server: 'server' })
    await expect(tlsGet(url, { maxVersion: 'TLSv1.2' })).rejects.toThrow()
  })

  it('gives new connections a certificate that was renewed, once key and certificate fit', async () => {
    const own = temporaryFolder()
    for (const kind of ['crt', 'key']) copyFileSync(join(folder, `server.${kind}`), join(own, `server.${kind}`))
    const { url, service } = await startService({ webConfigFile: writeWebConfig(own, tls()) })
    copyFileSync(join(folder, 'renewed.crt'), join(own, 'server.crt'))
    await expect(service.reload()).rejects.toThrow('do not match')
    expect((await tlsGet(url)).server).toBe('server')
    copyFileSync(join(folder, 'renewed.key'), join(own, 'server.key'))
    await service.reload()
    expect((await tlsGet(url)).server).toBe('renewed')
  })

  it('lets in only certificates of the authority with an allowed name', async () => {
    const file = writeWebConfig(folder, certified('spiffe://example/alice'))
    const { url, service, log } = await startService({ webConfigFile: file, listen: { host: '0.0.0.0', port: 0 } })
    expect((await tlsGet(url, client('alice'))).status).toBe(200)
    await expect(tlsGet(url)).rejects.toThrow()
    await expect(tlsGet(url, client('mallory'))).rejects.toThrow()
    expect(log.join('')).toContain('no client certificate was presented')
    expect(log.join('')).toContain('the client certificate is not signed by a trusted authority')
    writeFileSync(file, certified('spiffe://example/bob'))
    await service.reload()
    await expect(tlsGet(url, client('alice'))).rejects.toThrow()
  })

  it('takes the rights of a revoked certificate away on open connections and sessions, at the reload', async () => {
    const own = temporaryFolder()
    for (const file of ['server.crt', 'server.key', 'alice.crt']) copyFileSync(join(folder, file), join(own, file))
    const file = writeWebConfig(own, certified('spiffe://example/alice'))
    let asked = 0
    const release = Promise.withResolvers<void>()
    const { url, service } = await startService({
      webConfigFile: file,
      routes: app => {
        app.get('/api/v1/explain', async () => release.promise.then(() => 'slow\n'))
        app.get('/api/v1/sources', async () => {
          asked += 1
          return 'counted\n'
        })
      },
    })
    const known = client('alice')
    const [idle, busy] = [await openConnection(url, known), await openConnection(url, known)]
    idle.socket.write(get('/api/v1/sources'))
    await idle.received('counted')
    busy.socket.write(get('/api/v1/explain'))
    await busy.sessionIsKnown
    copyFileSync(join(folder, 'mallory.crt'), join(own, 'alice.crt'))
    await service.reload()
    await idle.ended
    busy.socket.write(get('/api/v1/sources'))
    release.resolve()
    await busy.ended
    expect(asked).toBe(1)
    const resumed = await openConnection(url, { ...known, session: busy.session() })
    expect(resumed.socket.isSessionReused()).toBe(false)
    resumed.socket.write(get('/api/v1/sources'))
    await resumed.ended
    expect(asked).toBe(1)
    expect((await tlsGet(url, client('mallory'))).status).toBe(200)
  })

  it('keeps open connections at a reload where no client shows a certificate', async () => {
    const own = temporaryFolder()
    for (const file of ['server.crt', 'server.key']) copyFileSync(join(folder, file), join(own, file))
    const file = writeWebConfig(own, tls())
    const { url, service } = await startService({ webConfigFile: file })
    const open = await openConnection(url, {})
    writeFileSync(file, tls('  min_version: TLS12\n'))
    await service.reload()
    open.socket.write(get('/-/healthy'))
    await open.received('Healthy.')
    open.socket.destroy()
  })

  it('refuses what a listening socket cannot change, and says so', async () => {
    const file = writeWebConfig(folder, tls())
    const { service } = await startService({ webConfigFile: file })
    writeFileSync(file, '{}\n')
    await expect(service.reload()).rejects.toThrow('turning TLS on or off requires a restart')
    writeFileSync(file, certified('spiffe://example/alice'))
    await expect(service.reload()).rejects.toThrow('client_auth_type to or from NoClientCert requires a restart')
  })

  it('says which file cannot be read', async () => {
    const file = writeWebConfig(temporaryFolder(), tls())
    await expect(startService({ webConfigFile: file })).rejects.toThrow(/server\.crt, cert_file of .*\(ENOENT\)/)
  })
})
