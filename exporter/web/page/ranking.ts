import type { SignalView, ZoneView } from './model.ts'
import { assessSignal, type Level, levels, type SignalAssessment, worstLevel } from './signal-assessment.ts'

export interface RankedSignal {
  readonly view: SignalView
  readonly assessment: SignalAssessment
}

export interface RankedZone {
  readonly trustZone: string
  readonly level: Level
  readonly total: number
  /** Worst first. */
  readonly signals: readonly RankedSignal[]
}

/** Zones and their signals, worst now first, then most events, then by name: the order depends on the data alone. */
export function rankZones(zones: readonly ZoneView[]): readonly RankedZone[] {
  return zones.map(rankZone).sort((a, b) => byWorst(a, b) || compareText(a.trustZone, b.trustZone))
}

function rankZone(zone: ZoneView): RankedZone {
  const signals = zone.signals
    .map(view => ({ view, assessment: assessSignal(view) }))
    .sort((a, b) => byWorst(a.assessment, b.assessment) || compareText(a.view.signal, b.view.signal))
  return {
    trustZone: zone.trustZone,
    level: zoneLevel(signals),
    total: signals.reduce((total, { assessment }) => total + assessment.total, 0),
    signals,
  }
}

/** A blind spot decides the level of a zone only where the zone has nothing else. */
function zoneLevel(signals: readonly RankedSignal[]): Level {
  const seen = signals.filter(({ view }) => view.blindSpot === undefined)
  return seen.length === 0 ? 'unknown' : worstLevel(seen.map(({ assessment }) => assessment.level))
}

function byWorst(a: { level: Level; total: number }, b: { level: Level; total: number }): number {
  return levels.indexOf(b.level) - levels.indexOf(a.level) || b.total - a.total
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
