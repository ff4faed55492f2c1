import { DAY_MS, type EpochMs, SECOND_MS } from '../../core/clock.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { type Observer, observers } from '../../core/zero-trust.ts'
import { dialects } from '../../decoding/registry.ts'
import { bucketsOf } from './calendar.ts'
import { counterIncrease } from './counter-increase.ts'
import type { CoverageReading, SourceCoverage } from './coverage.ts'
import { WINDOW_MS, Windows } from './coverage-windows.ts'
import type { EvidenceContext } from './kind.ts'
import { openRange } from './measured.ts'
import type { Period } from './period.ts'
import type { Gap } from './reading.ts'
import { recordedQueries } from './recorded-queries.ts'
import { picked, rounded } from './series.ts'
import type { MetricSeries, MetricStore } from './stores.ts'

/** What the sources observe that decode themselves what they look at; their decoder has the name of their kind. */
const ownReporters: Readonly<Record<string, Observer>> = { certificates: 'certificate', wireguard: 'tunnel' }

export const observerOf: ReadonlyMap<string, Observer> = new Map([
  ...dialects.map(({ name, observer }) => [name, observer] as const),
  ...Object.entries(ownReporters),
])

/** A week of windows, so that the answer about many sources stays small. */
const PART_MS = 7 * DAY_MS

const reasons = {
  down: 'the exporter could not read it',
  unseen: 'Prometheus holds no scrape of the exporter',
} as const

/**
 * Coverage by what the exporters report of their sources. A window is covered where one replica says for all of its scrapes
 * in the window that the source could be read.
 */
export async function prometheusCoverage(
  prometheus: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Pick<CoverageReading, 'sources' | 'readings'>> {
  const { store, queries } = recordedQueries(prometheus)
  const whole = formatDuration(period.end - period.start)
  const windows = await windowsOf(store, period, signal)
  const bySource = async (expression: string) =>
    new Map(
      (await store.instant(expression, period.end, signal)).map(({ labels, samples }) => [
        labels.source ?? '',
        samples[0]?.[1] ?? 0,
      ]),
    )
  const over = (metric: string) => `max by (source) (max_over_time(${metric}[${whole}]))`
  const last = await bySource(over('clawtrust_source_last_event_timestamp_seconds'))
  const recognised = await bySource(over('clawtrust_source_recognised'))
  const decoded = await store.instant(
    `max by (source, decoder) (last_over_time(clawtrust_events_total[${whole}]))`,
    period.end,
    signal,
  )
  const lost = await lossesOf(store, period, signal)
  const sources = [...windows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([source, found]): SourceCoverage => {
      const time = last.get(source) ?? 0
      const isRecognised = recognised.get(source) !== 0
      const unrecognised: Gap = {
        of: source,
        start: period.start,
        end: period.end,
        reason: 'no record that was read is in a known format',
      }
      return {
        source,
        observers: observersOf(decoded, source),
        share: isRecognised ? rounded(found.share) : 0,
        lastEvent: time > 0 ? Math.min(Math.round(time * SECOND_MS), period.end) : null,
        gaps: [
          ...(isRecognised ? found.gaps(source, reasons) : [unrecognised]),
          ...lost.filter(({ of }) => of === source),
        ],
      }
    })
  const newest = sources.reduce<EpochMs | null>(
    (most, { lastEvent }) => Math.max(most ?? 0, lastEvent ?? 0) || null,
    null,
  )
  const shares = sources.flatMap(({ share }) => share ?? [])
  const reading = {
    store: 'prometheus',
    address: store.address,
    query: queries(),
    result: sources.map(resultOf),
    count: sources.length,
    value: shares.length === 0 ? null : rounded(100 * Math.min(...shares)),
    newest,
    gaps: sources.flatMap(({ gaps }) => gaps),
  } as const
  return { sources, readings: [reading] }
}

async function windowsOf(store: MetricStore, period: Period, signal: AbortSignal): Promise<Map<string, Windows>> {
  const found = new Map<string, Windows>()
  const expression = `max by (source) (min_over_time(clawtrust_source_up[${openRange(WINDOW_MS)}]))`
  for (let from = period.start; from < period.end; from += PART_MS) {
    const to = Math.min(from + PART_MS, period.end)
    const window = { start: from + WINDOW_MS, end: to, step: WINDOW_MS }
    for (const { labels, samples } of await store.range(expression, window, signal)) {
      const source = labels.source ?? ''
      const windows = found.get(source) ?? new Windows(period)
      found.set(source, windows)
      for (const [time, value] of samples) windows.note(time, value === 1 ? 'covered' : 'down')
    }
  }
  return found
}

function observersOf(decoded: readonly MetricSeries[], source: string): Observer[] {
  const own = decoded.filter(({ labels, samples }) => labels.source === source && (samples[0]?.[1] ?? 0) > 0)
  const kinds = new Set(own.map(({ labels }) => observerOf.get(labels.decoder ?? '')))
  return (Object.keys(observers) as Observer[]).filter(kind => kinds.has(kind))
}

/** The parts of the period in which telemetry was lost, as gaps of their sources. */
async function lossesOf(store: MetricStore, period: Period, signal: AbortSignal): Promise<Gap[]> {
  const { buckets } = bucketsOf(period)
  const identity = (labels: Readonly<Record<string, string>>) => picked(labels, ['source', 'unit'])
  const { groups } = await counterIncrease({
    store,
    series: 'clawtrust_telemetry_lost_total',
    identity,
    buckets,
    signal,
  })
  return groups.flatMap(({ labels, buckets: lost }) =>
    lost.flatMap((count, bucket) => {
      const part = buckets[bucket]
      if (part === undefined || count === 0) return []
      const what = labels.unit === 'bytes' ? 'bytes' : 'records'
      return [{ of: labels.source ?? '', ...part, reason: `${count} ${what} were lost before they were read` }]
    }),
  )
}

export function resultOf({ source, observers, share, lastEvent, gaps }: SourceCoverage) {
  const iso = (time: EpochMs) => new Date(time).toISOString()
  return {
    source,
    observers: [...observers],
    share,
    lastEvent: lastEvent === null ? null : iso(lastEvent),
    gaps: gaps.map(({ of, start, end, reason }) => ({ of, start: iso(start), end: iso(end), reason })),
  }
}
