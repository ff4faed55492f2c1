import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DAY_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import type { RawRecord } from '../../../exporter/contracts/source.ts'
import { openMemoryState } from '../../../service/state/memory.ts'
import type { StateDatabase } from '../../../service/state/state.ts'
import { type Derived, derivedByHand, lineOf } from './derived-by-hand.ts'
import { batchOf, bench, NOON, recordOf, source } from './fixtures.ts'

const START = NOON - 40 * DAY_MS
const LATE = 'clawtrust_derivation_late_events_total'
const ENTITIES = 'clawtrust_first_seen_entities_total'
const DERIVED = ['auth_sprays', 'first_seen_successes']

/** One source feeds both gateways, the other only one of them. */
const feeds = [
  { from: 'log', host: 'a' },
  { from: 'log', host: 'b' },
  { from: 'proxy', host: 'a' },
] as const

interface Happening {
  readonly feed: number
  readonly day: number
  /** Few, so that many events share minutes and times; around the ends of the window of sprays. */
  readonly minute: number
  readonly second: number
  readonly isSuccess: boolean
  readonly address: number
  readonly identity: number
  readonly device: number | undefined
  /** Decides when it is read among those of its stage. */
  readonly order: number
}

/** What the program around the pipeline does after a batch. */
type Act = 'read on' | 'close' | 'commit' | 'be killed'

const happening = fc.record<Happening>({
  feed: fc.nat(2),
  day: fc.constantFrom(0, 2, 2, 2, 2, 33),
  minute: fc.constantFrom(0, 1, 2, 14, 15, 16, 17, 30),
  second: fc.nat(2),
  isSuccess: fc.constantFrom(false, false, false, true),
  address: fc.constantFrom(0, 0, 0, 0, 1, 2),
  identity: fc.nat(14),
  device: fc.constantFrom(undefined, undefined, undefined, 0, 1),
  order: fc.nat(),
})

const plan = fc.record({
  happenings: fc.array(happening, { minLength: 120, maxLength: 240, size: 'max' }),
  late: fc.array(fc.record({ day: fc.constantFrom(0, 2), address: fc.nat(3) }), { maxLength: 5 }),
  /** The source that is read to the end of a day before the other one is; undefined: both side by side. */
  first: fc.constantFrom('log', 'proxy', undefined),
  batchSize: fc.integer({ min: 1, max: 40 }),
  acts: fc.array(fc.constantFrom<Act>('read on', 'read on', 'close', 'commit', 'be killed'), { maxLength: 60 }),
})
type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never

const timeOf = ({ day, minute, second }: Happening) => START + day * DAY_MS + minute * MINUTE_MS + second * 1000

function recordFrom(one: Happening, number: number): RawRecord {
  const { host } = feeds[one.feed as 0]
  const actor = {
    identity: `user-${one.identity}`,
    peerAddress: `203.0.113.${one.address}`,
    ...(one.device !== undefined && { device: `device-${one.device}` }),
  }
  const time = timeOf(one)
  const success = {
    signal: 'auth_successes',
    labels: { mechanism: 'shared_secret' },
    outcome: 'success',
    stream: 'security-event',
  } as const
  return recordOf(`r${number}`, { time, actor, origin: { host }, ...(one.isSuccess && success) })
}

/** Whoever comes late is nobody else, and too few to spray. */
const lateRecord = ({ day, address }: { day: number; address: number }, number: number) =>
  recordOf(`late-${number}`, {
    time: START + day * DAY_MS,
    actor: { identity: 'late', peerAddress: `198.51.100.${address}` },
    origin: { host: 'a' },
  })

interface Step {
  readonly from: string
  readonly records: readonly RawRecord[]
  readonly watermark: number
}

