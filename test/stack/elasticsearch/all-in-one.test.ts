import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { isObject } from '../../../core/json.ts'
import { devicePostures } from '../../../core/labels/devices.ts'
import { signals } from '../../../core/signals.ts'
import { dialects } from '../../../decoding/registry.ts'
import type { Fields } from '../../../decoding/toolkit/fields.ts'
import { setupCalls } from '../../../elastic/setup.ts'
import { names } from '../../../elastic/templates/names.ts'
import { deployment } from '../../decoding/deployment.ts'
import { deploymentByHand } from '../../decoding/deployment-by-hand.ts'
import { eventually } from '../servers/eventually.ts'
import type { Exposed } from './exposed.ts'
import { ObservedExporter } from './observed-exporter.ts'
import { OpenclawIndex } from './openclaw-index.ts'
import { plainServer } from './plain-server.ts'

type Counts = Readonly<Record<string, number>>

/** Before the first event, which is at noon. The last one is before one o'clock. */
const START = Date.parse('2026-11-30T10:58:00Z')
/** Documents are stamped so far ahead of the clock: it passes them when all of them can be searched. */
const UNTIL_READ_MS = 60_000
const UNTIL_ALL_IS_PAST_MS = 2.2 * 3_600_000

/** Streams of one gateway, which report the same events. */
const ofOneGateway = ['openclaw-file', 'openclaw-otel', 'security-event']
/** Each snapshot is of a gateway of its own: what another one had before does not matter. */
const ofManyGateways = ['openclaw-audit', 'openclaw-doctor']
/** An inventory is of a fleet, and of no gateway. */
const ofNoGateway = ['osquery', 'device-inventory']

function gatewayOf(dialect: string): string {
  if (ofOneGateway.includes(dialect)) return 'openclaw'
  return ofNoGateway.includes(dialect) ? 'unknown' : dialect
}

/** As its shipper stores it, with the gateway in the place that each shape has. */
function stored(dialect: string, number: number, document: Fields, ingested: number) {
  const [event, service] = [document.event, document.service].map(value => (isObject(value) ? value : {}))
  const own = { event: { ...event, ingested: new Date(ingested).toISOString() } }
  const id = `${dialect} ${number}`
  const instance = ofManyGateways.includes(dialect) ? id : gatewayOf(dialect)
  return { id, document: { ...document, ...own, service: { ...service, instance: { id: instance } } } }
}

/** What one exporter has read of one index with all of it. */
async function readAll(): Promise<Exposed> {
  const server = await plainServer()
  for (const { method, path, body } of setupCalls({ plain: true, roles: false })) {
    await server.client.transport.request({ method, path, ...(body && { body }) })
  }
  const name = names.pattern.replace('*', 'all')
  const index = new OpenclawIndex(server.client, `${name}-${randomUUID().slice(0, 8)}`)
  await server.client.indices.create({ index: index.name })
  const behind = START - Date.now()
  const clock = {
    ahead: 0,
    now: () => Date.now() + behind + clock.ahead,
    monotonic: () => performance.now() + clock.ahead,
  }
  const keys = { nodes: [server.url], index: [index.name], lag: '1500ms', max_skew: '1h' }
  const exporter = await new ObservedExporter(keys, clock).start()
  await exporter.ready()
  const ingested = clock.now() + UNTIL_READ_MS
  const documents = deployment.flatMap(({ dialect, documents }) =>
    documents.map((document, number) => ({ dialect, number, document })),
  )
  await index.put(
    documents.map(({ dialect, number, document }, place) => stored(dialect, number, document, ingested + place)),
  )
  // All at once, and in their order.
  await index.refresh()
  clock.ahead = UNTIL_READ_MS
  const { exposed } = exporter
  const read = () => (exposed.value('clawtrust_events_total') ?? 0) + (exposed.value('clawtrust_undecoded_total') ?? 0)
  await eventually('all is read', async () => read() >= documents.length || undefined)
  // Lone partners wait for a minute.
  clock.ahead = UNTIL_ALL_IS_PAST_MS
  const failures = deploymentByHand['openclaw-file']?.moves.auth_failures
  const settled = async () =>
    exposed.value('clawtrust_auth_failures_total', 'gateway="openclaw"') === failures || undefined
  await eventually('lone partners count', settled)
  await exporter.stop()
  await index.delete()
  await server.stop()
  return exposed
}

const signalsOfDialects = [...new Set(dialects.flatMap(dialect => dialect.signals))].toSorted()

/** By signal, of one gateway. */
function movedAt(exposed: Exposed, gateway: string): Counts {
  const label = ofManyGateways.includes(gateway) ? `gateway="${gateway} ` : `gateway="${gateway}"`
  const counts = signalsOfDialects.map(signal => [signal, exposed.value(signals[signal].metric, label) ?? 0] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

/** By signal, of all parts of one gateway. */
function byHandAt(gateway: string): Counts {
  const counts: Record<string, number> = {}
  for (const [dialect, { moves }] of Object.entries(deploymentByHand)) {
    if (gatewayOf(dialect) !== gateway) continue
    for (const [signal, count] of Object.entries(moves)) counts[signal] = (counts[signal] ?? 0) + count
  }
  return counts
}

describe('one index with the records of every dialect, in every form in which a shipper stores it', () => {
  let exposed: Exposed
  beforeAll(async () => {
    exposed = await readAll()
  }, 240_000)

  it.each(deployment)('$dialect is decoded whole', ({ dialect, documents }) => {
    const { records, notAuthoritative = 0 } = deploymentByHand[dialect] ?? { records: 0 }
    expect(documents).toHaveLength(records)
    expect(exposed.value('clawtrust_events_total', `decoder="${dialect}"`)).toBe(records - notAuthoritative)
  })

  it.each([...new Set(dialects.map(({ name }) => gatewayOf(name)))])('%s moves what was counted by hand', gateway => {
    expect(movedAt(exposed, gateway)).toEqual(byHandAt(gateway))
  })

  it('leaves nothing undecoded but what another stream of the same gateway counts', () => {
    const byReason = exposed.by('clawtrust_undecoded_total', 'reason')
    const given = Object.values(deploymentByHand).reduce((sum, { notAuthoritative = 0 }) => sum + notAuthoritative, 0)
    expect(Object.fromEntries(byReason)).toEqual({ not_authoritative: given })
  })

  it('counts no record twice, none late and none as of before the installation', () => {
    const others = ['duplicate_events', 'late_events', 'ahead_events', 'backfill_events', 'shared_minute_events']
    expect(others.map(name => [name, exposed.value(`clawtrust_${name}_total`)])).toEqual(others.map(name => [name, 0]))
    expect(exposed.falls).toEqual([])
  })

  it('counts the devices of inventories and of sign-ins by their posture', () => {
    const at = (gateway: string) =>
      devicePostures.map(posture =>
        exposed.value('clawtrust_devices', `gateway="${gateway}",trust_zone="management-api",posture="${posture}"`),
      )
    expect(at('entra-sign-in')).toEqual([1, 1, 0])
    expect(at('unknown')).toEqual([0, 1, 1])
  })
})
