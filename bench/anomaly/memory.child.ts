/**
 * `memory.child.ts ROOT PART SERIES MINUTES`: what a series keeps in memory, by the code of the checkout ROOT, in one of the
 * ways in `parts`; prints one line of JSON. Needs --expose-gc.
 */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { SecurityEvent } from '../../core/event.ts'
import type { SignalName } from '../../core/signals.ts'
import type { Dialect } from '../../decoding/dialects/dialect.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import type { Claim } from '../../decoding/toolkit/record.ts'
import type { RawRecord } from '../../exporter/contracts/source.ts'
import type { MinuteKey } from '../../exporter/contracts/subscriber.ts'
import type { MinuteKeys } from '../../exporter/detection/model/series/minute-input.ts'
import { drawBenchmark } from './seccount/benchmark.ts'
import { Random } from './seccount/random.ts'
import { START } from './seccount/series.ts'

const [root = '', part = '', ...sizes] = process.argv.slice(2)
const [seriesCount = 0, minutes = 0] = sizes.map(Number)

const SIGNALS: readonly SignalName[] = ['auth_failures', 'auth_lockouts', 'policy_decisions', 'posture_drifts']
/** Who comes to one gateway: most events are of few of them. */
const IDENTITIES = 20
const ADDRESSES = 40
/** One event in so many brings an address that never comes again. */
const STRANGER_IN = 500
/** Most actors that share the events of one minute. */
const ACTORS = 3
/** Commits to the state in a minute; each takes some snapshots along. */
const COMMITS = 60

const drawn = drawBenchmark(12345).map(({ counts }) => counts)
const random = new Random(7)
const countOf = (series: number, minute: number) => drawn[series % drawn.length]?.[minute] ?? 0
const startOf = (minute: number) => START + 60 * minute

interface Visit {
  readonly identity: string
  readonly device: string
  readonly address: string
  readonly count: number
}

/** The events of a minute: a few actors share them. */
function visits(gateway: number, count: number): Visit[] {
  const actors = Math.min(count, ACTORS)
  return Array.from({ length: actors }, (_, index) => {
    const person = Math.floor(IDENTITIES * random.uniform() ** 3)
    const place = Math.floor(ADDRESSES * random.uniform() ** 3)
    const isStranger = random.uniform() * STRANGER_IN < 1
    const share = Math.floor(count / actors) + (index < count % actors ? 1 : 0)
    return {
      identity: `person-${person}@gateway-${gateway}.example`,
      device: `device-${gateway}-${person % 8}`,
      address: isStranger
        ? `203.0.${random.below(256)}.${random.below(256)}`
        : `10.${gateway >> 8}.${gateway & 255}.${place}`,
      count: share,
    }
  })
}

const load = <Module>(path: string): Promise<Module> => import(join(root, path))

async function scorers(withKeys: boolean): Promise<() => number> {
  type Scorers = typeof import('../../exporter/detection/model/series/series-scorer.ts')
  const { createSeriesScorer } = await load<Scorers>('exporter/detection/model/series/series-scorer.ts')
  const all = Array.from({ length: seriesCount }, (_, index) => createSeriesScorer({ series: `series ${index}` }))
  return () => {
    for (let minute = 0; minute < minutes; minute++) {
      for (const [index, scorer] of all.entries()) {
        const count = countOf(index, minute)
        scorer.step(startOf(minute), count, 'complete', withKeys ? keysOf(visits(index, count)) : {})
      }
    }
    return all.length
  }
}

function keysOf(all: readonly Visit[]): MinuteKeys {
  const keys = {
    identity: new Map<string, number>(),
    address: new Map<string, number>(),
    device: new Map<string, number>(),
  }
  for (const visit of all) {
    for (const kind of ['identity', 'address', 'device'] as const) {
      keys[kind].set(visit[kind], (keys[kind].get(visit[kind]) ?? 0) + visit.count)
    }
  }
  return keys
}

/** A composition of the exporter that takes minutes of events. */
interface Composition {
  minute(start: number, visits: readonly (readonly Visit[])[]): void
  commit(): void
  readonly series: number
}

