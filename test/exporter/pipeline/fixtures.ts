import type { Clock } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { compileTrustZones, defaultZoneRules } from '../../../core/trust-zones.ts'
import type { Dialect } from '../../../decoding/dialects/dialect.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import type { Claim } from '../../../decoding/toolkit/record.ts'
import type { Batch, RawRecord } from '../../../exporter/contracts/source.ts'
import type { BackfilledMinutes, EventSubscriber, MinuteKey } from '../../../exporter/contracts/subscriber.ts'
import type { Authority } from '../../../exporter/pipeline/authority.ts'
import type { PipelineOptions } from '../../../exporter/pipeline/options.ts'
import { Pairing } from '../../../exporter/pipeline/pairing.ts'
import { createPipeline, type Pipeline } from '../../../exporter/pipeline/pipeline.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import type { SeriesStore } from '../../../service/series/series.ts'
import { createSeriesStore } from '../../../service/series/store.ts'

/** A Monday, 12:00 UTC. */
export const NOON = Date.UTC(2026, 10, 23, 12)

export const authority: Authority = {
  auth_failures: 'file-log',
  auth_successes: 'security-event',
  auth_lockouts: 'file-log',
  posture_drifts: 'file-log',
  policy_decisions: 'file-log',
}

export class HandClock implements Clock {
  time = NOON
  now = () => this.time
  monotonic = () => this.time
}

export const claim = (parts: Partial<Claim> = {}): Claim => ({
  signal: 'auth_failures',
  labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
  outcome: 'failure',
  severity: 'medium',
  time: NOON,
  count: 1,
  stream: 'file-log',
  origin: { host: 'gw', subsystem: 'gateway/ws' },
  actor: {},
  ...parts,
})

/** An event of a failed sign-in. */
export const failure = (eventTime: number, parts: Partial<SecurityEvent> = {}): SecurityEvent => ({
  signal: 'auth_failures',
  labels: {},
  outcome: 'failure',
  severity: 'medium',
  eventTime,
  count: 1,
  gateway: 'gw',
  trustZone: 'agent-control',
  actor: { addressTrusted: false },
  record: { source: 's', id: '1' },
  ...parts,
})

/** The event of `claim()`. */
export const eventOfClaim = (eventTime: number, parts: Partial<SecurityEvent> = {}): SecurityEvent =>
  failure(eventTime, { labels: claim().labels, record: { source: 'log', id: '1' }, ...parts })

/** A record whose body is what the decoder of these tests is to say of it. */
export const recordOf = (id: string, said: Partial<Claim> | { lost: number; time: number } | 'noise'): RawRecord => ({
  id,
  body: JSON.stringify(said === 'noise' ? { noise: true } : said),
})

/** The smallest dialect: a claim as JSON. */
export const jsonClaims: Dialect = {
  name: 'json-claims',
  format: 'json-line',
  prefilter: 'all',
  sourceFields: [],
  signals: [],
  observer: 'gateway',
  documentation: { reads: '', samples: { kind: 'documented', from: '' }, setup: [], rules: [] },
  recognises: said => !('noise' in said),
  decode(said) {
    if ('lost' in said) return { kind: 'telemetry_lost', time: Number(said.time), records: Number(said.lost) }
    const made = claim(said)
    return { kind: 'claim', time: made.time, claim: made }
  },
}

export const batchOf = (records: readonly RawRecord[], parts: Partial<Batch> = {}): Batch => ({
  records,
  tally: { skipped: 0, undecoded: {}, lostBytes: 0 },
  cursor: [],
  watermark: NOON,
  caughtUp: true,
  ...parts,
})

export interface Closed {
  readonly key: MinuteKey
  readonly start: number
  readonly count: number
  readonly completeness: string
}

/** Writes down everything that the pipeline emits. */
export class Listener implements EventSubscriber {
  readonly closed: Closed[] = []
  readonly told: BackfilledMinutes[] = []
  readonly lateCounts: { readonly start: number; readonly count: number }[] = []
  onMinute(key: MinuteKey, start: number, count: number, completeness: string): void {
    this.closed.push({ key, start, count, completeness })
  }
  onLateEvents(_key: MinuteKey, start: number, count: number): void {
    this.lateCounts.push({ start, count })
  }
  onBackfill(run: BackfilledMinutes): void {
    this.told.push(run)
  }
}

export interface Bench {
  readonly pipeline: Pipeline
  readonly store: SeriesStore
  readonly clock: HandClock
  readonly listener: Listener
}

export function bench(parts: Partial<PipelineOptions> = {}): Bench {
  const clock = new HandClock()
  const store = createSeriesStore()
  const listener = new Listener()
  const pipeline = createPipeline({
    clock,
    store,
    dispatcher: createDispatcher([jsonClaims]),
    sources: [source('log')],
    zones: compileTrustZones(defaultZoneRules),
    authority,
    trustedProxies: ['10.0.0.1'],
    offenders: { k: 3, window: 300_000, linger: 900_000 },
    subscribers: [listener],
    ...parts,
  })
  return { pipeline, store, clock, listener }
}

export const source = (name: string, durable = true) => ({
  name,
  kind: 'file' as const,
  durable,
  health: () => ({ up: true }),
})

/** The sum of a metric's series that have all of these label values. */
export function total(store: SeriesStore, metric: string, ...labels: readonly string[]): number {
  return store
    .changes()
    .filter(one => one.metric === metric && labels.every(label => one.labels.includes(label)))
    .reduce((sum, one) => sum + one.value, 0)
}

/** Another pairing with what the first has saved. */
export function restartOf(pairing: Pairing): Pairing {
  const again = new Pairing({ clock: { now: () => NOON }, source: 'log' })
  const { blobs } = new SavedParts(pairing.persistents).changes()
  const saved = blobs.flatMap(({ value, ...row }) => (value ? [{ ...row, value }] : []))
  new SavedParts(again.persistents).restore({ blobs: saved, documents: [] })
  return again
}
