import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { killedExporter } from './killed-exporter.ts'
import { sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const KILLS = 50

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe('an exporter that is killed while it reads Elasticsearch', () => {
  it(`counts the truth after ${KILLS} times kill -9 at random moments, and no exposed counter ever falls`, async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const exposed = await killedExporter(index, { nodes: [server.url], index: [index.name] }, KILLS)
    await index.delete()
    expect(exposed.value('clawtrust_events_total')).toBeGreaterThan(0)
    expect(exposed.falls).toEqual([])
    expect(sorted(exposed.failures())).toEqual(sorted(index.truth))
  }, 300_000)
})