/** Lives through all minutes, with the commits between them. */
function lifeOf(composition: Composition): () => number {
  return () => {
    for (let minute = 0; minute < minutes; minute++) {
      // Every series begins with the first minute.
      const counts = Array.from({ length: seriesCount }, (_, index) => countOf(index, minute) + (minute === 0 ? 1 : 0))
      composition.minute(
        startOf(minute),
        counts.map((count, index) => visits(gatewayOf(index), count)),
      )
      for (let commit = 0; commit < COMMITS; commit++) composition.commit()
    }
    return composition.series
  }
}

const gatewayOf = (series: number) => Math.floor(series / SIGNALS.length)
const signalOf = (series: number) => SIGNALS[series % SIGNALS.length] as SignalName

/** The scoring room alone: scorers, entities, trails, episodes, journals and the series of /metrics. */
async function scoringRoom(entityTables: number): Promise<Composition> {
  type Scorings = typeof import('../../exporter/detection/scoring.ts')
  type Stores = typeof import('../../service/series/store.ts')
  const { Scoring } = await load<Scorings>('exporter/detection/scoring.ts')
  const { createSeriesStore } = await load<Stores>('service/series/store.ts')
  let now = startOf(0) * 1000
  const scoring = new Scoring({ ...settings, store: createSeriesStore(), clock: clockOf(() => now), entityTables })
  const parts = scoring.persistents
  const keys = Array.from({ length: seriesCount }, (_, index): MinuteKey => {
    return { gateway: `gateway-${gatewayOf(index)}.example`, trustZone: 'agent-control', signal: signalOf(index) }
  })
  return {
    minute(start, all) {
      now = (start + 60) * 1000
      for (const [index, key] of keys.entries()) {
        const seen = all[index] ?? []
        for (const visit of seen) scoring.onEvent(eventOf(key, visit, start), 'live')
        const count = seen.reduce((sum, visit) => sum + visit.count, 0)
        scoring.onMinute(key, start, count, 'complete')
      }
    },
    commit() {
      for (const part of parts) part.changes()
    },
    get series() {
      return scoring.list().length
    },
  }
}

const settings = {
  logger: { info() {}, warn: console.error },
  preset: 'default' as const,
  seriesLimit: 100_000,
  entitiesPerTable: 2_000,
  feedback: [],
  retention: 14 * 86_400,
  seed: 7,
}

const clockOf = (now: () => number) => ({ now, monotonic: () => performance.now() })

function eventOf(key: MinuteKey, { identity, device, address, count }: Visit, start: number): SecurityEvent {
  return {
    ...key,
    labels: labelsOf[key.signal] ?? {},
    outcome: 'failure',
    severity: 'medium',
    eventTime: start * 1000,
    count,
    actor: { identity, device, address, addressTrusted: true },
    record: { source: 'log', id: '' },
  }
}

