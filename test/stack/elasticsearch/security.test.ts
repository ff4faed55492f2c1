import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { indexSender } from '../../../compliance/delivery/index-sender.ts'
import { elasticsearchStore } from '../../../compliance/evidence/elasticsearch-store.ts'
import { elasticsearchLease } from '../../../compliance/schedule/elasticsearch-lease.ts'
import { systemClock } from '../../../core/clock.ts'
import { names } from '../../../elastic/templates/names.ts'
import { createLogger } from '../../../service/log/logger.ts'
import { exampleReport } from '../../compliance/example-report.ts'
import { asReporter, statusOf } from '../compliance/reporter-role.ts'
import { ForgedServer } from './forged-server.ts'
import { ObservedExporter, type SourceKeys, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { checked, type Said, saidBy, saidOf } from './said-of.ts'
import { type Certificates, makeCertificates } from './servers/certificates.ts'
import { type Elasticsearch, startElasticsearch } from './servers/elasticsearch.ts'
import { Tunnel } from './tunnel.ts'

let server: Elasticsearch
let index: OpenclawIndex
let folder: string
let otherAuthority: string
const running: ObservedExporter[] = []

const WRONG_KEY = 'bm86bm8='
const withoutTls = { ca_file: undefined, client_cert_file: undefined, client_key_file: undefined }

beforeAll(async () => {
  server = await startElasticsearch({ secure: true, clientCertificates: true })
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-keys-'))
  otherAuthority = (await makeCertificates(mkdtempSync(join(folder, 'other-')))).caFile
  index = await new OpenclawIndex(server.client).create()
}, 240_000)
afterAll(async () => {
  await Promise.all(running.map(exporter => exporter.stop()))
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A key that may do what the documented role of a reader may, and nothing else. */
async function readerKey(names: readonly string[] = [index.name]) {
  const privileges = ['read', 'view_index_metadata'] as const
  const reader = { cluster: [], indices: [{ names: [...names], privileges: [...privileges] }] }
  return server.client.security.createApiKey({ name: 'reader', role_descriptors: { reader } })
}

/** Keys that lead to the server; credentials are still to be given. */
function reached() {
  const { caFile, certificateFile, keyFile } = server.certificates as Certificates
  const client = { client_cert_file: certificateFile, client_key_file: keyFile }
  return { nodes: [server.url], ca_file: caFile, ...client, index: [index.name] }
}

async function exporterOf(keys: Partial<SourceKeys>): Promise<ObservedExporter> {
  const exporter = await new ObservedExporter({ ...reached(), ...keys }).start()
  running.push(exporter)
  return exporter
}

describe('a server with security', () => {
  it('is read with an API key of the least privilege, own authority and fingerprint', async () => {
    const { encoded } = await readerKey()
    const exporter = await exporterOf({ api_key: encoded, ca_fingerprint: server.certificates?.fingerprint })
    await exporter.ready()
    await index.write({ connections: 100 })
    expect(await exporter.settlesAt(index)).toEqual(sorted(index.truth))
    await exporter.stop()
  }, 90_000)

  it('goes on with a new key from the same file when the old one is revoked, without a restart and without a loss', async () => {
    const file = join(folder, 'key')
    const old = await readerKey()
    writeFileSync(file, `${old.encoded}\n`)
    const own = await new OpenclawIndex(server.client).create()
    const both = await readerKey([own.name])
    writeFileSync(file, `${both.encoded}\n`)
    const exporter = await exporterOf({ api_key_file: file, index: [own.name] })
    await exporter.ready()
    await own.write({ connections: 50 })
    await server.client.security.invalidateApiKey({ ids: [both.id] })
    await exporter.goesDown('refuses the credentials')
    await own.write({ connections: 50 })
    writeFileSync(file, `${(await readerKey([own.name])).encoded}\n`)
    await exporter.comesUp()
    expect(await exporter.settlesAt(own)).toEqual(sorted(own.truth))
    expect(exporter.exposed.falls).toEqual([])
    await exporter.stop()
    expect(exporter.skippedMinutes).toBe(0)
  }, 120_000)

  it('says so when privileges are taken away, and counts what came meanwhile when they are given back', async () => {
    const own = await new OpenclawIndex(server.client).create()
    const role = (names: string[]) =>
      server.client.security.putRole({
        name: 'watcher',
        indices: [{ names, privileges: ['read', 'view_index_metadata'] }],
      })
    await role([own.name])
    await server.client.security.putUser({ username: 'watcher', password: 'watching-1', roles: ['watcher'] })
    const exporter = await exporterOf({ username: 'watcher', password: 'watching-1', index: [own.name] })
    await exporter.ready()
    await own.write({ connections: 50 })
    await exporter.reaches(own.truth)
    await role(['something-else'])
    await exporter.goesDown('grant their role read and view_index_metadata')
    await own.write({ connections: 50 })
    await role([own.name])
    await exporter.comesUp()
    expect(await exporter.settlesAt(own)).toEqual(sorted(own.truth))
    expect(exporter.exposed.falls).toEqual([])
    await exporter.stop()
    expect(exporter.skippedMinutes).toBe(0)
  }, 120_000)

  it('is not sent credentials where it is forged: another key, the same name, the genuine authority appended', async () => {
    const forged = await ForgedServer.start(server.certificates as Certificates, mkdtempSync(join(folder, 'forged-')))
    const exporter = await exporterOf({
      nodes: [forged.url],
      api_key: WRONG_KEY,
      ca_fingerprint: server.certificates?.fingerprint,
    })
    await exporter.goesDown('is not trusted')
    await exporter.stop()
    await forged.stop()
    expect(forged.credentials).toEqual([])
  }, 60_000)

  it('is reached by the cloud ID of a deployment', async () => {
    const own = await new OpenclawIndex(server.client).create()
    const { encoded } = await readerKey([own.name])
    // The name of the Elasticsearch and the host behind it, joined by a dot, are the address: here 127.0.0.1.
    const cloud_id = `test:${btoa(`0.0.1:${new URL(server.url).port}$127$none`)}`
    const exporter = await exporterOf({ cloud_id, nodes: undefined, api_key: encoded, index: [own.name] })
    await exporter.ready()
    await own.write({ connections: 20 })
    const counted = await exporter.settlesAt(own)
    await exporter.stop()
    expect(counted).toEqual(sorted(own.truth))
  }, 60_000)
})

describe('a server behind a proxy', () => {
  let tunnel: Tunnel
  let proxy: string
  beforeAll(async () => {
    tunnel = new Tunnel({ 'elasticsearch.test:9200': new URL(server.url).host })
    proxy = await tunnel.start()
  })
  afterAll(() => tunnel.stop())

  it('is read whole, by a name that only the proxy knows, its certificate checked end to end', async () => {
    const own = await new OpenclawIndex(server.client).create()
    const { encoded } = await readerKey([own.name])
    const nodes = ['https://elasticsearch.test:9200']
    const exporter = await exporterOf({ nodes, proxy, api_key: encoded, index: [own.name] })
    await exporter.ready()
    await own.write({ connections: 100 })
    expect(await exporter.settlesAt(own)).toEqual(sorted(own.truth))
    expect(new Set(tunnel.asked)).toEqual(new Set(['elasticsearch.test:9200']))
    await exporter.stop()
  }, 60_000)

  it('is down with a sentence where the proxy refuses, or is not there', async () => {
    tunnel.refusal = 403
    const nodes = ['https://elasticsearch.test:9200']
    const refused = await exporterOf({ nodes, proxy, api_key: WRONG_KEY })
    await refused.goesDown('the proxy for https://elasticsearch.test:9200 does not connect to it (403)')
    await refused.stop()
    tunnel.refusal = undefined
    const gone = await exporterOf({ nodes, proxy: 'http://127.0.0.1:1', api_key: WRONG_KEY })
    await gone.goesDown('cannot be reached')
    await gone.stop()
  }, 60_000)

  it('is read with the user and password that the proxy wants, the password of a file, also when it is changed', async () => {
    const own = await new OpenclawIndex(server.client).create()
    const { encoded } = await readerKey([own.name])
    const file = join(folder, 'proxy-password')
    writeFileSync(file, 'first: pass/word%41\n')
    tunnel.admitted = 'clawtrust@example:first: pass/word%41'
    const behind = { nodes: ['https://elasticsearch.test:9200'], proxy, proxy_username: 'clawtrust@example' }
    const exporter = await exporterOf({
      ...behind,
      proxy_password_file: file,
      api_key: encoded,
      index: [own.name],
    })
    await exporter.ready()
    await own.write({ connections: 50 })
    await exporter.reaches(own.truth)
    tunnel.admitted = 'clawtrust@example:second'
    tunnel.cut()
    await exporter.goesDown('refuses the credentials (407); check proxy_username and proxy_password')
    await own.write({ connections: 50 })
    writeFileSync(file, 'second')
    await exporter.comesUp()
    expect(await exporter.settlesAt(own)).toEqual(sorted(own.truth))
    await exporter.stop()
    expect(exporter.exposed.falls).toEqual([])
    expect(exporter.skippedMinutes).toBe(0)

    const wrong = { ...reached(), ...behind, proxy_password: 'never-shown-9', api_key: encoded, index: [own.name] }
    const words = 'the proxy for https://elasticsearch.test:9200 refuses the credentials (407)'
    const { log, page, check, code } = await saidOf(wrong, words)
    tunnel.admitted = undefined
    expect(log).toContain(words)
    expect(check).toContain(words)
    expect(code).toBe(1)
    const secrets = ['never-shown-9', Buffer.from('clawtrust@example:never-shown-9').toString('base64')]
    for (const secret of secrets) expect(log + page + check + exporter.log.join('')).not.toContain(secret)
  }, 90_000)
})

describe('clawtrust elastic check, of a real server with security', () => {
  it('finds with the least privilege whether the clocks are right, and a closed index', async () => {
    const own = await new OpenclawIndex(server.client).create()
    await own.write({ connections: 3 })
    await own.refresh()
    const closed = await new OpenclawIndex(server.client, `${own.name}-closed`).create()
    await server.client.indices.close({ index: closed.name })
    const { encoded } = await readerKey([`${own.name}*`])
    const { check, code } = await checked({ ...reached(), api_key: encoded, index: [`${own.name}*`] })
    await own.delete()
    await closed.delete()
    expect(check).toContain('ok      the clocks of Elasticsearch and this machine agree within a minute')
    expect(check).toContain(`note    ${closed.name} is closed`)
    expect(code).toBe(0)
  }, 60_000)
})

describe('the role of reports', () => {
  it('is enough to hold the lease and to add a report, also for the first time, and for nothing else', async () => {
    const logger = createLogger({ destination: { write: () => true } })
    const report = exampleReport()
    await asReporter(server, async client => {
      const lease = { client, index: 'clawtrust-lease', id: 'reports-month', holder: 'one', clock: systemClock, logger }
      const held = await elasticsearchLease(lease)()
      expect(held).toBeDefined()
      await held?.release(['2026-11'])
      const next = await elasticsearchLease({ ...lease, holder: 'two' })()
      expect(next?.reported).toEqual(['2026-11'])
      await next?.release([])
      const parcel = { report, manifest: 'a'.repeat(64), files: async () => [] }
      const send = () => indexSender(client, 'clawtrust-reports')(parcel, {} as never, new AbortController().signal)
      expect(await send()).toMatchObject({ ok: true })
      expect(await send()).toMatchObject({ ok: true })
      const id = report.id
      const refused = [
        client.delete({ index: 'clawtrust-reports', id }),
        client.index({ index: 'clawtrust-reports', id, document: { changed: true } }),
        client.index({ index: index.name, document: { forged: true } }),
        client.indices.delete({ index: 'clawtrust-lease' }),
      ]
      expect(await Promise.all(refused.map(statusOf))).toEqual([403, 403, 403, 403])
    })
    await server.client.indices.delete({ index: ['clawtrust-lease', 'clawtrust-reports'] })
  }, 60_000)

  it('shows that a search leaves out what it may not read, and nothing else', async () => {
    const { signal } = new AbortController()
    await asReporter(server, async (_, connection) => {
      const store = elasticsearchStore({ connection, compatibility: 'auto', address: server.url })
      expect(await store.unsearched?.(names.pattern, signal)).toEqual([])
      expect(await store.unsearched?.(`${names.pattern},logs-*`, signal)).toEqual([
        expect.stringMatching(/^the credentials may not read all of logs-\*; /),
      ])
      await store.close()
    })
  })
})

describe('a source that a server with security refuses', () => {
  const cases: readonly [string, () => object, string][] = [
    [
      'wrong credentials',
      () => ({ api_key: WRONG_KEY }),
      'refuses the credentials; check api_key or username and password',
    ],
    ['a missing authority', () => ({ ca_file: undefined, api_key: WRONG_KEY }), 'is not trusted'],
    ['another authority', () => ({ ca_file: otherAuthority, api_key: WRONG_KEY }), 'is not trusted'],
    [
      'another fingerprint',
      () => ({ ca_fingerprint: `${'AA:'.repeat(31)}AA`, api_key: WRONG_KEY }),
      'the authority that signed it does not have the fingerprint in ca_fingerprint',
    ],
    ['no credentials', () => ({}), 'requires credentials, and none are configured'],
    [
      'a missing client certificate',
      () => ({ client_cert_file: undefined, client_key_file: undefined, api_key: WRONG_KEY }),
      'if it requires a client certificate, set client_cert_file and client_key_file',
    ],
    [
      'plain http to its port',
      () => ({ nodes: [server.url.replace('https', 'http')], ...withoutTls, api_key: WRONG_KEY }),
      'must start with https://',
    ],
  ]

  // All at once: each mostly waits until its source is down.
  let all: readonly PromiseSettledResult<Said>[] = []
  beforeAll(async () => {
    all = await Promise.allSettled(cases.map(([, keys, words]) => saidOf({ ...reached(), ...keys() }, words)))
  }, 90_000)

  it.each(cases.map(([name, , words], number) => [name, words, number] as const))(
    'gives one clear sentence for %s: in the log, on the page and from the check',
    (_, words, number) => {
      const { log, page, check, code } = saidBy(all[number])
      expect(log).toContain(words)
      expect(check).toContain(words)
      expect(code).toBe(1)
      expect(log + page + check).not.toContain(WRONG_KEY)
    },
  )

  it('is told that a pattern without a privilege looks like no index', async () => {
    const { encoded } = await readerKey(['something-else'])
    const said = await saidOf({ ...reached(), api_key: encoded, index: [`${index.name}*`] }, 'no privilege on it')
    expect(said.log).toContain('no privilege on it')
    expect(said.check).toContain('read and view_index_metadata is missing')
    expect(said.code).toBe(1)
  }, 60_000)
})
