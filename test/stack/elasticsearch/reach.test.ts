import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { names } from '../../../elastic/names.ts'
import { setupCalls } from '../../../elastic/setup.ts'
import { realLines, realSecurityEvents } from '../../decoding/fixtures.ts'
import { shapesOfConsoleLines, shapesOfLines } from '../../decoding/shapes.ts'
import { fileLogByHand } from '../../fixtures/openclaw/hand-count.ts'
import { clawtrust } from '../chain/clawtrust.ts'
import { eventually } from '../servers/eventually.ts'
import { ObservedExporter, sorted } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'

/** What only the second stream tells of. */
const onlyInSecurityEvents = {
  'auth_successes shared_secret': 10,
  'posture_drifts pairing_rejected low': 1,
  'posture_drifts security_audit medium': 1,
}

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

describe('one index with documents of every shape', () => {
  it('takes each line of a real log in each of them, and each is counted as the log by hand, no event twice', async () => {
    for (const { method, path, body } of setupCalls({ plain: true, roles: false })) {
      await server.client.transport.request({ method, path, ...(body && { body }) })
    }
    const index = new OpenclawIndex(
      server.client,
      `${names.pattern.replace('*', 'shapes')}-${randomUUID().slice(0, 8)}`,
    )
    await server.client.indices.create({ index: index.name })
    // Begins when the lines had just been written: what is older than the first start counts nowhere.
    const written = Date.parse(JSON.parse(realLines.at(-1) ?? '').time) - Date.now()
    const clock = {
      ahead: 0,
      now: () => Date.now() + written + clock.ahead,
      monotonic: () => performance.now() + clock.ahead,
    }
    // The index is made by the templates: what was written can be searched within a second.
    const keys = { nodes: [server.url], index: [index.name], lag: '1500ms', max_skew: '1h' }
    const exporter = await new ObservedExporter(keys, clock).start()
    await exporter.ready()
    const shapes = [...Object.entries(shapesOfLines), ...Object.entries(shapesOfConsoleLines)]
    const stored = (gateway: string, document: object) => {
      const event = { ...(document as { event?: object }).event, ingested: new Date(clock.now()).toISOString() }
      return { id: randomUUID(), document: { ...document, event, service: { instance: { id: gateway } } } }
    }
    for (const [number, [, wrap]] of shapes.entries()) {
      await index.put(realLines.map(line => stored(`shape ${number}`, wrap(line))))
    }
    // The first gateway tells of the same events by a second stream.
    await index.put(realSecurityEvents.map(line => stored('shape 0', JSON.parse(line))))
    const documents = shapes.length * realLines.length + realSecurityEvents.length
    const read = ({ exposed }: ObservedExporter) =>
      (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value('clawtrust_undecoded_total') ?? 0)
    await eventually('all is read', async () => read(exporter) >= documents || undefined)
    // Lone partners wait for a minute.
    clock.ahead = 120_000
    const failures = 'clawtrust_auth_failures_total'
    const lone = '"token_mismatch"'
    await eventually('lone partners count', async () => {
      return exporter.exposed.value(failures, lone) === 2 * shapes.length || undefined
    })
    const counted = shapes.map((_, number) => exporter.exposed.signals(`shape ${number}`))
    const notAuthoritative = exporter.exposed.value('clawtrust_undecoded_total', 'not_authoritative')
    await exporter.stop()
    await index.delete()

    expect(read(exporter)).toBe(documents)
    expect(counted[0]).toEqual({ ...fileLogByHand, ...onlyInSecurityEvents })
    for (const counts of counted.slice(1)) expect(counts).toEqual(fileLogByHand)
    expect(notAuthoritative).toBeGreaterThan(0)
  }, 90_000)
})

describe('an index whose mapping was left to the first line', () => {
  it('has refused lines of a real log, and the check says which', async () => {
    const index = `logs-dynamic-${randomUUID().slice(0, 8)}`
    const ingested = new Date().toISOString()
    const operations = realLines.flatMap(line => {
      return [{ create: { _index: index } }, { ...JSON.parse(line), event: { ingested } }]
    })
    const { items } = await server.client.bulk({ operations, refresh: true })
    const refused = realLines.filter((_, number) => items[number]?.create?.error !== undefined)
    const folder = mkdtempSync(join(tmpdir(), 'clawtrust-es-dynamic-'))
    const sources = [{ type: 'elasticsearch', name: 'logs', nodes: [server.url], index: [index] }]
    writeFileSync(join(folder, 'clawtrust.yml'), JSON.stringify({ exporter: { sources } }))
    const { code, output } = await clawtrust(folder, ['elastic', 'check'])
    rmSync(folder, { recursive: true })
    await server.client.indices.delete({ index })
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.some(line => line.includes('"cause":"unauthorized"'))).toBe(true)
    expect(output).toContain(`PROBLEM ${index} maps 1 as text and refuses every line with an object there`)
    expect(code).toBe(1)
  }, 30_000)
})

describe('two replicas', () => {
  it('agree on what both have read, and one that starts with nothing counts from now and takes the past into minutes', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const keys = { nodes: [server.url], index: [index.name] }
    const first = await new ObservedExporter(keys).start()
    await first.ready()
    await index.write({ connections: 200 })
    await first.settlesAt(index.truth)
    const before = new Map(index.truth)

    const second = await new ObservedExporter(keys).start()
    await second.ready()
    await eventually(
      'the history is read',
      async () => second.log.some(line => line.includes('history was read')) || undefined,
    )
    await index.write({ connections: 100 })
    const since = new Map([...index.truth].map(([reason, count]) => [reason, count - (before.get(reason) ?? 0)]))
    expect(await first.settlesAt(index.truth)).toEqual(sorted(index.truth))
    expect(await second.settlesAt(since)).toEqual(sorted(since))
    await pause(1_500)
    await first.stop()
    await second.stop()
    await index.delete()
    expect(second.failuresByMinute).toEqual(first.failuresByMinute)
  }, 90_000)
})
