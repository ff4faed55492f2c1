import { describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { Batch } from '../../../../exporter/contracts/source.ts'
import { createElasticsearchSource } from '../../../../exporter/sources/elasticsearch/source.ts'
import type { Json } from '../../../../service/state/state.ts'
import { ModelIndex, type Stored } from './model-index.ts'

const NOON = Date.parse('2026-11-24T12:00:00Z')
const LAG = 10_000
const options = {
  name: 'logs',
  index: ['logs'],
  cursorField: 'event.ingested',
  fields: ['message'],
  wanted: [],
  documentMarks: [],
  pageSize: 100,
  slices: 1,
  interval: 5_000,
  lag: LAG,
  overlap: 10_000,
  horizon: HOUR_MS,
  reconcileInterval: MINUTE_MS,
  maxSkew: 5 * MINUTE_MS,
  history: 6 * HOUR_MS,
}

const newest: Stored = { id: 'newest', ingested: NOON - 1_000, found: NOON - 500 }
const old: Stored = { id: 'old', ingested: NOON - 3 * HOUR_MS, found: NOON - 3 * HOUR_MS }
/** Stored before the newest, in a shard that is refreshed after it. */
const hidden: Stored = { id: 'hidden', ingested: NOON - 2_000, found: NOON + LAG - 3_000 }

interface Told {
  readonly ids: readonly string[]
  /** Milliseconds. */
  readonly slept: number
  readonly cursor: ReadonlyMap<string, Json>
}

/** Reads the past beside a live reading that has begun at noon, and ends it in the sleep where that is wished. */
async function past(
  documents: readonly Stored[],
  { searchTakes = 0, endInSleep = false, cursor = new Map<string, Json>() } = {},
): Promise<Told> {
  const clock = { now: NOON }
  const end = new AbortController()
  const index = new ModelIndex(clock, documents)
  let slept = 0
  const source = createElasticsearchSource(options, {
    session: {
      asked: { index: ['logs'], address: 'http://es:9200' },
      connect: async () => index.client,
      check: async () => undefined,
    },
    clock: { now: () => clock.now, monotonic: () => clock.now },
    logger: { info: () => undefined, warn: () => undefined },
    random: () => 0,
    sleep: async ms => {
      if (endInSleep) return end.abort()
      slept += ms
      clock.now += ms
    },
  })
  const live = source.read({ cursor: new Map(), signal: end.signal })[Symbol.asyncIterator]()
  await live.next()
  index.onRequest = () => {
    clock.now += searchTakes
  }
  const batches: Batch[] = []
  for await (const batch of source.backfill?.({ cursor, signal: end.signal }) ?? []) batches.push(batch)
  end.abort()
  const changes = batches.flatMap(batch => batch.cursor.map(({ key, value }) => [key, value] as const))
  return { ids: batches.flatMap(({ records }) => records.map(({ id }) => id)).sort(), slept, cursor: new Map(changes) }
}

describe('the backfill of an index', () => {
  it('holds what was stored before counting began and could be found only after it', async () => {
    const { ids, slept } = await past([old, hidden, newest])
    expect(ids).toEqual(['hidden', 'newest', 'old'])
    expect(slept).toBeLessThanOrEqual(LAG)
  })

  it('is not held up where reading it took long enough', async () => {
    const { ids, slept } = await past([old, hidden, newest], { searchTakes: LAG })
    expect(ids).toEqual(['hidden', 'newest', 'old'])
    expect(slept).toBe(0)
  })

  it('ends at once where it is stopped while it waits, and is not reported as complete', async () => {
    const { ids, cursor } = await past([old, hidden, newest], { endInSleep: true })
    expect(ids).toEqual(['old'])
    expect((cursor.get('position') as { read: number }).read).toBeLessThan(newest.ingested)
  })

  it('that continues after a restart does not wait again', async () => {
    const { cursor } = await past([old, hidden, newest], { endInSleep: true })
    const waitedEnough = new Map([
      ...cursor,
      ['position', { ...(cursor.get('position') as object), since: NOON - LAG }],
    ])
    const { ids, slept } = await past([old, { ...hidden, found: NOON }, newest], {
      cursor: waitedEnough as Map<string, Json>,
    })
    expect(ids).toEqual(['hidden', 'newest'])
    expect(slept).toBe(0)
  })
})
