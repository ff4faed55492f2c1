import type { BackfilledMinutes } from '../contracts/subscriber.ts'
import type { SeriesScoring } from './series-scoring.ts'

interface Waiting {
  readonly series: SeriesScoring
  readonly events: number
}

/** Minutes that are scored between two looks at the clock; about half a millisecond. */
const STRIDE = 50

/** Series whose backfill is still to be scored: those of the zone with most events first, so that what matters is ready first. */
export class BackfillQueue {
  #waiting: Waiting[] = []
  readonly #queued = new Set<SeriesScoring>()
  #sorted = true
  #finished = 0

  get size(): number {
    return this.#waiting.length
  }

  /** Series whose backfill was scored since the start. */
  get finished(): number {
    return this.#finished
  }

  get minutesLeft(): number {
    return this.#waiting.reduce((sum, { series }) => sum + series.minutesLeft, 0)
  }

  add(series: SeriesScoring, { counts }: BackfilledMinutes): void {
    let events = 0
    for (const count of counts.values()) events += count
    if (this.#queued.has(series)) this.#waiting = this.#waiting.filter(waiting => waiting.series !== series)
    this.#queued.add(series)
    this.#waiting.push({ series, events })
    this.#sorted = false
  }

  /** Scores until `isTimeUp`; true where some is left. @param finished is given each series of which none is left */
  advance(isTimeUp: () => boolean, finished: (series: SeriesScoring) => void): boolean {
    this.#sort()
    for (let next = this.#waiting.at(-1); next !== undefined; next = this.#waiting.at(-1)) {
      if (next.series.advance(STRIDE)) {
        this.#waiting.pop()
        this.#queued.delete(next.series)
        this.#finished++
        finished(next.series)
      }
      if (isTimeUp()) break
    }
    return this.#waiting.length > 0
  }

  /** The next one last. */
  #sort(): void {
    if (this.#sorted) return
    this.#sorted = true
    const zones = new Map<string, number>()
    for (const { series, events } of this.#waiting) {
      const { trustZone } = series.key
      zones.set(trustZone, (zones.get(trustZone) ?? 0) + events)
    }
    const zoneOf = ({ series }: Waiting) => zones.get(series.key.trustZone) ?? 0
    this.#waiting.sort((a, b) => zoneOf(a) - zoneOf(b) || a.events - b.events)
  }
}
