import { beforeAll, describe, expect, it } from '@jest/globals'
import { DAY_MS } from '../../../../core/clock.ts'
import { signalNames, signals } from '../../../../core/signals.ts'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { dialects } from '../../../../decoding/registry.ts'
import type { Batch, RawRecord, Source, SourceRecord } from '../../../../exporter/contracts/source.ts'
import { createCaptureSource } from '../../../../exporter/sources/recording/capture.ts'
import { readCapturedLines } from '../../../../exporter/sources/recording/captured-lines.ts'
import { createDemoSource, DEMO_DAYS } from '../../../../exporter/sources/recording/demo.ts'

const START = Date.parse('2026-11-23T15:30:00Z')

function runningClock() {
  const clock = { wall: START, now: () => clock.wall, monotonic: () => clock.wall - START }
  const sleep = async (milliseconds: number) => {
    clock.wall += milliseconds
  }
  return { clock, sleep }
}

async function take(source: Source, batches: number): Promise<Batch[]> {
  const abort = new AbortController()
  const taken: Batch[] = []
  for await (const batch of source.read({ cursor: new Map(), signal: abort.signal })) {
    taken.push(batch)
    if (taken.length === batches) abort.abort()
  }
  return taken
}

async function historyOf(source: Source, most = Number.POSITIVE_INFINITY): Promise<Batch[]> {
  const batches: Batch[] = []
  const start = { cursor: new Map(), signal: new AbortController().signal }
  for await (const batch of source.backfill?.(start) ?? []) {
    if (batches.push(batch) >= most) break
  }
  return batches
}

const dispatcher = createDispatcher(dialects)
const decode = (record: SourceRecord) => (record.decoded ?? dispatcher.decode(record)).decoding

const timeOf = (decoding: ReturnType<typeof decode>) => ('time' in decoding ? decoding.time : Number.NaN)

const connection = /(?<=conn=)[0-9a-f-]{36}/g

/** What is derived no record tells. */
const toldByRecords = signalNames.filter(name => !('derivedFrom' in signals[name]))

describe('the capture', () => {
  const passDuration = 240_000
  const source = () => createCaptureSource({ name: 'capture', passDuration }, runningClock())

  it('plays every captured line once in a pass, at present times that never go back', async () => {
    const batches = await take(source(), passDuration / 1000)
    const records = batches.flatMap(batch => batch.records)
    expect(records).toHaveLength(readCapturedLines().length)
    const times = records.map(record => Date.parse(JSON.parse(String(record.body)).time))
    expect(times.every((time, index) => time >= (times[index - 1] ?? START))).toBe(true)
    expect(times.every(time => time < START + passDuration)).toBe(true)
  })

  it('keeps the two lines of a connection together and gives every pass connections of its own', async () => {
    const batches = await take(source(), (2 * passDuration) / 1000)
    const records = batches.flatMap(batch => batch.records)
    const idsIn = (pass: RawRecord[]) =>
      pass.flatMap(record => JSON.parse(String(record.body)).message.match(connection) ?? [])
    const first = idsIn(records.slice(0, 138))
    const second = idsIn(records.slice(138))
    const capturedIds = readCapturedLines().flatMap(line => JSON.parse(line).message.match(connection) ?? [])
    expect(first).toHaveLength(capturedIds.length)
    expect(new Set(first).size).toBe(new Set(capturedIds).size)
    expect(first.filter(id => second.includes(id) || capturedIds.includes(id))).toEqual([])
  })

  it('says the same as the captured lines', async () => {
    const batches = await take(source(), passDuration / 1000)
    const played = batches.flatMap(batch => batch.records).map(decode)
    const captured = readCapturedLines().map((body, index) => decode({ id: String(index), body }))
    const claimOf = (decoding: ReturnType<typeof decode>) =>
      decoding.kind === 'claim' ? [decoding.claim.signal, decoding.claim.labels] : decoding.kind
    expect(played.map(claimOf)).toEqual(captured.map(claimOf))
  })
})

describe('the demo', () => {
  const demo = (seed = 1) => createDemoSource({ name: 'demo', seed }, runningClock())
  let records: RawRecord[]
  let decodings: ReturnType<typeof decode>[]

  beforeAll(async () => {
    records = (await historyOf(demo())).flatMap(batch => batch.records)
    decodings = records.map(decode)
  })

  it('says that it is invented', () => {
    expect(demo()).toMatchObject({ synthetic: true, durable: false })
  })

  it('has a backfill of 15 days in which every signal moves and every line is decoded', () => {
    expect(decodings.filter(({ kind }) => kind === 'undecoded')).toEqual([])
    const moved = new Set(decodings.flatMap(decoding => (decoding.kind === 'claim' ? [decoding.claim.signal] : [])))
    expect([...moved].toSorted()).toEqual(toldByRecords.toSorted())
    const times = decodings.map(timeOf)
    expect(times[0]).toBeLessThan(START - (DEMO_DAYS - 0.1) * DAY_MS)
    expect(times.every((time, index) => time >= (times[index - 1] ?? 0) && time < START)).toBe(true)
    expect(new Set(records.map(record => record.id)).size).toBe(records.length)
  })

  it('holds one day that is unlike the others', () => {
    const perDay = new Map<number, number>()
    for (const decoding of decodings) {
      if (decoding.kind !== 'claim' || decoding.claim.signal !== 'auth_failures') continue
      const day = Math.floor(decoding.time / DAY_MS)
      perDay.set(day, (perDay.get(day) ?? 0) + 1)
    }
    const [attack = 0, next = 0] = [...perDay.values()].toSorted((a, b) => b - a)
    expect(attack).toBeGreaterThan(2 * next)
    expect(perDay.get(Math.floor(START / DAY_MS) - 2)).toBe(attack)
  })

  it('has its attack on the day that is wanted', async () => {
    const source = createDemoSource({ name: 'demo', attackDaysAgo: 5 }, runningClock())
    const past = (await historyOf(source)).flatMap(batch => batch.records)
    const spraying = past.map(decode).filter(told => told.kind === 'claim' && told.claim.labels.reason === 'http_401')
    const days = new Set(spraying.map(told => Math.floor(START / DAY_MS) - Math.floor(timeOf(told) / DAY_MS)))
    expect([...days]).toEqual([5])
  })

  it('is the same for the same seed and start, and another for another seed', async () => {
    const [firstDay] = await historyOf(demo(), 1)
    const [otherDay] = await historyOf(demo(2), 1)
    expect(records.slice(0, firstDay?.records.length)).toEqual(firstDay?.records)
    expect(otherDay?.records.map(record => record.body)).not.toEqual(firstDay?.records.map(record => record.body))
  })

  it('continues live where its backfill ends, each line at its time', async () => {
    const batches = await take(demo(), 1800)
    const past = new Set(records.map(record => record.id))
    const present = batches.flatMap(batch => batch.records)
    expect(present.length).toBeGreaterThan(20)
    expect(present.filter(record => past.has(record.id))).toEqual([])
    for (const [index, batch] of batches.entries()) {
      const before = batches[index - 1]?.watermark ?? START
      const times = batch.records.map(record => timeOf(decode(record)))
      expect(times.every(time => time >= before && time < batch.watermark)).toBe(true)
    }
  })
})
