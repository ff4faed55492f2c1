import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MINUTE_MS } from '../../../core/clock.ts'
import { eventually } from '../servers/eventually.ts'
import { ObservedExporter, type SourceKeys, sorted } from './observed-exporter.ts'
import { OpenclawIndex, type Written } from './openclaw-index.ts'
import { type PlainServer, plainServer } from './plain-server.ts'
import { checked } from './said-of.ts'

let server: PlainServer
beforeAll(async () => {
  server = await plainServer()
}, 180_000)
afterAll(() => server.stop())

/** An exporter that has begun to read an index with one connection in it. */
async function reading(keys: Partial<SourceKeys> = {}) {
  const index = await new OpenclawIndex(server.client).create({ number_of_shards: 2 })
  const exporter = new ObservedExporter({ nodes: [server.url], index: [index.name], ...keys })
  await exporter.start()
  await exporter.ready()
  return { index, exporter }
}

const minuteOf = ({ document }: Written) =>
  Math.floor(Date.parse((document as { event: { ingested: string } }).event.ingested) / MINUTE_MS)

async function holdsTrue(index: OpenclawIndex, exporter: ObservedExporter) {
  const counted = await exporter.settlesAt(index)
  await exporter.stop()
  await index.delete()
  expect(counted).toEqual(sorted(index.truth))
  expect(exporter.exposed.falls).toEqual([])
  expect(exporter.skippedMinutes).toBe(0)
}

describe('documents in Elasticsearch', () => {
  it('count once each as they come, through restarts of the exporter', async () => {
    const { index, exporter } = await reading()
    for (let restart = 0; restart < 3; restart++) {
      await index.write({ connections: 500 })
      await pause(Math.random() * 1_500)
      await exporter.halt()
      await index.write({ connections: 200 })
      await exporter.start()
    }
    await holdsTrue(index, exporter)
  }, 90_000)

  it('count once each where a shipper was held up and they appear up to half an hour after their ingest time', async () => {
    const { index, exporter } = await reading()
    await index.write({ connections: 100 })
    for (const minutes of [1, 7, 30]) {
      // Of now: what happened before the first start counts nowhere.
      await index.write({ connections: 50, ingested: Date.now() - minutes * MINUTE_MS, eventTime: Date.now() })
      await index.write({ connections: 20 })
      await pause(700)
    }
    await holdsTrue(index, exporter)
  }, 60_000)

  it('count where all of a page, and of many pages, have the same ingest time', async () => {
    const { index, exporter } = await reading({ page_size: 10 })
    const same = Date.now()
    await index.write({ connections: 300, ingested: same })
    await index.write({ connections: 300, ingested: same })
    await holdsTrue(index, exporter)
  }, 60_000)

  it('count once where they are written twice, under the same id or into the next index of a rollover', async () => {
    const { index, exporter } = await reading()
    await index.delete()
    await index.create({}, `${index.name}-000001`)
    await index.create({}, `${index.name}-000002`)
    await index.create({}, `${index.name}-000003`)
    const other = new ObservedExporter({ nodes: [server.url], index: [`${index.name}-*`] })
    await other.start()
    await other.ready()
    const written = await index.write({ connections: 100, index: `${index.name}-000001` })
    await index.put(written, `${index.name}-000001`)
    await index.put(written, `${index.name}-000002`)
    // Indices are refreshed apart: a copy could be read before what it repeats.
    await other.reaches(index.truth)
    const again = written.slice(0, 80).map(({ id, document }, number) => {
      const ingested = new Date(Date.now() + (number < 40 ? 1_000 : MINUTE_MS)).toISOString()
      return { id, document: { ...document, event: { ingested } } }
    })
    await index.put(again, `${index.name}-000003`)
    await exporter.stop()
    // Those of the same minute are met before, and are nothing new.
    const elsewhere = again.filter((one, number) => minuteOf(one) !== minuteOf(written[number] as Written)).length
    const repeats = () => other.exposed.value('clawtrust_duplicate_events_total') ?? 0
    await eventually('those that came again are met', async () => repeats() >= elsewhere || undefined)
    await holdsTrue(index, other)
  }, 60_000)

  it('count from hosts whose clocks are ahead or behind by much', async () => {
    const { index, exporter } = await reading()
    for (let round = 0; round < 4; round++) {
      for (const minutes of [0, 2, 45, 24 * 60, -2, -40]) {
        const ingested = Date.now() + minutes * MINUTE_MS
        await index.write({ connections: 20, host: `gw${minutes}`, ingested, eventTime: Date.now() })
      }
      await pause(500)
    }
    await holdsTrue(index, exporter)
  }, 60_000)

  it('are reported where they have no ingest time, and count once when they are given one', async () => {
    const index = await new OpenclawIndex(server.client).create()
    const other = `${index.name}-2`
    await index.create({}, other)
    const source = { nodes: [server.url], index: [index.name, other] }
    const exporter = new ObservedExporter(source)
    await exporter.start()
    await exporter.ready()
    await index.write({ connections: 40 })
    const counts = new Map<string, number>()
    const documents = index.documents({ connections: 10 }, counts)
    const undated = documents.map(({ id, document: { event, ...document } }) => ({ id, document }))
    await index.put(undated.slice(0, 8))
    await index.put(undated.slice(8), other)
    const reported = () => exporter.exposed.value('clawtrust_source_undated_documents')
    await eventually('they are reported', async () => reported() === undated.length || undefined)
    const where = `${undated.length} documents without event.ingested are never read (8 in ${index.name}, ${undated.length - 8} in ${other})`
    const { check, code } = await checked(source)
    expect(check).toContain(`PROBLEM ${where}`)
    expect(code).toBe(1)
    expect(await exporter.page()).toContain(where)
    expect(exporter.log.join('').split('without event.ingested')).toHaveLength(2)
    expect(await exporter.settlesAt(index)).toEqual(sorted(index.truth))
    const given = documents.map(({ id, document }) => ({
      id,
      document: { ...document, event: { ingested: new Date().toISOString() } },
    }))
    await index.replace(given.slice(0, 8))
    await index.replace(given.slice(8), other)
    for (const [reason, count] of counts) index.truth.set(reason, (index.truth.get(reason) ?? 0) + count)
    await eventually('none is left', async () => reported() === 0 || undefined)
    await holdsTrue(index, exporter)
  }, 60_000)

  it('are reported, not counted, where they come after the horizon', async () => {
    const { index, exporter } = await reading({ horizon: '2m' })
    await index.write({ connections: 100 })
    await exporter.reaches(index.truth)
    const truth = new Map(index.truth)
    const late = await index.write({ connections: 50, ingested: Date.now() - 10 * MINUTE_MS })
    const beyond = () => exporter.exposed.value('clawtrust_beyond_overlap_total')
    await eventually('they are reported', async () => (beyond() ?? 0) >= late.length || undefined)
    const reported = beyond()
    const counted = sorted(exporter.exposed.failures())
    await exporter.stop()
    expect(reported).toBe(late.length)
    expect(counted).toEqual(sorted(truth))
  }, 90_000)
})
