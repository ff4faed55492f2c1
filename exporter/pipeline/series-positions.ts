import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { DocumentValue, Json, SavedMinutes } from '../../service/state/state.ts'
import { feedersName } from './feeder-sets.ts'
import { Levels } from './levels.ts'
import type { MinuteSeries } from './minute-series.ts'
import { SHARED_GATEWAY } from './series-table.ts'

/** One row of a gateway's document, and how often all series had been level when it was written; an older version wrote rows without. */
type SavedRow = [trustZone: string, signal: SignalName, first: number, next: number, feeders: string[], levels?: number]

/** Where a series stood at the last commit. */
export interface SavedPosition {
  readonly gateway: string
  readonly trustZone: string
  readonly signal: SignalName
  readonly first: number
  readonly next: number
  readonly feeders: readonly string[]
}

const OF_GATEWAY = 'minutes/'

/**
 * Saves how far each series of minutes is closed: in a document of its gateway when a series begins or changes, or is not
 * level with the others, else in the one of all levels.
 */
export class SeriesPositions {
  readonly #moved = new Set<string>()
  /** Gateways with a series that has closed a minute since all were last level. */
  readonly #advanced = new Set<string>()
  readonly #levels = new Levels('level-minutes')

  /** A series has begun, begins elsewhere or has another feeder. */
  moved({ key }: MinuteSeries): void {
    this.#moved.add(key.gateway)
  }

  /** A series has closed a minute. */
  advanced({ key }: MinuteSeries): void {
    this.#advanced.add(key.gateway)
  }

  /** Nothing is left to close: each series is closed up to the end of its feeders. */
  level(ends: ReadonlyMap<ReadonlySet<string>, number>): void {
    if (this.#advanced.size === 0) return
    const named = [...ends].map(([feeders, end]) => [feedersName(feeders), end] as const)
    if (this.#levels.reach(named)) this.#advanced.clear()
  }

  /** @param all every series there is */
  changes(all: readonly MinuteSeries[]): DocumentValue[] {
    return [...this.#gatewayDocuments(all), ...this.#levels.changes()]
  }

  restore(documents: readonly DocumentValue[]): SavedPosition[] {
    this.#levels.restore(documents)
    return documents.filter(({ name }) => name.startsWith(OF_GATEWAY)).flatMap(document => this.#positions(document))
  }

  /** Its document goes, or is written without the series that are gone. */
  dropped({ gateway }: SavedPosition): void {
    this.#moved.add(gateway)
  }

  #positions({ name, value }: DocumentValue): SavedPosition[] {
    const gateway = name.slice(OF_GATEWAY.length)
    return (value as unknown as SavedRow[]).map(([trustZone, signal, first, saved, feeders, levels = 0]) => {
      const next = this.#levels.since(levels, feedersName(feeders), saved)
      return { gateway, trustZone, signal, first, next, feeders }
    })
  }

  #gatewayDocuments(all: readonly MinuteSeries[]): DocumentValue[] {
    const rows = new Map<string, SavedRow[]>([...this.#moved, ...this.#advanced].map(gateway => [gateway, []]))
    if (rows.size === 0) return []
    for (const { key, first, next, feeders } of all) {
      rows.get(key.gateway)?.push([key.trustZone, key.signal, first, next, [...feeders], this.#levels.count])
    }
    this.#moved.clear()
    this.#advanced.clear()
    return [...rows].map(([gateway, value]) => {
      return { name: OF_GATEWAY + gateway, value: value.length === 0 ? null : (value as unknown as Json) }
    })
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
