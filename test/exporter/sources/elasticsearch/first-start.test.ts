import { describe, expect, it } from '@jest/globals'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import type { Batch } from '../../../../exporter/contracts/source.ts'
import { createElasticsearchSource } from '../../../../exporter/sources/elasticsearch/source.ts'
import { noIndex } from '../../../../service/elasticsearch/cursor-field.ts'
import type { Json } from '../../../../service/state/state.ts'
import { NOON, options } from './model-exporter.ts'
import { ModelIndex, type Stored } from './model-index.ts'

const { maxSkew, lag } = options

interface Told {
  readonly id: string
  /** Milliseconds after the first start. */
  readonly countsFrom: number | undefined
}

/** A source that begins at noon beside an index, and what it has told so far. */
class FirstStart {
  readonly clock = { now: NOON, passed: 0 }
  readonly index: ModelIndex
  readonly told: Told[] = []
  readonly state = new Map<string, Json>()
  /** Whether the index can be asked. */
  isAway = false
  caughtUp = false
  #committed = Promise.resolve()
  #end = new AbortController()

  constructor(documents: readonly Stored[] = []) {
    this.index = new ModelIndex(this.clock, documents)
  }

  /** Lets a source read for so long; it ends with it, and the next one goes on from the state. */
  async read(ms: number): Promise<void> {
    const end = this.clock.passed + ms
    this.#end = new AbortController()
    for await (const batch of this.#source(end).read({
      cursor: new Map(this.state),
      signal: this.#end.signal,
      committed: () => this.#committed,
    })) {
      this.#take(batch)
    }
  }

  /** The state is not written until the answer is called. */
  holdState(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#committed = promise
    return resolve
  }

  #source(end: number) {
    const { clock, index } = this
    return createElasticsearchSource(options, {
      session: {
        asked: { index: ['logs-*'], address: 'http://es:9200' },
        connect: async () => index.client,
        check: async () => {
          if (this.isAway) throw new Error('the server is away')
          if (!index.exists) throw noIndex({ index: ['logs-*'] })
        },
      },
      clock: { now: () => clock.now, monotonic: () => clock.passed },
      logger: { info: () => undefined, warn: () => undefined },
      random: () => 0,
      sleep: async ms => {
        clock.now += ms
        clock.passed += ms
        if (clock.passed >= end) this.#end.abort()
      },
    })
  }

  #take({ records, cursor, caughtUp }: Batch): void {
    this.caughtUp ||= caughtUp
    for (const { id, countsFrom } of records) {
      this.told.push({ id, countsFrom: countsFrom === undefined ? undefined : countsFrom - NOON })
    }
    for (const { key, value } of cursor) {
      if (value === null) this.state.delete(key)
      else this.state.set(key, value)
    }
  }
}

const at = (id: string, minutes: number): Stored => ({ id, ingested: NOON + minutes * MINUTE_MS })

