import type { SignalName } from '../../core/signals.ts'
import { LabelTree } from '../../service/series/label-tree.ts'
import type { DocumentValue, Json, SavedMinutes } from '../../service/state/state.ts'
import type { MinuteSeries } from './minute-series.ts'
import { SHARED_GATEWAY } from './series-table.ts'

/** One row of a gateway's document, and how often all series had been level when it was written; an older version wrote rows without. */
type SavedRow = [trustZone: string, signal: SignalName, first: number, next: number, feeders: string[], levels?: number]

interface SavedLevel {
  readonly levels: number
  /** By the JSON of the feeders. */
  readonly ends: [feeders: string, end: number][]
}

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
const LEVEL = 'level-minutes'

/**
 * Saves how far each series of minutes is closed. When nothing is left to close, all series are level: those with the
 * same feeders are closed up to the same minute, and one small document says it for all of them. A gateway has a
 * document of its own, which is written when one of its series begins or changes, or is not level with the others. Of the
 * two documents, the one that was written later says where a series stands.
 */
export class SeriesPositions {
  readonly #moved = new Set<string>()
  /** Gateways with a series that has closed a minute since all were last level. */
  readonly #advanced = new Set<string>()
  /** Start of the minute up to which level series are closed, by the JSON of their feeders. */
  readonly #ends = new Map<string, number>()
  #levels = 0
  #levelMoved = false

  /** A series has begun, begins elsewhere or has another feeder. */
  moved({ key }: MinuteSeries): void {
    this.#moved.add(key.gateway)
  }

  /** A series has closed a minute. */
  advanced({ key }: MinuteSeries): void {
    this.#advanced.add(key.gateway)
  }

  /**
   * Each series is closed up to the end of its feeders, or stands where its gateway's document says, if that is later.
   * Not so where a watermark is behind that of an earlier start: its older series stand further than its new ones.
   */
  level(ends: ReadonlyMap<ReadonlySet<string>, number>): void {
    if (this.#advanced.size === 0 || [...ends].some(([feeders, end]) => end < this.#endOf(feeders))) return
    this.#advanced.clear()
    for (const [feeders, end] of ends) if (Number.isFinite(end)) this.#ends.set(nameOf(feeders), end)
    this.#levels += 1
    this.#levelMoved = true
  }

  /** @param all every series there is */
  changes(all: readonly MinuteSeries[]): DocumentValue[] {
    const documents = this.#gatewayDocuments(all)
    if (this.#levelMoved) documents.push({ name: LEVEL, value: { levels: this.#levels, ends: [...this.#ends] } })
    this.#levelMoved = false
    return documents
  }

  restore(documents: readonly DocumentValue[]): SavedPosition[] {
    const level = documents.find(({ name }) => name === LEVEL)?.value as SavedLevel | undefined
    for (const [feeders, end] of level?.ends ?? []) this.#ends.set(feeders, end)
    this.#levels = level?.levels ?? 0
    return documents.filter(({ name }) => name.startsWith(OF_GATEWAY)).flatMap(document => this.#positions(document))
  }

  /** Its document goes, or is written without the series that are gone. */
  dropped({ gateway }: SavedPosition): void {
    this.#moved.add(gateway)
  }

  #endOf(feeders: Iterable<string>): number {
    return this.#ends.get(nameOf(feeders)) ?? Number.NEGATIVE_INFINITY
  }

  #positions({ name, value }: DocumentValue): SavedPosition[] {
    const gateway = name.slice(OF_GATEWAY.length)
    return (value as unknown as SavedRow[]).map(([trustZone, signal, first, next, feeders, levels = 0]) => {
      const end = levels < this.#levels ? this.#endOf(feeders) : next
      return { gateway, trustZone, signal, first, next: Math.max(next, end), feeders }
    })
  }

  #gatewayDocuments(all: readonly MinuteSeries[]): DocumentValue[] {
    const rows = new Map<string, SavedRow[]>([...this.#moved, ...this.#advanced].map(gateway => [gateway, []]))
    if (rows.size === 0) return []
    for (const { key, first, next, feeders } of all) {
      rows.get(key.gateway)?.push([key.trustZone, key.signal, first, next, [...feeders], this.#levels])
    }
    this.#moved.clear()
    this.#advanced.clear()
    return [...rows].map(([gateway, value]) => {
      return { name: OF_GATEWAY + gateway, value: value.length === 0 ? null : (value as unknown as Json) }
    })
  }
}

const nameOf = (feeders: Iterable<string>) => JSON.stringify([...feeders].sort())

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
