import { describe, expect, it } from '@jest/globals'
import { HOUR_MS, MINUTE_MS } from '../../../../core/clock.ts'
import { ModelExporter, NOON, options, SERVER_AWAY } from './model-exporter.ts'
import { ModelIndex, type Stored } from './model-index.ts'

const first: Stored = { id: 'first', ingested: NOON - 1_000 }

/** An exporter that has begun to read an index. */
async function begun(changed: Partial<typeof options> = {}) {
  const clock = { now: NOON, passed: 0 }
  const index = new ModelIndex(clock, [first])
  const exporter = new ModelExporter(index, clock, { ...options, ...changed })
  await exporter.round()
  // The first start is in the state.
  exporter.crash()
  await exporter.round()
  return { clock, index, exporter }
}

const many = (documents: number, ingested: (number: number) => number, name = 'doc'): Stored[] =>
  Array.from({ length: documents }, (_, number) => ({ id: `${name}-${number}`, ingested: ingested(number) }))

describe('a backlog', () => {
  it('is read in adjoining windows, each document once, and the overlap once at its end', async () => {
    const { index, exporter } = await begun()
    exporter.pass(30 * MINUTE_MS)
    const documents = many(900, number => NOON + number * 2_000)
    for (const document of documents) index.put(document)
    index.fetched = 0
    await settled(exporter)
    expect(exporter.counted.size).toBe(900)
    const overlapped = documents.filter(({ ingested }) => ingested > NOON + 899 * 2_000 - options.lag - options.overlap)
    expect(index.fetched - 900).toBeLessThanOrEqual(overlapped.length)
  })

  it('of one millisecond that holds more than a page is read whole', async () => {
    const { index, exporter } = await begun({ pageSize: 10 })
    exporter.pass(5 * MINUTE_MS)
    for (const document of many(95, () => NOON + 4_321)) index.put(document)
    for (const document of many(95, () => NOON + 4_321, 'other')) index.put({ ...document, index: 'other' })
    await settled(exporter)
    expect(exporter.counted.size).toBe(190)
  })

  it('is planned by one histogram, and the steady reading by none', async () => {
    const { index, exporter } = await begun()
    exporter.pass(30 * MINUTE_MS)
    for (const document of many(900, number => NOON + number * 2_000)) index.put(document)
    index.histograms.length = 0
    await exporter.round()
    const [plan, ...comparison] = index.histograms.splice(0).reverse()
    expect(plan).toBe(MINUTE_MS)
    // The horizon, what lies ahead of it and what lies behind it.
    expect(comparison.length).toBeLessThanOrEqual(3)
    await settled(exporter)
    index.histograms.length = 0
    for (let round = 0; round < 5; round++) {
      exporter.pass(5_000)
      await exporter.round()
    }
    expect(index.histograms).toEqual([])
  })

  it('is read to its end, each document once, where the reader’s clock jumps meanwhile by an hour or a day', async () => {
    for (const jump of [-25 * HOUR_MS, -HOUR_MS, HOUR_MS, 25 * HOUR_MS]) {
      const { clock, index, exporter } = await begun({ pageSize: 50 })
      exporter.pass(30 * MINUTE_MS)
      for (const document of many(3_600, number => NOON + number * 500)) index.put(document)
      let requests = 0
      index.onRequest = () => {
        if (++requests === 30) clock.now += jump
      }
      await exporter.round()
      index.onRequest = () => undefined
      expect(requests).toBeGreaterThan(30)
      for (let round = 0; round < 20; round++) {
        exporter.pass(10_000)
        await exporter.round()
      }
      expect(exporter.counted.size).toBe(3_600)
      clock.now -= jump
      for (let round = 0; round < 20; round++) {
        exporter.pass(5_000)
        await exporter.round()
      }
      expect([exporter.counted.size, exporter.countedTwice, exporter.beyondHorizon]).toEqual([3_600, [], 0])
    }
  })

  it('is taken up where a failure broke it off, each document once', async () => {
    const { index, exporter } = await begun({ pageSize: 50 })
    exporter.pass(30 * MINUTE_MS)
    for (const document of many(1_800, number => NOON + number * 1_000)) index.put(document)
    let requests = 0
    index.onRequest = () => {
      if (++requests % 9 === 0) throw new Error(SERVER_AWAY)
    }
    for (let round = 0; round < 30; round++) {
      await exporter.round()
      if (round % 4 === 0) exporter.crash()
    }
    index.onRequest = () => undefined
    exporter.pass(MINUTE_MS)
    await exporter.round()
    expect([exporter.counted.size, exporter.countedTwice]).toEqual([1_800, []])
  })
})