describe('the first start of a source', () => {
  it('counts what is stored after what its first look found, from a little before its time on', async () => {
    const start = new FirstStart([at('old', -1)])
    await start.read(1_000)
    start.index.put(at('new', 0.1))
    await start.read(MINUTE_MS)
    expect(start.told).toEqual([{ id: 'new', countsFrom: -maxSkew }])
  })

  it('reads nothing before the state holds its time', async () => {
    const start = new FirstStart([at('old', -1)])
    const release = start.holdState()
    const reading = start.read(MINUTE_MS)
    // Everything that needs no state has its turn.
    for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate)
    start.index.put(at('new', 0.1))
    expect(start.state.get('position')).toMatchObject({ since: NOON })
    expect(start.caughtUp).toBe(false)
    release()
    await reading
    expect(start.told.map(({ id }) => id)).toEqual(['new'])
  })

  it('counts everything that appears where there was no index, also by a clock that is hours slow or fast', async () => {
    for (const hours of [-20, -2, 0, 2, 20]) {
      const start = new FirstStart()
      start.index.exists = false
      await start.read(10 * MINUTE_MS)
      expect(start.state.get('position')).toMatchObject({ since: NOON, isEmpty: true })
      start.index.exists = true
      for (let second = 0; second < 60; second++) start.index.put(at(`${second}`, hours * 60 + 11 + second / 60))
      await start.read(5 * MINUTE_MS)
      start.index.put(at('later', hours * 60 + 18))
      await start.read(5 * MINUTE_MS)
      expect(start.told).toHaveLength(61)
      expect(new Set(start.told.map(({ countsFrom }) => countsFrom))).toEqual(new Set([-maxSkew]))
    }
  })

  it('counts everything that appears in an empty index, through restarts while it is empty', async () => {
    const start = new FirstStart()
    await start.read(MINUTE_MS)
    expect(start.caughtUp).toBe(true)
    await start.read(3 * DAY_MS)
    start.index.put({ id: 'first', ingested: start.clock.now })
    await start.read(MINUTE_MS)
    start.index.put({ id: 'second', ingested: start.clock.now })
    await start.read(MINUTE_MS)
    expect(start.told).toEqual([
      { id: 'first', countsFrom: -maxSkew },
      { id: 'second', countsFrom: -maxSkew },
    ])
  })

  it('leaves documents that were stored more than a day before it to the backfill where the index appears later', async () => {
    const start = new FirstStart()
    start.index.exists = false
    await start.read(MINUTE_MS)
    start.index.exists = true
    start.index.put(at('ancient', -10 * 24 * 60))
    start.index.put(at('yesterday', -12 * 60))
    await start.read(MINUTE_MS)
    start.index.put(at('new', 2.5))
    await start.read(2 * MINUTE_MS)
    expect(start.told.map(({ id }) => id)).toEqual(['yesterday', 'new'])
  })

  it('counts what was stored from its time on where the index could not be asked, and only that of its time', async () => {
    const start = new FirstStart([at('old', -60), at('before', -1)])
    start.isAway = true
    await start.read(10 * MINUTE_MS)
    expect(start.state.get('position')).toEqual({ since: NOON })
    start.index.put(at('during', 5))
    // Another process: the time of the first start is that of the first one.
    await start.read(10 * MINUTE_MS)
    start.isAway = false
    await start.read(MINUTE_MS)
    start.index.put({ id: 'after', ingested: start.clock.now })
    await start.read(MINUTE_MS)
    expect(start.told).toEqual([
      { id: 'before', countsFrom: 0 },
      { id: 'during', countsFrom: -maxSkew },
      { id: 'after', countsFrom: -maxSkew },
    ])
  })

  it('counts what was stored while an index answered its first look late', async () => {
    const start = new FirstStart([at('old', -60)])
    let asked = 0
    start.index.onRequest = () => {
      if (asked++ > 0) return
      start.clock.now += 20_000
      start.clock.passed += 20_000
      start.index.put(at('during', 0.2))
    }
    await start.read(1_000)
    start.index.onRequest = () => undefined
    await start.read(MINUTE_MS)
    expect(start.told).toEqual([{ id: 'during', countsFrom: -maxSkew }])
  })

  it('takes no document for new that was stored before it by a clock that is hours ahead', async () => {
    const start = new FirstStart([at('old', 2 * 60 - 1)])
    await start.read(MINUTE_MS)
    start.index.put(at('new', 2 * 60 + 1))
    await start.read(3 * MINUTE_MS)
    expect(start.told).toEqual([{ id: 'new', countsFrom: -maxSkew }])
  })

  it('is not remembered of a position that an earlier version saved: everything counts as it did', async () => {
    const start = new FirstStart([at('old', -60)])
    start.state.set('position', { began: NOON - HOUR_MS, swept: NOON - HOUR_MS, at: NOON - HOUR_MS })
    start.index.put(at('new', -1))
    await start.read(MINUTE_MS + lag)
    expect(start.told).toEqual([{ id: 'new', countsFrom: undefined }])
  })
})
