import type { DatabaseSync } from 'node:sqlite'
import type { EpochMs } from '../../core/clock.ts'
import { isObject } from '../../core/json.ts'
import { damagedRow, documentsOf, timeOfSeconds } from './state-documents.ts'

/** Up to when one minute series is closed. */
export interface MinutePosition {
  readonly signal: string
  /** Start of its oldest open minute. */
  readonly next: EpochMs
  /** Names of its contributing sources. */
  readonly sources: readonly string[]
}

/** How far series are closed that nothing holds up, and what each gateway's row says. */
export interface MinutePositions {
  readonly series: readonly MinutePosition[]
  /** By contributing sources, as far as all were level. */
  readonly levels: readonly EpochMs[]
}

/** A row of exporter/pipeline/series-positions.ts; older versions wrote shorter ones. */
type SeriesRow = readonly [
  trustZone: string,
  signal: string,
  first: number,
  next: number,
  sources: readonly string[],
  levels?: number,
]

/**
 * Where the minute series stand. Each is saved when it changes, and all of them by one document when nothing is left to
 * close (exporter/pipeline/levels.ts): of the two, the one that was saved later is right.
 */
export function readPositions(database: DatabaseSync): MinutePositions {
  const level = documentsOf(database, 'level-minutes').find(({ name }) => name === '')?.value
  const { count, ends } = level === undefined ? { count: 0, ends: new Map<string, number>() } : levelOf(level)
  const series = documentsOf(database, 'minutes/').flatMap(({ value }) => {
    if (!Array.isArray(value) || !value.every(isSeriesRow)) throw damagedRow('documents')
    return value.map(([, signal, , saved, sources, levels = 0]) => {
      const name = JSON.stringify([...sources].sort())
      const next = levels < count ? Math.max(saved, ends.get(name) ?? saved) : saved
      return { signal, next: timeOfSeconds('documents', next), sources }
    })
  })
  return { series, levels: [...ends.values()].map(end => timeOfSeconds('documents', end)) }
}

/**
 * Up to when all minutes of a signal are closed; of a signal without a series, those of all series. Null where none is.
 */
export function closedUntil({ series, levels }: MinutePositions, signal: string): EpochMs | null {
  // A series whose sources are gone from the configuration never closes a minute again.
  const fed = series.filter(({ sources }) => sources.length > 0)
  const own = fed.filter(one => one.signal === signal)
  const ends = own.length > 0 ? own.map(({ next }) => next) : [...fed.map(({ next }) => next), ...levels]
  return ends.length === 0 ? null : Math.min(...ends)
}

function levelOf(value: unknown): { readonly count: number; readonly ends: ReadonlyMap<string, number> } {
  const { levels, ends } = isObject(value) ? value : {}
  const areEnds =
    Array.isArray(ends) && ends.every(([name, end]) => typeof name === 'string' && typeof end === 'number')
  if (typeof levels !== 'number' || !areEnds) throw damagedRow('documents')
  return { count: levels, ends: new Map(ends as [string, number][]) }
}

const isSeriesRow = (row: unknown): row is SeriesRow =>
  Array.isArray(row) &&
  typeof row[1] === 'string' &&
  Number.isFinite(row[3]) &&
  Array.isArray(row[4]) &&
  row[4].every(source => typeof source === 'string')
