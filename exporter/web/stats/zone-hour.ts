import { type EpochMs, MINUTE_MS } from '../../../core/clock.ts'
import { Top } from '../../../core/top.ts'
import { MINUTE, type MinuteSeries } from '../../pipeline/minute-series.ts'
import { SHARED_GATEWAY } from '../../pipeline/series-table.ts'
import { byCount, type Tally } from './tally.ts'

const MINUTES = 60
/** A minute that is still open this long after its end is not being read. */
const OVERDUE_MS = 2 * MINUTE_MS
/** Gateways that are named, those with most events first. */
const NAMED_GATEWAYS = 3

/**
 * What is known of one minute's count:
 * `complete`, every source has passed it; `open`, still being read; `partial`, records were lost or a gateway is not
 * being read, the count is a lower bound; `unknown`, the minute was not read, the count has no meaning.
 */
export type MinuteMark = 'complete' | 'open' | 'partial' | 'unknown'

export interface MinuteView {
  /** Start of the minute. */
  readonly start: EpochMs
  readonly count: number
  readonly mark: MinuteMark
}

/** The part of a minute series that the hour needs. */
export type SeriesMinutes = Pick<MinuteSeries, 'key' | 'first' | 'next' | 'addTo'>

/** Start of the first of the 60 minutes that the page shows, milliseconds. */
export const firstMinute = (now: EpochMs): EpochMs => (Math.floor(now / MINUTE_MS) - MINUTES + 1) * MINUTE_MS

/** How each mark is held, so that the marks of thousands of series fit into a byte a minute. */
const bits = { complete: 1, open: 2, partial: 4, unknown: 8 } as const satisfies Record<MinuteMark, number>

/** The last hour of one signal of one trust zone, added up over the series of its gateways. */
export class ZoneHour {
  readonly #now: EpochMs
  readonly #readSince: EpochMs | undefined
  readonly #counts = new Float64Array(MINUTES)
  readonly #marks = new Uint8Array(MINUTES)
  /** The series and lost minutes that were marked last: thousands in a row leave the same marks. */
  #marked: { first: number; next: number; lost: ReadonlySet<number> } | undefined
  readonly #named = new Top<Tally>(NAMED_GATEWAYS, byCount)
  #gateways = 0
  #shared = 0

  /** @param readSince when all sources were being read: before, a minute without a count is no zero */
  constructor(now: EpochMs, readSince: EpochMs | undefined) {
    this.#now = now
    this.#readSince = readSince
  }

  /**
   * Adds a series.
   *
   * @param lost minutes of which one of its sources has lost records
   * @returns its events of the hour
   */
  add(series: SeriesMinutes, lost: ReadonlySet<number>): number {
    const first = firstMinute(this.#now) / 1000
    this.#mark(series, first, lost)
    const events = series.addTo(this.#counts, first)
    const { gateway } = series.key
    if (gateway === SHARED_GATEWAY) this.#shared += events
    else if (events > 0) {
      this.#gateways += 1
      this.#named.add({ name: gateway, count: events })
    }
    return events
  }

  /** Sums of the gateways that were read at the time: a sum of which a part is missing is a lower bound. */
  minutes(): MinuteView[] {
    const first = firstMinute(this.#now)
    return Array.from(this.#counts, (count, slot) => {
      return { start: first + slot * MINUTE_MS, count, mark: markOf(this.#marks[slot] ?? 0) }
    })
  }

  /** Those with most events, most first. */
  get gateways(): readonly Tally[] {
    return this.#named.list()
  }

  /** Gateways with events beside those that are named. */
  get otherGateways(): number {
    return this.#gateways - this.#named.list().length
  }

  /** Events of the gateways that share a series. */
  get shared(): number {
    return this.#shared
  }

  #mark(series: SeriesMinutes, start: number, lost: ReadonlySet<number>): void {
    // Whatever began before the hour is marked alike.
    const first = Math.max(series.first, start)
    const { next } = series
    const marked = this.#marked
    if (marked?.first === first && marked.next === next && marked.lost === lost) return
    this.#marked = { first, next, lost }
    for (let slot = 0; slot < MINUTES; slot++) {
      this.#marks[slot] = (this.#marks[slot] as number) | this.#bitOf(series, start + slot * MINUTE, lost)
    }
  }

  /** Minutes before a series began are zeros where its sources were already read. */
  #bitOf({ first, next }: SeriesMinutes, start: number, lost: ReadonlySet<number>): number {
    if (start < first) return this.#readSince !== undefined && start * 1000 >= this.#readSince ? bits.complete : 0
    if (start < next) return lost.has(start) ? bits.partial : bits.complete
    return start * 1000 + MINUTE_MS + OVERDUE_MS < this.#now ? bits.unknown : bits.open
  }
}

function markOf(held: number): MinuteMark {
  for (const [mark, bit] of Object.entries(bits)) if (held === bit) return mark as MinuteMark
  if (held === 0) return 'unknown'
  return (held & (bits.partial | bits.unknown)) > 0 ? 'partial' : 'open'
}
