import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { askedOnce } from '../../../compliance/evidence/asked-once.ts'
import { documentsEvidence } from '../../../compliance/evidence/documents.ts'
import { type ElasticsearchStore, elasticsearchStore } from '../../../compliance/evidence/elasticsearch-store.ts'
import { readCoverage } from '../../../compliance/evidence/read-coverage.ts'
import type { Reading } from '../../../compliance/evidence/reading.ts'
import { HOUR_MS } from '../../../core/clock.ts'
import { ClawtrustError } from '../../../core/errors.ts'
import { october } from '../../compliance/evidence/periods.ts'
import { type PlainServer, plainServer } from '../elasticsearch/plain-server.ts'
import {
  failures,
  HOSTILE_ID,
  MANY_USERS,
  SILENCE,
  seedDocuments,
  seededIndices,
  successes,
} from './seeded-documents.ts'

const signal = new AbortController().signal
const failed = { term: { 'event.outcome': 'failure' } }

describe('evidence from documents in Elasticsearch', () => {
  let server: PlainServer
  let store: ElasticsearchStore

  beforeAll(async () => {
    server = await plainServer()
    await seedDocuments(server.client)
    const connection = { nodes: [server.url], requestTimeout: 10_000 }
    store = elasticsearchStore({ connection, compatibility: 'auto', address: server.url })
  }, 180_000)

  afterAll(async () => {
    await store?.close()
    for (const index of [...Object.values(seededIndices), 'seeded-red'])
      await server?.client.indices.delete({ index, ignore_unavailable: true })
  })

  const read = (request: Readonly<Record<string, unknown>>): Promise<Reading> =>
    documentsEvidence.read(
      documentsEvidence.schema.parse({ from: 'documents', index: seededIndices.month, ...request }),
      { period: october, stores: askedOnce({ elasticsearch: store }), signal },
    )

  it('counts what is in the period, from its first to its last millisecond', async () => {
    const reading = await read({ query: failed })
    expect(reading).toMatchObject({ store: 'elasticsearch', address: server.url, index: seededIndices.month })
    expect([reading.value, reading.count]).toEqual([failures.length, failures.length])
    expect(reading.result).toMatchObject({
      among: successes.length + failures.length,
      count: 24,
      first: '2026-09-30T22:00:00.000Z',
      last: '2026-10-31T22:59:59.999Z',
    })
    expect(reading.newest).toBe(october.end - 1)
    // Of the silence of three days in UTC, two days are without a document in Berlin.
    const [start, end] = [Date.parse('2026-10-14T22:00:00Z'), Date.parse('2026-10-16T22:00:00Z')]
    expect(reading.gaps).toEqual([{ of: seededIndices.month, start, end, reason: 'it has no document of this time' }])
  })

  it('distributes it over the days of the time zone, with the day of 25 hours, and days without any document unknown', async () => {
    const { distribution = [] } = await read({ query: failed })
    const expected = Array.from({ length: 31 }, (): number | null => 0)
    Object.assign(expected, { 0: 1, 2: 20, 24: 2, 30: 1 })
    // The 14th in Berlin has two hours before the silence, and the 17th begins in it.
    Object.assign(expected, { 14: null, 15: null })
    expect(distribution.map(({ value }) => value)).toEqual(expected)
    expect(distribution[24]?.start).toBe(Date.parse('2026-10-24T22:00:00Z'))
    expect(distribution[25]?.start).toBe(Date.parse('2026-10-25T23:00:00Z'))
  })

  it('names the first five documents, the same each time, a hostile id as it is', async () => {
    const first = await read({ query: failed })
    expect(first.samples).toHaveLength(5)
    expect(first.samples?.[0]).toBe(HOSTILE_ID)
    for (let again = 0; again < 3; again++) expect((await read({ query: failed })).samples).toEqual(first.samples)
  })

  it('gives a share of the documents among which it is counted, by trust zone too', async () => {
    const reading = await read({ query: failed, measure: 'share', zone_field: 'labels.trust_zone' })
    const all = successes.length + failures.length
    expect(reading.value).toBeCloseTo((100 * failures.length) / all, 5)
    expect(reading.count).toBe(all)
    expect(reading.byZone?.['management-api']).toBe(100)
    expect(reading.byZone?.['agent-control']).toBeCloseTo((100 * 2) / (successes.length + 2), 5)
  })

  it('counts distinct values exactly where they are few, and says where it is an approximation', async () => {
    const few = await read({ query: failed, measure: 'distinct', field: 'user.name' })
    // Mallory, the hostile name, three users.
    expect([few.value, few.result]).toMatchObject([5, { distinct: { values: 5, isExact: true } }])
    const many = await read({ index: seededIndices.many, measure: 'distinct', field: 'user.name' })
    expect(many.result).toMatchObject({ distinct: { isExact: false } })
    expect(Math.abs((many.value ?? 0) - MANY_USERS)).toBeLessThan(MANY_USERS / 100)
  })

  it('is zero where a query finds nothing in an index with documents', async () => {
    const reading = await read({ query: { term: { 'user.name': 'not there' } } })
    expect([reading.value, reading.count]).toEqual([0, 0])
    expect(reading.newest).toBe(october.end - 1)
  })

  it.each([
    ['there is no such index', { index: 'seeded-none' }, 'there is no index seeded-none, or no privilege to read it'],
    [
      'no index matches the pattern',
      { index: 'seeded-none-*' },
      'there is no index seeded-none-*, or no privilege to read it',
    ],
    [
      'the index has no document of the period',
      { index: seededIndices.quiet },
      'seeded-quiet has no document of the period',
    ],
    [
      'nothing is there among which to count',
      { among: { term: { 'user.name': 'not there' } }, query: failed },
      'seeded-idp-2026.10 has no document of the period in which user.name is not there',
    ],
    [
      'a field of the query is not mapped',
      { query: { term: { 'event.outcom': 'failure' } } },
      'seeded-idp-2026.10 does not map event.outcom, so that nothing can match',
    ],
    [
      'the field of distinct values is not mapped',
      { measure: 'distinct', field: 'user.nam' },
      'seeded-idp-2026.10 does not map user.nam, so that nothing can match',
    ],
    [
      'the time is not mapped',
      { time_field: 'time' },
      'seeded-idp-2026.10 does not map time, so that nothing can match',
    ],
  ])('is unknown and not zero where %s', async (_, request, reason) => {
    const reading = await read({ measure: 'count', ...request })
    expect([reading.value, reading.newest, reading.result]).toEqual([null, null, null])
    expect(reading.gaps).toEqual([expect.objectContaining({ start: october.start, end: october.end, reason })])
  })

  it('finds a key of a flattened field', async () => {
    expect((await read({ query: { term: { 'extra.kind': 'failure' } } })).value).toBe(failures.length)
  })

  it('is a fault in own words where a shard fails, and no smaller number', async () => {
    const request = { index: `${seededIndices.month},${seededIndices.text}`, measure: 'distinct', field: 'user.name' }
    await expect(read(request)).rejects.toThrow(ClawtrustError)
  })

  it('has a gap of the whole period where an index of the pattern is closed, and none after it is opened', async () => {
    const { client } = server
    const closed = 'seeded-idp-2026.09'
    const index = 'seeded-idp-*'
    await client.indices.create({ index: closed, settings: { number_of_replicas: 0 } })
    expect((await read({ index, query: failed })).gaps).toHaveLength(1)
    await client.indices.close({ index: closed })
    const reading = await read({ index, query: failed })
    expect(reading.value).toBe(failures.length)
    const reason = `${closed} is closed and left out of every search; open it, delete it, or exclude it from the pattern`
    expect(reading.gaps?.[0]).toEqual({ of: index, start: october.start, end: october.end, reason })
    const indices = [{ index, timeField: '@timestamp', observers: ['proxy' as const], silence: 6 * HOUR_MS }]
    const stores = { elasticsearch: store }
    const coverage = await readCoverage({ period: october, stores, signal, expected: { sources: [], indices } })
    expect(coverage.sources).toMatchObject([{ share: null, gaps: [{ reason }, {}] }])
    expect((await read({ index: `${index},-${closed}`, query: failed })).gaps).toHaveLength(1)
    await client.indices.open({ index: closed })
    expect((await read({ index, query: failed })).gaps).toHaveLength(1)
    await client.indices.delete({ index: closed })
  })

  it('is a fault where an index of the pattern is red', async () => {
    const settings = { number_of_replicas: 0, 'index.routing.allocation.require._name': 'no such node' }
    await server.client.indices.create({ index: 'seeded-red', settings, wait_for_active_shards: 0 })
    const reading = read({ index: `${seededIndices.month},seeded-red`, query: failed })
    await expect(reading).rejects.toThrow(/^Elasticsearch at \S+ cannot search seeded-idp-2026.10,seeded-red now \(503/)
    await server.client.indices.delete({ index: 'seeded-red' })
  })

  it('fails at once for all searches after the cluster could not be reached', async () => {
    const gone = elasticsearchStore({
      connection: { nodes: ['http://127.0.0.1:1'], requestTimeout: 1_000 },
      compatibility: 'auto',
      address: 'http://127.0.0.1:1',
    })
    const failures = [gone.search('a', {}, signal), gone.search('b', {}, signal)].map(each => each.catch(String))
    const [first] = await Promise.all(failures)
    expect(first).toMatch(/http:\/\/127.0.0.1:1 cannot be reached \(ECONNREFUSED\)/)
    await expect(gone.search('c', {}, signal)).rejects.toThrow('cannot be reached')
    await gone.close()
  })

  it('covers an index but for the time in which it has no documents', async () => {
    const expected = {
      sources: [],
      indices: [seededIndices.month, seededIndices.quiet].map(index => ({
        index,
        timeField: '@timestamp',
        observers: ['identity-provider' as const],
        silence: 6 * HOUR_MS,
      })),
    }
    const coverage = await readCoverage({ period: october, stores: { elasticsearch: store }, signal, expected })
    const [month, quiet] = coverage.sources
    expect(month).toMatchObject({ source: seededIndices.month, observers: ['identity-provider'] })
    expect(month?.gaps).toEqual([
      { of: seededIndices.month, start: SILENCE[0], end: SILENCE[1], reason: 'it has no document of this time' },
    ])
    expect(month?.share).toBeCloseTo(1 - 72 / 745, 5)
    expect(quiet).toMatchObject({ share: 0, lastEvent: null })
    expect(quiet?.gaps).toEqual([expect.objectContaining({ start: october.start, end: october.end })])
  })
})