describe('documents without the field by which is read', () => {
  const undated = (id: string, index: string): Stored => ({ id, index, ingested: Number.NaN })

  it('are counted at each comparison, with the indices that hold them', async () => {
    const { index, exporter } = await begun()
    expect(exporter.undated).toEqual({ documents: 0, indices: [] })
    index.put(undated('a', 'logs-1'))
    index.put(undated('b', 'logs-1'))
    index.put(undated('c', 'logs-2'))
    await settled(exporter)
    expect(exporter.undated).toEqual({
      documents: 3,
      indices: [
        { index: 'logs-1', documents: 2 },
        { index: 'logs-2', documents: 1 },
      ],
    })
    expect([...exporter.counted]).toEqual([])
  })

  it('are read, each once, when they get it', async () => {
    const { index, exporter } = await begun()
    index.put(undated('a', 'logs-1'))
    await settled(exporter)
    index.put({ ...undated('a', 'logs-1'), ingested: NOON + 10 * MINUTE_MS })
    exporter.pass(10 * MINUTE_MS)
    await settled(exporter)
    expect(exporter.undated?.documents).toBe(0)
    expect([...exporter.counted]).toEqual(['a'])
    expect(exporter.countedTwice).toEqual([])
  })
})

describe('a document that is written again under its id', () => {
  it('does not hide a late one in its old minute', async () => {
    const { index, exporter } = await begun()
    index.put({ id: 'a', ingested: NOON + 1_000 })
    await settled(exporter)
    expect([...exporter.counted]).toEqual(['a'])
    index.put({ id: 'late', ingested: NOON + 2_000 })
    index.put({ id: 'a', ingested: NOON + 5 * MINUTE_MS })
    await settled(exporter)
    expect([...exporter.counted]).toEqual(['a', 'late'])
    expect(exporter.repeats).toBe(1)
  })

  it('is recognised anywhere within the horizon, and through restarts', async () => {
    const { index, exporter } = await begun()
    index.put({ id: 'a', ingested: NOON + 1_000 })
    for (let minute = 1; minute <= 58; minute++) {
      exporter.pass(MINUTE_MS)
      await exporter.round()
      if (minute % 20 === 0) exporter.crash()
    }
    index.put({ id: 'a', ingested: NOON + 58 * MINUTE_MS })
    exporter.pass(MINUTE_MS)
    await exporter.round()
    exporter.pass(MINUTE_MS)
    await exporter.round()
    expect([exporter.counted.size, exporter.countedTwice, exporter.repeats]).toEqual([1, [], 1])
  })

  it('into the next index of its stream lets no minute be read again and again', async () => {
    const { index, exporter } = await begun()
    for (const document of many(100, number => NOON + number * 1_000)) index.put(document)
    for (const document of many(60, number => NOON + MINUTE_MS + number * 3_000)) {
      index.put({ ...document, index: 'logs-000002' })
    }
    await settled(exporter)
    index.fetched = 0
    for (let minute = 0; minute < 5; minute++) {
      exporter.pass(MINUTE_MS)
      await exporter.round()
    }
    expect(index.fetched).toBe(0)
    exporter.crash()
    await exporter.round()
    expect(exporter.counted.size).toBe(100)
    // A restart compares, and finds all that was settled before it.
    expect(index.fetched).toBe(0)
  })
})

describe('a document that is deleted', () => {
  it('does not hide one that comes late into its minute after a comparison, also where a restart lies between', async () => {
    for (const restarts of [false, true]) {
      const { index, exporter } = await begun()
      const [a] = many(1, () => NOON + 1_000) as [Stored]
      index.put(a)
      await settled(exporter)
      index.delete(a)
      exporter.pass(MINUTE_MS)
      await exporter.round()
      if (restarts) exporter.crash()
      index.put({ id: 'late', ingested: NOON + 2_000 })
      exporter.pass(MINUTE_MS)
      await exporter.round()
      expect([...exporter.counted]).toEqual([a.id, 'late'])
    }
  })
})

describe('documents dated ahead', () => {
  it('are counted by name where the reader’s clock believed them, and others fell out of the horizon for it', async () => {
    const { clock, index, exporter } = await begun({ horizon: 10 * MINUTE_MS, maxSkew: MINUTE_MS })
    clock.now += 3 * HOUR_MS
    index.put({ id: 'ahead', ingested: NOON + 2 * HOUR_MS })
    await settled(exporter)
    clock.now -= 3 * HOUR_MS
    for (const document of many(30, number => NOON + number * 1_000)) index.put(document)
    for (let minute = 0; minute < 12; minute++) {
      exporter.pass(MINUTE_MS)
      await exporter.round()
    }
    expect([...exporter.counted]).toEqual(['ahead'])
    expect(exporter.beyondHorizon).toBe(30)
  })
})

describe('a start with a clock that is ahead by hours', () => {
  it('lets the time of an idle index pass too far, and documents stored meanwhile are counted by name', async () => {
    const { clock, index, exporter } = await begun()
    exporter.crash()
    clock.now += 3 * HOUR_MS
    await settled(exporter)
    clock.now -= 3 * HOUR_MS
    for (const document of many(30, number => NOON + 5 * MINUTE_MS + number)) index.put(document)
    for (let minute = 0; minute < 12; minute++) {
      exporter.pass(MINUTE_MS)
      await exporter.round()
    }
    expect([exporter.counted.size, exporter.beyondHorizon]).toEqual([0, 30])
  })
})

async function settled(exporter: ModelExporter): Promise<void> {
  for (let minute = 0; minute < 5; minute++) {
    exporter.pass(MINUTE_MS)
    await exporter.round()
  }
}
