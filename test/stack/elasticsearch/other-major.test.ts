import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { Secret } from '../../../core/secret.ts'
import { names } from '../../../elastic/templates/names.ts'
import { readerRole } from '../../../elastic/templates/roles.ts'
import { connect } from '../../../service/elasticsearch/compatibility.ts'
import { clawtrust } from '../servers/clawtrust.ts'
import { killedExporter } from './killed-exporter.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type Elasticsearch, startElasticsearch } from './servers/elasticsearch.ts'
import { OTHER_MAJOR } from './servers/installation.ts'
import { javaFor, lackOfJava } from './servers/java.ts'

const KILLS = 5

/** What has to hold on every version, on one server with security; the other tests run on the version of the whole suite. */
function essentials(version: string): void {
  let server: Elasticsearch
  let folder: string
  let reached: Readonly<Record<string, unknown>>
  const index = () =>
    new OpenclawIndex(server.client, `logs-openclaw.gateway-test${Math.random().toString().slice(2, 8)}`)

  beforeAll(async () => {
    server = await startElasticsearch({ version, secure: true })
    folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-version-'))
    writeFileSync(join(folder, 'admin'), server.password)
    const { nodes, ca } = { nodes: [server.url], ca: server.certificates?.caFile }
    reached = { nodes, ca_file: ca, api_key_file: join(folder, 'key') }
    const source = { type: 'elasticsearch', name: 'logs', index: [names.pattern], ...reached }
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: { sources: [source] } }))
  }, 240_000)
  afterAll(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is spoken to in the version that it understands, found by a search', async () => {
    const { certificates, password, url } = server
    const connection = {
      nodes: [url],
      username: 'elastic',
      requestTimeout: 10_000,
      ...(certificates && { ca: certificates.ca }),
    }
    const client = await connect({ ...connection, password: new Secret(password) }, 'auto', ['*'])
    const { hits } = await client.search({ index: '*', query: { match_all: {} } })
    await client.close()
    expect(hits.hits).toEqual([])
  })

  it('is made ready by clawtrust elastic setup --plain, templates and roles', async () => {
    const admin = ['--username', 'elastic', '--password-file', join(folder, 'admin')]
    writeFileSync(join(folder, 'key'), 'not used yet')
    const { code, output } = await clawtrust(folder, ['elastic', 'setup', '--apply', '--plain', ...admin])
    expect(output).toContain(`PUT /_security/role/${names.readerRole}: ok`)
    expect(code).toBe(0)
  }, 60_000)

  it('is found right by clawtrust elastic check with an API key of the least privilege', async () => {
    const { encoded } = await server.client.security.createApiKey({
      name: 'reader',
      role_descriptors: { reader: structuredClone(readerRole) as never },
    })
    writeFileSync(join(folder, 'key'), `${encoded}\n`)
    await index().write({ connections: 10 })
    await server.client.indices.refresh({ index: names.pattern })
    const { code, output } = await clawtrust(folder, ['elastic', 'check'])
    expect(output).toContain('no mapping refuses lines of OpenClaw')
    expect(output).not.toContain('PROBLEM')
    expect(code).toBe(0)
  }, 60_000)

  it('is read exactly through restarts of the exporter, documents that come late and after an outage among them', async () => {
    const own = await index().create()
    const exporter = await new ObservedExporter({ index: [own.name], ...reached }).start()
    await exporter.ready()
    await own.write({ connections: 300 })
    await exporter.halt()
    await own.write({ connections: 200 })
    await exporter.start()
    for (const minutes of [2, 20]) {
      await own.write({ connections: 50, ingested: Date.now() - minutes * MINUTE_MS, eventTime: Date.now() })
    }
    await server.halt()
    await exporter.goesDown('cannot be reached')
    await server.resume()
    await own.write({ connections: 50 })
    await exporter.comesUp()
    const counted = await exporter.settlesAt(own)
    await exporter.stop()
    expect(counted).toEqual(sorted(own.truth))
    expect(exporter.exposed.falls).toEqual([])
    expect(exporter.skippedMinutes).toBe(0)
  }, 120_000)

  it(`is counted right after ${KILLS} times kill -9 of the exporter`, async () => {
    const own = await index().create()
    const { exposed, skippedMinutes } = await killedExporter(own, { index: [own.name], ...reached }, KILLS)
    expect(exposed.falls).toEqual([])
    expect(skippedMinutes).toBe(0)
    expect(sorted(exposed.failures())).toEqual(sorted(own.truth))
  }, 120_000)
}

const title = `Elasticsearch ${OTHER_MAJOR}`
if ((await javaFor(OTHER_MAJOR)) === undefined) {
  describe.skip(`${title} [skipped: ${lackOfJava(OTHER_MAJOR)}]`, () => essentials(OTHER_MAJOR))
} else {
  describe(title, () => essentials(OTHER_MAJOR))
}
