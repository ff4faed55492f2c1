import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setupCalls } from '../../../elastic/setup.ts'
import { names } from '../../../elastic/templates/names.ts'
import { realLines, realSecurityEvents, syntheticSecurityEvents } from '../../decoding/fixtures.ts'
import { securityEventForms } from '../../decoding/security-event-forms.ts'
import { shapesOfConsoleLines, shapesOfLines } from '../../decoding/shapes.ts'
import { fileLogByHand } from '../../fixtures/openclaw/hand-count.ts'
import { clawtrust } from '../servers/clawtrust.ts'
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

/** Lays out a line of a log as a document. */
type Lay = (line: string) => object

/** What the lines of a real log count in each of these shapes, by the gateway `shape N`; a second stream comes with the first. */
async function countIn(shapes: readonly Lay[], source: object, expected: { readonly counting: number }) {
  for (const { method, path, body } of setupCalls({ plain: true, roles: false })) {
    await server.client.transport.request({ method, path, ...(body && { body }) })
  }
  const index = new OpenclawIndex(server.client, `${names.pattern.replace('*', 'shapes')}-${randomUUID().slice(0, 8)}`)
  await server.client.indices.create({ index: index.name })
  // Begins when the lines had just been written: what is older than the first start counts nowhere.
  const written = Date.parse(JSON.parse(realLines.at(-1) ?? '').time) - Date.now()
  const clock = {
    ahead: 0,
    now: () => Date.now() + written + clock.ahead,
    monotonic: () => performance.now() + clock.ahead,
  }
  // The index is made by the templates: what was written can be searched within a second.
  const keys = { nodes: [server.url], index: [index.name], lag: '1500ms', max_skew: '1h', ...source }
  const exporter = await new ObservedExporter(keys, clock).start()
  await exporter.ready()
  const stored = (gateway: string, document: object) => {
    const event = { ...(document as { event?: object }).event, ingested: new Date(clock.now()).toISOString() }
    return { id: randomUUID(), document: { ...document, event, service: { instance: { id: gateway } } } }
  }
  for (const [number, lay] of shapes.entries()) {
    await index.put(realLines.map(line => stored(`shape ${number}`, lay(line))))
  }
  // The first gateway tells of the same events by a second stream.
  await index.put(realSecurityEvents.map(line => stored('shape 0', JSON.parse(line))))
  const documents = shapes.length * realLines.length + realSecurityEvents.length
  const read = ({ exposed }: ObservedExporter) =>
    (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value('clawtrust_undecoded_total') ?? 0)
  await eventually('all is read', async () => read(exporter) >= documents || undefined)
  // Lone partners wait for a minute.
  clock.ahead = 120_000
  const { exposed } = exporter
  await eventually('lone partners count', async () => {
    return exposed.value('clawtrust_auth_failures_total', '"token_mismatch"') === 2 * expected.counting || undefined
  })
  await exporter.stop()
  await index.delete()
  expect(read(exporter)).toBe(documents)
  return { exposed, counted: shapes.map((_, number) => exposed.signals(`shape ${number}`)) }
}

const undecoded = 'clawtrust_undecoded_total'

describe('one index with documents of every shape', () => {
  it('takes each line of a real log in each of them, and each is counted as the log by hand, no event twice', async () => {
    const shapes = [...Object.values(shapesOfLines), ...Object.values(shapesOfConsoleLines)]
    const { exposed, counted } = await countIn(shapes, {}, { counting: shapes.length })
    expect(counted[0]).toEqual({ ...fileLogByHand, ...onlyInSecurityEvents })
    for (const counts of counted.slice(1)) expect(counts).toEqual(fileLogByHand)
    expect(exposed.value(undecoded, 'not_authoritative')).toBeGreaterThan(0)
    expect(exposed.value(undecoded, 'unknown_envelope')).toBeUndefined()
  }, 90_000)

  it('counts nothing of records in fields of no known envelope, and says how many documents that were', async () => {
    const forged: readonly Lay[] = [
      line => ({ message: line }),
      line => ({ log: line, agent: { type: 'filebeat' }, input: { type: 'filestream' } }),
      line => ({ body: { text: line } }),
      line => ({ openclaw: JSON.parse(line), attributes: JSON.parse(line) }),
    ]
    const { exposed, counted } = await countIn([line => JSON.parse(line), ...forged], {}, { counting: 1 })
    expect(counted).toEqual([{ ...fileLogByHand, ...onlyInSecurityEvents }, ...forged.map(() => ({}))])
    expect(exposed.value(undecoded, 'unknown_envelope')).toBe(forged.length * realLines.length)
  }, 90_000)

  it('is read by the field that the source names', async () => {
    const shapes: readonly Lay[] = [line => ({ shipped: { line } }), line => ({ message: line })]
    const { exposed, counted } = await countIn(shapes, { envelope: { raw: 'shipped.line' } }, { counting: 1 })
    expect(counted).toEqual([{ ...fileLogByHand, ...onlyInSecurityEvents }, {}])
    expect(exposed.value(undecoded, 'unknown_envelope')).toBe(realLines.length)
  }, 90_000)
})