/** Day after day; within one, each source tells its events in any order and any batches before its watermark moves. */
function stepsOf({ happenings, late, first, batchSize }: Plan): Step[] {
  const numbered = happenings.map((one, number) => ({ one, record: recordFrom(one, number) }))
  // Each source has told of each of its gateways once: from then on it is waited for.
  const steps: Step[] = feeds.map(({ from, host }, number) => ({
    from,
    records: [recordOf(`feed-${number}`, { time: START - DAY_MS, actor: { identity: 'feeder' }, origin: { host } })],
    watermark: START - 2 * DAY_MS,
  }))
  let before = START - 2 * DAY_MS
  for (const day of [0, 2, 33]) {
    const after = START + (day + 1) * DAY_MS
    const ofDay = numbered.filter(({ one }) => one.day === day).sort((a, b) => a.one.order - b.one.order)
    const batches = (from: string) => {
      const own = ofDay.filter(({ one }) => feeds[one.feed as 0].from === from).map(({ record }) => record)
      const starts = Array.from({ length: Math.ceil(own.length / batchSize) }, (_, index) => index * batchSize)
      const steps = starts.map(start => ({ from, records: own.slice(start, start + batchSize), watermark: before }))
      return { steps, last: { from, records: [], watermark: after } }
    }
    const [log, proxy] = [batches('log'), batches('proxy')]
    if (first === 'log') steps.push(...log.steps, log.last, ...proxy.steps, proxy.last)
    else if (first === 'proxy') steps.push(...proxy.steps, proxy.last, ...log.steps, log.last)
    else steps.push(...proxy.steps, ...log.steps, log.last, proxy.last)
    before = after
  }
  steps.push({ from: 'log', records: late.map(lateRecord), watermark: before })
  return steps
}

/** Reads all steps; after a kill, those again that were not committed. */
async function read(steps: readonly Step[], acts: readonly Act[], database: StateDatabase) {
  const told: SecurityEvent[] = []
  let uncommitted: SecurityEvent[] = []
  let committed = 0
  const start = async () => {
    const onEvent = (event: SecurityEvent) => void uncommitted.push(event)
    const parts = bench({ sources: [source('log'), source('proxy')], subscribers: [{ onEvent }] })
    parts.clock.time = NOON
    const saved = await database.load()
    parts.store.restore(saved.series)
    parts.pipeline.restore(saved)
    return parts
  }
  let running = await start()
  const commit = async (position: number) => {
    while (running.pipeline.closeMinutes());
    const series = running.store.changes()
    await database.commit({ ...running.pipeline.changes(), series })
    running.store.publish(series)
    told.push(...uncommitted)
    uncommitted = []
    committed = position
  }
  const remaining = [...acts]
  for (let position = 0; position < steps.length; ) {
    const { from, records, watermark } = steps[position] as Step
    running.pipeline.ingest(from, batchOf(records, { watermark }))
    position++
    // Before the late ones, all is derived.
    if (position === steps.length - 1) await commit(position)
    const act = remaining.shift() ?? 'read on'
    if (act === 'close') running.pipeline.closeMinutes(3)
    if (act === 'commit') await commit(position)
    if (act === 'be killed') {
      uncommitted = []
      running = await start()
      position = committed
    }
  }
  await commit(steps.length)
  return { told, series: (await database.load()).series }
}

it('derived signals depend on the events alone, not on reading, batches, commits or kills', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async made => {
      const database = openMemoryState()
      const { told, series } = await read(stepsOf(made), made.acts, database)
      await database.close()
      const inTime = told.filter(({ signal, record }) => !DERIVED.includes(signal) && !record.id.startsWith('late'))
      const entities = series
        .filter(({ metric }) => metric === ENTITIES)
        .map(({ labels, value }) => [labels.join(' '), value] as const)
      const derived = told.filter(({ signal }) => DERIVED.includes(signal)).map(lineOf)
      expect({ entities: Object.fromEntries(entities), events: derived.toSorted() } satisfies Derived).toEqual(
        derivedByHand(inTime),
      )
      const countOf = (metric: string) =>
        series.filter(one => one.metric === metric).reduce((sum, { value }) => sum + value, 0)
      expect(countOf(LATE)).toBe(made.late.length)
      expect(inTime).toHaveLength(made.happenings.length + feeds.length)
    }),
    { numRuns: 30 },
  )
}, 120_000)

it('the property is about something: sprays begin, successes and entities are new', async () => {
  const found = { auth_sprays: 0, first_seen_successes: 0, entities: 0 }
  for (const made of fc.sample(plan, { numRuns: 10, seed: 7 })) {
    const database = openMemoryState()
    const { told, series } = await read(stepsOf(made), made.acts, database)
    await database.close()
    found.auth_sprays += told.filter(({ signal }) => signal === 'auth_sprays').length
    found.first_seen_successes += told.filter(({ signal }) => signal === 'first_seen_successes').length
    found.entities += series.filter(({ metric }) => metric === ENTITIES).length
  }
  expect(Object.entries(found).filter(([, number]) => number < 5)).toEqual([])
})
