import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { type Observer, observers } from '../../core/zero-trust.ts'
import type { StateSource, StateView } from '../../service/views/state-view.ts'
import type { CoverageReading, SourceCoverage } from './coverage.ts'
import { observerOf, resultOf } from './coverage-prometheus.ts'
import type { EvidenceContext } from './kind.ts'
import type { Period } from './period.ts'
import type { Gap, Reading } from './reading.ts'

/**
 * Coverage by the state of an exporter. It holds when a source was first read, up to when, its newest event and what was
 * lost; it does not hold when a source was down in between. So a share is 0 where the source was not there at all, and
 * otherwise unknown.
 */
export async function stateCoverage(
  state: StateView,
  { period }: EvidenceContext,
): Promise<Pick<CoverageReading, 'sources' | 'readings'>> {
  const sources = state.sources().map(source => coverageOf(source, period))
  const lastEvents = sources.flatMap(({ lastEvent }) => lastEvent ?? [])
  const reading: Reading = {
    store: 'state',
    address: state.path,
    query: {
      documents: ['watched/', 'last-events/', 'losses/', 'minutes/'],
      start: iso(period.start),
      end: iso(period.end),
    },
    result: sources.map(resultOf),
    count: sources.length,
    // How long each was read, nothing says.
    value: null,
    newest: lastEvents.length === 0 ? null : Math.max(...lastEvents),
    gaps: sources.flatMap(({ gaps }) => gaps),
  }
  return { sources, readings: [reading] }
}

function coverageOf(source: StateSource, period: Period): SourceCoverage {
  const gaps = gapsOf(source, period)
  const isAbsent = gaps.some(({ start, end }) => start <= period.start && end >= period.end)
  // Of an event after the end, nothing says when the one before it was.
  const lastEvent = source.lastEvent !== null && source.lastEvent < period.end ? source.lastEvent : null
  return { source: source.name, observers: observersOf(source), share: isAbsent ? 0 : null, lastEvent, gaps }
}

/** In the order of the catalogue. */
function observersOf({ dialects: names }: StateSource): readonly Observer[] {
  const found = new Set(names.map(name => observerOf.get(name)))
  return (Object.keys(observers) as Observer[]).filter(observer => found.has(observer))
}

function gapsOf({ name: of, since, to, losses }: StateSource, { start, end }: Period): readonly Gap[] {
  const gaps: Gap[] = []
  if (since !== null && since > start)
    gaps.push({ of, start, end: Math.min(since, end), reason: 'the source was not read yet' })
  if (to !== null && to < end) {
    gaps.push({ of, start: Math.max(to, start), end, reason: 'the source was not read to the end' })
  }
  const lost = losses.filter(minute => minute + MINUTE_MS > start && minute < end)
  for (const gap of merged(lost)) gaps.push({ of, ...gap, reason: 'records of the source were lost' })
  return gaps.filter(gap => gap.start < gap.end)
}

/** Consecutive minutes as one time. */
function merged(minutes: readonly EpochMs[]): readonly Pick<Gap, 'start' | 'end'>[] {
  const found: { start: EpochMs; end: EpochMs }[] = []
  for (const start of minutes) {
    const last = found.at(-1)
    if (last?.end === start) last.end = start + MINUTE_MS
    else found.push({ start, end: start + MINUTE_MS })
  }
  return found
}

const iso = (time: EpochMs): string => new Date(time).toISOString()