/** By hand: what the events of both fixtures move where the file log is authoritative for failures and devices. */
const securityEventsByHand = {
  ...onlyInSecurityEvents,
  'approvals asked': 7,
  'approvals granted': 2,
  'approvals automatic': 3,
  'approvals denied': 4,
  'approvals expired': 2,
  'policy_decisions openclaw-tools tool_loop deny': 1,
  'policy_decisions openclaw-tools voice_confirmation deny': 1,
  'policy_decisions openclaw-plugins code_scan deny': 1,
  'posture_drifts plugin_installed medium': 1,
  'posture_drifts plugin_updated medium': 1,
}

describe('one index with the security.event stream in every form', () => {
  it('counts each event once by its id, though each is there twice', async () => {
    for (const { method, path, body } of setupCalls({ plain: true, roles: false })) {
      await server.client.transport.request({ method, path, ...(body && { body }) })
    }
    const name = `${names.pattern.replace('*', 'security')}-${randomUUID().slice(0, 8)}`
    const index = new OpenclawIndex(server.client, name)
    await server.client.indices.create({ index: index.name })
    const events = [
      ...realSecurityEvents.map(line => JSON.parse(line).event),
      ...syntheticSecurityEvents.map(line => JSON.parse(line)),
    ]
    const written = Math.max(...events.map(({ ts }) => Number(ts))) - Date.now()
    const clock = { now: () => Date.now() + written, monotonic: () => performance.now() }
    const keys = { nodes: [server.url], index: [index.name], lag: '1500ms', max_skew: '1h' }
    const exporter = await new ObservedExporter(keys, clock).start()
    await exporter.ready()
    const forms = Object.entries(securityEventForms)
    for (const copy of ['first', 'second']) {
      for (const [form, layOut] of forms) {
        await index.put(
          events.map(event => {
            const document = layOut(event)
            const ingested = {
              ...(document as { event?: object }).event,
              ingested: new Date(clock.now()).toISOString(),
            }
            return {
              id: `${copy} ${form} ${event.eventId}`,
              document: { ...document, event: ingested, service: { instance: { id: form } } },
            }
          }),
        )
      }
    }
    const { exposed } = exporter
    const read = () => (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value(undecoded) ?? 0)
    await eventually('all is read', async () => read() >= 2 * forms.length * events.length || undefined)
    await exporter.stop()
    await index.delete()
    for (const [form] of forms) expect([form, exposed.signals(form)]).toEqual([form, securityEventsByHand])
    expect(exposed.value('clawtrust_self_approvals_total', 'subject="device"')).toBe(forms.length)
    expect(exposed.value(undecoded, 'unknown_template')).toBeUndefined()
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
    expect(output).toContain(`PROBLEM ${index} maps 1 as text and refuses every line with an object in it`)
    expect(code).toBe(1)
  }, 60_000)
})

describe('two replicas', () => {
  it('agree on what both have read, and one that starts with nothing counts from now and takes the past into minutes', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const keys = { nodes: [server.url], index: [index.name] }
    const first = await new ObservedExporter(keys).start()
    await first.ready()
    await index.write({ connections: 200 })
    await first.reaches(index.truth)
    const before = new Map(index.truth)

    const second = await new ObservedExporter(keys).start()
    await second.ready()
    await eventually(
      'the history is read',
      async () => second.log.some(line => line.includes('Backfill finished')) || undefined,
    )
    await index.write({ connections: 100 })
    const since = new Map([...index.truth].map(([reason, count]) => [reason, count - (before.get(reason) ?? 0)]))
    expect(await first.settlesAt(index)).toEqual(sorted(index.truth))
    expect(await second.settlesAt(index, since)).toEqual(sorted(since))
    await first.stop()
    await second.stop()
    await index.delete()
    expect(second.failuresByMinute).toEqual(first.failuresByMinute)
  }, 90_000)
})
