import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '../servers/eventually.ts'
import { freePort, startProcess } from '../servers/process.ts'
import { Exposed } from './exposed.ts'
import { sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

const KILLS = 50
const main = fileURLToPath(new URL('../../../cli/main.ts', import.meta.url))

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe('an exporter that is killed while it reads Elasticsearch', () => {
  it(`counts the truth after ${KILLS} times kill -9 at random moments, and no exposed counter ever falls`, async () => {
    const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-kill-'))
    const address = `127.0.0.1:${await freePort()}`
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify(configuration(index.name, address)))
    const exposed = new Exposed()
    const look = async () => {
      const response = await fetch(`http://${address}/metrics`).catch(() => undefined)
      if (response?.ok) exposed.look(await response.text())
    }
    const run = () => startProcess(process.execPath, [main, 'exporter'], { cwd: folder })
    const isTrue = async () => {
      await look()
      return JSON.stringify(sorted(exposed.failures())) === JSON.stringify(sorted(index.truth)) || undefined
    }
    // Counting begins at the first start that is committed.
    const first = run()
    await eventually('it is ready', async () => (await fetch(`http://${address}/-/ready`)).ok || undefined, {
      by: first,
    })
    await index.write({ connections: 5 })
    await eventually('it counts', isTrue, { by: first })
    await first.stop()
    let seen = 0

    for (let kill = 0; kill < KILLS; kill++) {
      const exporter = run()
      await eventually('it answers', async () => (await fetch(`http://${address}/-/healthy`)).ok || undefined, {
        by: exporter,
      })
      const until = Date.now() + 200 + Math.random() * 900
      while (Date.now() < until) {
        await index.write({ connections: 1 + Math.floor(Math.random() * 40) })
        await look()
        await pause(Math.random() * 60)
      }
      process.kill(exporter.pid, 'SIGKILL')
      await eventually('it is gone', async () => exporter.hasEnded() || undefined)
      const now = exposed.value('clawtrust_events_total') ?? 0
      if (now > seen) seen = now
    }

    const last = run()
    await eventually('the counters equal the truth', isTrue).catch(() => undefined)
    await pause(2_000)
    await look()
    await last.stop()
    await index.delete()
    rmSync(folder, { recursive: true, force: true })

    expect(seen).toBeGreaterThan(0)
    expect(exposed.falls).toEqual([])
    expect(sorted(exposed.failures())).toEqual(sorted(index.truth))
  }, 300_000)
})

function configuration(index: string, address: string) {
  const source = {
    type: 'elasticsearch',
    name: 'logs',
    index: [index],
    nodes: [server.url],
    interval: '100ms',
    lag: '1s',
    overlap: '1s',
    reconcile_interval: '1s',
    page_size: 50,
  }
  return { exporter: { listen_address: address, state_dir: 'state', sources: [source] } }
}
