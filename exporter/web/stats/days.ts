import { type Clock, DAY_MS, type EpochMs } from '../../../core/clock.ts'
import type { SecurityEvent } from '../../../core/event.ts'
import { reasonOf, type SignalName } from '../../../core/signals.ts'
import { LabelTree } from '../../../service/series/label-tree.ts'
import type { BytesPersistent, ChangedRow, SavedRow } from '../../contracts/persistent.ts'
import type { EventSubscriber } from '../../contracts/subscriber.ts'
import { byCount, type Tally } from './tally.ts'

/** The day under way and the 15 before it. */
const DAYS = 16

/** Events of whole days (UTC), the current day last. */
export interface DaysView {
  /** Start of each day, oldest first. */
  readonly days: readonly EpochMs[]
  readonly rows: readonly DayRow[]
}

export interface DayRow {
  readonly trustZone: string
  readonly signal: SignalName
  /** Events of each of `days` by reason, most first. */
  readonly days: readonly (readonly Tally[])[]
}

/** Events of one day by reason. */
type Reasons = Map<string, number>

interface Row {
  readonly trustZone: string
  readonly signal: SignalName
  /** By day number since 1970. */
  readonly days: Map<number, Reasons>
}

type SavedDays = [trustZone: string, signal: SignalName, days: [day: number, reasons: [string, number][]][]]

/** Events of whole days (UTC) by trust zone, signal and reason, live or of a backfill; saved with the counters that they belong to. */
export class Days implements EventSubscriber, BytesPersistent {
  readonly key = 'days'
  readonly format = 'bytes'
  readonly #clock: Pick<Clock, 'now'>
  readonly #byLabels = new LabelTree<Row>(2)
  readonly #rows: Row[] = []
  #first = Number.POSITIVE_INFINITY
  #changed = false

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  onEvent(event: SecurityEvent): void {
    const today = dayOf(this.#clock.now())
    const day = Math.min(dayOf(event.eventTime), today)
    if (day <= today - DAYS) return
    const { days } = this.#row(event.trustZone, event.signal)
    let reasons = days.get(day)
    if (reasons === undefined) {
      reasons = new Map()
      days.set(day, reasons)
      this.#first = Math.min(this.#first, day)
      for (const old of days.keys()) if (old <= today - DAYS) days.delete(old)
    }
    const reason = reasonOf(event)
    reasons.set(reason, (reasons.get(reason) ?? 0) + event.count)
    this.#changed = true
  }

  view(now: EpochMs): DaysView {
    const today = dayOf(now)
    const first = Math.max(this.#first, today - DAYS + 1)
    const days = Array.from({ length: Math.max(0, today - first + 1) }, (_, index) => first + index)
    return {
      days: days.map(day => day * DAY_MS),
      rows: this.#rows.map(row => ({
        trustZone: row.trustZone,
        signal: row.signal,
        days: days.map(day => tallies(row.days.get(day))),
      })),
    }
  }

  changes(): readonly ChangedRow<Uint8Array>[] {
    if (!this.#changed) return []
    this.#changed = false
    const rows = this.#rows.map(({ trustZone, signal, days }): SavedDays => {
      return [trustZone, signal, [...days].map(([day, reasons]) => [day, [...reasons]])]
    })
    return [{ name: '', value: new TextEncoder().encode(JSON.stringify(rows)) }]
  }

  restore([blob]: readonly SavedRow<Uint8Array>[]): void {
    if (blob === undefined) return
    for (const [trustZone, signal, days] of JSON.parse(new TextDecoder().decode(blob.value)) as SavedDays[]) {
      const row = this.#row(trustZone, signal)
      for (const [day, reasons] of days) {
        row.days.set(day, new Map(reasons))
        this.#first = Math.min(this.#first, day)
      }
    }
  }

  #row(trustZone: string, signal: SignalName): Row {
    const labels = [trustZone, signal]
    const known = this.#byLabels.get(labels)
    if (known !== undefined) return known
    const row: Row = { trustZone, signal, days: new Map() }
    this.#byLabels.set(labels, row)
    this.#rows.push(row)
    return row
  }
}

const dayOf = (time: EpochMs) => Math.floor(time / DAY_MS)

function tallies(reasons: Reasons | undefined): Tally[] {
  return [...(reasons ?? [])].map(([name, count]) => ({ name, count })).sort(byCount)
}
