import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { Json, SavedMinutes } from '../../service/state/state.ts'
import type { ChangedRow, JsonPersistent, Persistent, SavedRow } from '../contracts/persistent.ts'
import { Levels } from './levels.ts'
import type { MinuteSeries } from './minute-series.ts'
import { SHARED_GATEWAY } from './series-table.ts'
import { sourceSetName } from './source-sets.ts'

/**
 * One series in the row of its gateway, how often all series had been level when it was written, and what `SavedPosition`
 * says; older versions wrote shorter rows.
 */
type SavedPositionRow = [
  trustZone: string,
  signal: SignalName,
  first: number,
  next: number,
  contributingSources: string[],
  levels?: number,
  isNew?: boolean,
  readSince?: number,
]

/** Where a series stood at the last commit. */
export interface SavedPosition {
  readonly gateway: string
  readonly trustZone: string
  readonly signal: SignalName
  readonly first: number
  readonly next: number
  readonly contributingSources: readonly string[]
  /** No minute had closed. */
  readonly isNew: boolean
  /** See `MinuteSeries`; 0 in rows of older versions. */
  readonly readSince: number
}

/**
 * Saves how far each series of minutes is closed: in a row of its gateway when a series begins or changes, or is not
 * level with the others, else in the one of all levels.
 */
export class SeriesPositions implements JsonPersistent {
  readonly key = 'minutes/'
  readonly format = 'json'
  readonly #all: readonly MinuteSeries[]
  readonly #moved = new Set<string>()
  /** Gateways with a series that has closed a minute since all were last level. */
  readonly #advanced = new Set<string>()
  readonly #levels = new Levels('level-minutes')
  /** The position of a series depends on the levels too, so that these come first. */
  readonly persistents: readonly Persistent[] = [this.#levels, this]
  #restored: SavedPosition[] = []

  /** @param all every series there is, now and later */
  constructor(all: readonly MinuteSeries[]) {
    this.#all = all
  }

  /** A series has begun, begins elsewhere or has another contributing source. */
  moved({ key }: MinuteSeries): void {
    this.#moved.add(key.gateway)
  }

  /** A series has closed a minute. */
  advanced({ key }: MinuteSeries): void {
    this.#advanced.add(key.gateway)
  }

  /** Nothing is left to close: each series is closed up to the end of its contributing sources. */
  level(ends: ReadonlyMap<ReadonlySet<string>, number>): void {
    if (this.#advanced.size === 0) return
    const named = [...ends].map(([contributingSources, end]) => [sourceSetName(contributingSources), end] as const)
    if (this.#levels.reach(named)) this.#advanced.clear()
  }

  changes(): readonly ChangedRow<Json>[] {
    const rows = new Map<string, SavedPositionRow[]>([...this.#moved, ...this.#advanced].map(gateway => [gateway, []]))
    if (rows.size === 0) return []
    const levels = this.#levels.count
    for (const { key, first, next, isNew, readSince, contributingSources } of this.#all) {
      const row = rows.get(key.gateway)
      if (row === undefined) continue
      const sources = [...contributingSources]
      row.push([key.trustZone, key.signal, first, next, sources, levels, isNew && first < next, readSince])
    }
    this.#moved.clear()
    this.#advanced.clear()
    return [...rows].map(([gateway, value]) => ({
      name: gateway,
      value: value.length === 0 ? null : (value as unknown as Json),
    }))
  }

  restore(rows: readonly SavedRow<Json>[]): void {
    this.#restored = rows.flatMap(row => this.#positions(row))
  }

  /** Where the series stood that were saved; given once. */
  takeRestored(): readonly SavedPosition[] {
    return this.#restored.splice(0)
  }

  /** Its row is deleted, or is written without the series that are gone. */
  dropped({ gateway }: SavedPosition): void {
    this.#moved.add(gateway)
  }

  #positions({ name: gateway, value }: SavedRow<Json>): SavedPosition[] {
    return (value as unknown as SavedPositionRow[]).map(
      ([trustZone, signal, first, saved, contributingSources, levels = 0, isNew = false, readSince = 0]) => {
        const next = this.#levels.since(levels, sourceSetName(contributingSources), saved)
        const hasClosed = next > saved || (first < next && !isNew)
        return { gateway, trustZone, signal, first, next, contributingSources, isNew: !hasClosed, readSince }
      },
    )
  }
}

/**
 * Which series are taken up where as many were saved as there may be, or more: those with most events in the kept
 * minutes, so that the lone events of made-up names give way, and none without an event in them.
 */
export function chooseSeries(
  positions: readonly SavedPosition[],
  minutes: readonly SavedMinutes[],
  limit: number,
): { kept: readonly SavedPosition[]; dropped: readonly SavedPosition[] } {
  const own = positions.filter(({ gateway }) => gateway !== SHARED_GATEWAY)
  if (own.length < limit) return { kept: positions, dropped: [] }
  const events = new LabelTree<number>(3)
  for (const { series, counts } of minutes) {
    events.set(
      series,
      counts.reduce((sum, count) => sum + count, 0),
    )
  }
  const eventsOf = ({ gateway, trustZone, signal }: SavedPosition) => events.get([gateway, trustZone, signal]) ?? 0
  const ranked = own.filter(position => eventsOf(position) > 0).sort((a, b) => eventsOf(b) - eventsOf(a))
  const chosen = new Set(ranked.slice(0, limit))
  const stays = (position: SavedPosition) => position.gateway === SHARED_GATEWAY || chosen.has(position)
  return { kept: positions.filter(stays), dropped: positions.filter(position => !stays(position)) }
}
