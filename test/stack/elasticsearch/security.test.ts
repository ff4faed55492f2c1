import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ObservedExporter, type SourceKeys, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { makeCertificates } from './servers/certificates.ts'
import { type Elasticsearch, startElasticsearch } from './servers/elasticsearch.ts'

let server: Elasticsearch
let index: OpenclawIndex
let folder: string
const running: ObservedExporter[] = []

beforeAll(async () => {
  server = await startElasticsearch({ secure: true })
  folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-keys-'))
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

async function exporterOf(keys: Partial<SourceKeys>): Promise<ObservedExporter> {
  const reached = { nodes: [server.url], ca_file: server.certificates?.caFile, index: [index.name] }
  const exporter = await new ObservedExporter({ ...reached, ...keys }).start()
  running.push(exporter)
  return exporter
}

describe('a server with security', () => {
  it('is read with an API key of the least privilege, own authority and fingerprint', async () => {
    const { encoded } = await readerKey()
    const exporter = await exporterOf({ api_key: encoded, ca_fingerprint: server.certificates?.fingerprint })
    await exporter.ready()
    await index.write({ connections: 100 })
    expect(await exporter.settlesAt(index.truth)).toEqual(sorted(index.truth))
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
    expect(await exporter.settlesAt(own.truth)).toEqual(sorted(own.truth))
    expect(exporter.exposed.falls).toEqual([])
    await exporter.stop()
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
    await exporter.settlesAt(own.truth)
    await role(['something-else'])
    await exporter.goesDown('grant their role read and view_index_metadata')
    await own.write({ connections: 50 })
    await role([own.name])
    await exporter.comesUp()
    expect(await exporter.settlesAt(own.truth)).toEqual(sorted(own.truth))
    expect(exporter.exposed.falls).toEqual([])
    await exporter.stop()
  }, 120_000)

  it.each([
    ['wrong credentials', { api_key: 'bm86bm8=' }, 'refuses the credentials'],
    ['a missing authority', { ca_file: undefined, api_key: 'bm86bm8=' }, 'is not trusted'],
    ['plain http to its port', { plain: true, api_key: 'bm86bm8=' }, 'must begin with https://'],
  ])(
    'gives one clear sentence for %s',
    async (_, { plain, ...keys }: Record<string, unknown>, words) => {
      const nodes = plain === true ? [server.url.replace('https', 'http')] : [server.url]
      const exporter = await exporterOf({ ...keys, nodes })
      const page = await exporter.goesDown(words)
      await exporter.stop()
      expect(page).not.toContain('bm86bm8=')
    },
    30_000,
  )

  it('is not trusted where another authority is configured, whatever the credentials', async () => {
    const other = await makeCertificates(folder)
    const exporter = await exporterOf({ ca_file: other.caFile, api_key: 'bm86bm8=' })
    await exporter.goesDown('is not trusted')
    await exporter.stop()
  }, 30_000)

  it('tells that a pattern without a privilege looks like no index', async () => {
    const { encoded } = await readerKey(['something-else'])
    const exporter = await exporterOf({ api_key: encoded, index: [`${index.name}*`] })
    await exporter.goesDown('no privilege on it')
    await exporter.stop()
  }, 30_000)
})