/** The exporter's own composition, from records to scores, without files and sockets. */
async function exporter(entityTables: number): Promise<Composition> {
  type Pipelines = typeof import('../../exporter/pipeline/pipeline.ts')
  type Scorings = typeof import('../../exporter/detection/scoring.ts')
  type Stores = typeof import('../../service/series/store.ts')
  type Zones = typeof import('../../core/trust-zones.ts')
  type LastHours = typeof import('../../exporter/web/stats/last-hour.ts')
  type UsualHoursOf = typeof import('../../exporter/web/stats/usual-hours.ts')
  type DaysOf = typeof import('../../exporter/web/stats/days.ts')
  const { createPipeline } = await load<Pipelines>('exporter/pipeline/pipeline.ts')
  const { Scoring } = await load<Scorings>('exporter/detection/scoring.ts')
  const { createSeriesStore } = await load<Stores>('service/series/store.ts')
  const { compileTrustZones, defaultZoneRules } = await load<Zones>('core/trust-zones.ts')
  const { LastHour } = await load<LastHours>('exporter/web/stats/last-hour.ts')
  const { UsualHours } = await load<UsualHoursOf>('exporter/web/stats/usual-hours.ts')
  const { Days } = await load<DaysOf>('exporter/web/stats/days.ts')

  let now = startOf(0) * 1000
  const clock = clockOf(() => now)
  const store = createSeriesStore({ limit: 1_000_000 })
  const [lastHour, usualHours, days] = [new LastHour(clock), new UsualHours(), new Days(clock)]
  const scoring = new Scoring({ ...settings, store, clock, entityTables })
  const pipeline = createPipeline({
    clock,
    store,
    dispatcher: createDispatcher([claims]),
    sources: [{ name: 'log', kind: 'file', durable: true, health: () => ({ up: true }) }],
    zones: compileTrustZones(defaultZoneRules),
    authority: {
      auth_failures: 'file-log',
      auth_successes: 'security-event',
      auth_lockouts: 'file-log',
      posture_drifts: 'file-log',
      policy_decisions: 'file-log',
    },
    trustedProxies: [],
    offenders: { k: 20, window: 300_000, linger: 900_000 },
    subscribers: [lastHour, days, usualHours, scoring],
    persistents: [...scoring.persistents, days],
  })
  return {
    minute(start, all) {
      now = (start + 60) * 1000
      pipeline.ingest('log', {
        records: recordsOf(start * 1000, all),
        tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
        cursor: [],
        watermark: now,
        caughtUp: true,
      })
      while (pipeline.closeMinutes());
    },
    commit() {
      pipeline.changes()
      store.publish(store.changes())
      pipeline.committed()
    },
    get series() {
      return scoring.list().length
    },
  }
}

/** A record is its claim: what decoding costs is measured elsewhere. */
const claims: Dialect = {
  name: 'claims',
  format: 'json-line',
  prefilter: 'all',
  sourceFields: [],
  signals: [],
  observer: 'gateway',
  documentation: { reads: '', samples: { kind: 'documented', from: '' }, setup: [], rules: [] },
  recognises: fields => 'claim' in fields,
  decode: fields => {
    const claim = fields.claim as Claim
    return { kind: 'claim', time: claim.time, claim }
  },
}

function recordsOf(time: number, all: readonly (readonly Visit[])[]): RawRecord[] {
  return all.flatMap((seen, index) =>
    seen.map(({ identity, device, address, count }, place): RawRecord => {
      const claim: Claim = {
        signal: signalOf(index),
        labels: labelsOf[signalOf(index)] ?? {},
        outcome: 'failure',
        severity: 'medium',
        time,
        count,
        stream: 'other',
        origin: { host: `gateway-${gatewayOf(index)}.example` },
        actor: { identity, device, resolvedAddress: address },
      }
      return { id: `${time}-${index}-${place}`, body: { claim } }
    }),
  )
}

const labelsOf: Readonly<Partial<Record<SignalName, Readonly<Record<string, string>>>>> = {
  auth_failures: { mechanism: 'shared_secret', reason: 'token_mismatch' },
  auth_lockouts: { mechanism: 'shared_secret' },
  policy_decisions: { engine: 'openclaw', policy: 'exec', decision: 'deny' },
  posture_drifts: { kind: 'config', severity: 'medium' },
}

/** What can be measured; each way holds everything of the one before it. */
const parts: Readonly<Record<string, () => Promise<() => number>>> = {
  scorer: () => scorers(false),
  keys: () => scorers(true),
  scoring: async () => lifeOf(await scoringRoom(0)),
  tables: async () => lifeOf(await scoringRoom(200)),
  exporter: async () => lifeOf(await exporter(0)),
}

async function inUse() {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc: memory is measured after a collection')
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc()
    await pause(50)
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed, arrays: arrayBuffers, resident: rss }
}

const prepare = parts[part]
if (prepare === undefined) throw new Error(`no part is named "${part}"; there are ${Object.keys(parts).join(', ')}`)
const before = await inUse()
const live = await prepare()
const began = process.cpuUsage()
const series = live()
const { user, system } = process.cpuUsage(began)
const after = await inUse()
const each = (what: keyof typeof before) => (after[what] - before[what]) / series
console.log(
  JSON.stringify({
    part,
    series,
    heap: each('heap'),
    arrays: each('arrays'),
    resident: each('resident'),
    cpuSeconds: (user + system) / 1e6,
  }),
)
// Still held by the closure until here.
live.toString()
