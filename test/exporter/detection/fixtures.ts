import type { SecurityEvent } from '../../../core/event.ts'
import type { BackfilledMinutes, MinuteKey } from '../../../exporter/contracts/subscriber.ts'
import { Scoring, type ScoringOptions } from '../../../exporter/detection/scoring.ts'
import type { SeriesScoring } from '../../../exporter/detection/series-scoring.ts'
import { SavedParts } from '../../../exporter/pipeline/saved-parts.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import type { BlobValue, SavedBlob } from '../../../service/state/state.ts'

/** A Monday, 00:00 UTC, seconds. */
export const START = Date.UTC(2026, 10, 2) / 1000
export const DAY = 86_400

export const key: MinuteKey = { gateway: 'edge-1', trustZone: 'agent-control', signal: 'auth_failures' }

export interface Bench {
  readonly scoring: Scoring
  /** How it is saved and restored. */
  readonly saved: SavedParts
  readonly warnings: string[]
  /** What a scrape shows of the scores. */
  metrics(): Promise<string>
}

export function bench(parts: Partial<ScoringOptions> = {}): Bench {
  const store = createSeriesStore()
  const warnings: string[] = []
  const scoring = new Scoring({
    store,
    clock: { now: () => (START + 4 * DAY) * 1000, monotonic: () => performance.now() },
    logger: { info() {}, warn: message => warnings.push(message) },
    preset: 'default',
    seriesLimit: 100,
    entityTables: 10,
    entitiesPerTable: 1_000,
    feedback: [],
    retention: 14 * DAY,
    seed: 7,
    ...parts,
  })
  const metrics = async () => {
    let text = ''
    for await (const slice of store.render()) text += slice
    return text
      .split('\n')
      .filter(line => line.startsWith('clawtrust_anomaly_'))
      .join('\n')
  }
  return { scoring, saved: new SavedParts(scoring.persistents), warnings, metrics }
}

/** The only series. */
export function only({ scoring }: Bench): SeriesScoring {
  const [series, ...others] = scoring.list()
  if (series === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} series`)
  return series
}

/** The whole backfill. */
export function settle({ scoring }: Bench): void {
  while (scoring.advance());
}

/** Counts of so many minutes: calm, with a burst of half an hour after `burst` minutes. The same on every machine. */
export function countsOf(minutes: number, burst = Number.POSITIVE_INFINITY): number[] {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: minutes }, (_, minute) => {
    const calm = random() < 0.3 ? 1 + Math.floor(random() * 2) : 0
    return minute >= burst && minute < burst + 30 ? 20 + calm : calm
  })
}

export function runOf(counts: readonly number[], of = key): BackfilledMinutes {
  return {
    key: of,
    first: START,
    end: START + counts.length * 60,
    counts: new Map(counts.flatMap((count, minute) => (count === 0 ? [] : [[START + minute * 60, count]]))),
    partial: new Set(),
  }
}

/** Who came in these minutes: few well-known addresses, and some that come once. */
export function eventsOf(counts: readonly number[], from = 0): SecurityEvent[] {
  return counts.slice(from).flatMap((count, index) => {
    if (count === 0) return []
    const minute = from + index
    const address = minute % 97 === 0 ? `203.0.113.${minute % 251}` : `198.51.100.${minute % 7}`
    return [eventAt(minute, count, address)]
  })
}

export const eventAt = (minute: number, count: number, address: string): SecurityEvent => ({
  signal: key.signal,
  labels: { mechanism: 'shared_secret', reason: 'token_mismatch' },
  outcome: 'failure',
  severity: 'medium',
  eventTime: (START + minute * 60) * 1000 + 500,
  count,
  gateway: key.gateway,
  trustZone: key.trustZone,
  actor: { address, addressTrusted: true },
  record: { source: 'log', id: String(minute) },
})

/** Lives through minutes, each with its events, from one number on. */
export function live({ scoring }: Bench, counts: readonly number[], from = 0): void {
  const events = eventsOf(counts, from)
  let next = 0
  for (let minute = from; minute < counts.length; minute++) {
    const start = START + minute * 60
    for (let event = events[next]; event !== undefined && event.eventTime / 1000 < start + 60; event = events[++next]) {
      scoring.onEvent(event, 'live')
    }
    scoring.onMinute(key, start, counts[minute] ?? 0, 'complete')
  }
}

/** The state database: of each blob the newest. */
export class Saved {
  readonly #blobs = new Map<string, SavedBlob>()

  take(blobs: readonly BlobValue[]): void {
    for (const { name, value } of blobs) {
      if (value === null) this.#blobs.delete(name)
      else this.#blobs.set(name, { name, value })
    }
  }

  get blobs(): readonly SavedBlob[] {
    return [...this.#blobs.values()]
  }
}

/** Everything that the scorer exposes of a series. */
export const toldOf = (series: SeriesScoring) => ({
  explanation: series.explain(),
  trail: series.trail.points(),
  episodes: series.episodes.saved(),
  entities: series.anomalousEntities,
  active: series.active,
})
