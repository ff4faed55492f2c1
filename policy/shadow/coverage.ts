import { type EpochMs, HOUR_MS } from '../../core/clock.ts'
import { createLocalMinutes, DAY_MINUTES } from '../../core/time/local-minutes.ts'
import { minuteOfDay, weekdayAt } from '../decide/local-time.ts'
import { weekdays } from '../model/policy.ts'
import type { TimeRange } from './time-slices.ts'

const HOURS_OF_DAY = 24

/** Hours of a source without a record that are declared as a gap. */
export const SILENT_HOURS = 3

/** Hours of a source, one after the other, in which it has no record. */
export interface Silence extends TimeRange {
  readonly source: string
}

/** Which hours have records, by source. Hours are counted from 1970 in UTC. */
export class Coverage {
  readonly #bySource = new Map<string, Map<number, number>>()

  /** @param time any time of the hour */
  add(source: string, time: EpochMs, records: number): void {
    const hours = this.#bySource.get(source) ?? new Map<number, number>()
    this.#bySource.set(source, hours)
    const hour = Math.floor(time / HOUR_MS)
    hours.set(hour, (hours.get(hour) ?? 0) + records)
  }

  get sources(): readonly string[] {
    return [...this.#bySource.keys()].sort()
  }

  /** Records by weekday, from Monday on, and hour of the day in a time zone. */
  hoursOfWeek(timeZone: string): readonly (readonly number[])[] {
    const localMinutes = createLocalMinutes(timeZone)
    const table = weekdays.map(() => Array.from({ length: HOURS_OF_DAY }, () => 0))
    for (const [hour, records] of this.#hours()) {
      const minutes = localMinutes(hour * HOUR_MS)
      const row = table[weekdayAt(minutes)] as number[]
      const column = Math.floor(minuteOfDay(minutes) / 60)
      row[column] = (row[column] as number) + records
    }
    return table
  }

  /** Days of a time zone with a record. */
  days(timeZone: string): number {
    const localMinutes = createLocalMinutes(timeZone)
    return new Set([...this.#hours()].map(([hour]) => Math.floor(localMinutes(hour * HOUR_MS) / DAY_MINUTES))).size
  }

  /** Within the window, by source and time. */
  silences({ since, until }: TimeRange): readonly Silence[] {
    const [first, end] = [Math.ceil(since / HOUR_MS), Math.floor(until / HOUR_MS)]
    return this.sources.flatMap(source => {
      const withRecords = [...(this.#bySource.get(source) ?? new Map<number, number>()).keys()]
      const ends = [first - 1, ...withRecords.filter(hour => hour >= first && hour < end).sort((a, b) => a - b), end]
      return ends.slice(1).flatMap((hour, index) => {
        const from = (ends[index] as number) + 1
        return hour - from < SILENT_HOURS ? [] : [{ source, since: from * HOUR_MS, until: hour * HOUR_MS }]
      })
    })
  }

  *#hours(): Iterable<readonly [hour: number, records: number]> {
    for (const hours of this.#bySource.values()) yield* hours
  }
}
