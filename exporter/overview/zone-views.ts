import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import { type SignalName, signalNames } from '../../core/signals.ts'
import type { MinuteView as PageMinute, SignalView, ZoneView } from '../page/model.ts'
import type { MinuteKey } from '../pipeline/minute-consumer.ts'
import type { MinuteView } from '../pipeline/minutes.ts'
import type { Scoring } from '../scoring/scoring.ts'
import type { LastHour } from './last-hour.ts'
import { scoresOf } from './score-views.ts'
import type { UsualHours } from './usual-hours.ts'

const MINUTES = 60
/** A minute that is still open this long after its end is one that nobody reads. */
const OVERDUE_MS = 2 * MINUTE_MS

export interface ZoneFacts {
  readonly now: EpochMs
  /** Counts of the last hour of every gateway's series. */
  readonly recent: Iterable<{ readonly key: MinuteKey; readonly minutes: readonly MinuteView[] }>
  /** Since when sources have been read: before, a minute without a count is no zero. */
  readonly readSince: EpochMs | undefined
  readonly lastHour: LastHour
  readonly usualHours: UsualHours
  readonly scoring: Pick<Scoring, 'of'>
  readonly isSynthetic: (gateway: string) => boolean
}

/** Start of the first of the 60 minutes that the page shows, milliseconds. */
export const firstMinute = (now: EpochMs): EpochMs => (Math.floor(now / MINUTE_MS) - MINUTES + 1) * MINUTE_MS

/** The last hour of every trust zone and signal, summed over gateways. */
export function zoneViews(facts: ZoneFacts): ZoneView[] {
  const zones = new Map<string, Map<SignalName, GatewayHour[]>>()
  for (const { key, minutes } of facts.recent) {
    const signals = zones.get(key.trustZone) ?? new Map<SignalName, GatewayHour[]>()
    zones.set(key.trustZone, signals)
    const rows = signals.get(key.signal) ?? []
    signals.set(key.signal, rows)
    rows.push(hourOf(minutes, facts))
  }
  return [...zones].map(([trustZone, signals]) => ({
    trustZone,
    signals: signalNames
      .filter(signal => signals.has(signal))
      .map(signal => signalView(trustZone, signal, signals.get(signal) ?? [], facts)),
  }))
}

function signalView(
  trustZone: string,
  signal: SignalName,
  rows: readonly GatewayHour[],
  { now, lastHour, usualHours, scoring, isSynthetic }: ZoneFacts,
): SignalView {
  const gateways = lastHour.gateways(trustZone, signal, now)
  const usualPerHour = usualHours.usual(trustZone, signal)
  return {
    signal,
    minutes: sum(rows, now),
    reasons: lastHour.reasons(trustZone, signal, now),
    gateways,
    synthetic: gateways.length > 0 && gateways.every(({ name }) => isSynthetic(name)),
    ...(usualPerHour === undefined ? {} : { usualPerHour }),
    ...scoresOf(scoring, trustZone, signal),
  }
}

/** One gateway's sixty minutes; undefined where nobody was reading it yet. */
type GatewayHour = readonly (PageMinute | undefined)[]

/** Minutes before a series began are zeros where its sources were already read. */
function hourOf(minutes: readonly MinuteView[], { now, readSince }: ZoneFacts): GatewayHour {
  const known = new Map(minutes.map(minute => [minute.start * 1000, minute]))
  return Array.from({ length: MINUTES }, (_, index) => {
    const start = firstMinute(now) + index * MINUTE_MS
    const minute = known.get(start)
    if (minute !== undefined) {
      const overdue = minute.completeness === 'open' && start + MINUTE_MS + OVERDUE_MS < now
      return { start, count: minute.count, mark: overdue ? 'unknown' : minute.completeness }
    }
    const wasRead = readSince !== undefined && start >= readSince
    return wasRead ? { start, count: 0, mark: 'complete' } : undefined
  })
}

/** Gateways added up, those that were read at the time: a sum of which a part is missing is a lower bound. */
function sum(rows: readonly GatewayHour[], now: EpochMs): PageMinute[] {
  return Array.from({ length: MINUTES }, (_, index) => {
    const start = firstMinute(now) + index * MINUTE_MS
    const parts = rows.map(row => row[index]).filter(part => part !== undefined)
    return { start, count: parts.reduce((total, { count }) => total + count, 0), mark: markOf(parts) }
  })
}

function markOf(parts: readonly PageMinute[]): PageMinute['mark'] {
  const marks = new Set(parts.map(({ mark }) => mark))
  const [only = 'unknown'] = marks
  if (marks.size <= 1) return only
  return marks.has('partial') || marks.has('unknown') ? 'partial' : 'open'
}
