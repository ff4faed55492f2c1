import { median } from 'simple-statistics'
import { LabelTree } from '../../../service/series/label-tree.ts'
import type { BackfilledMinutes, EventSubscriber, MinuteKey } from '../../contracts/subscriber.ts'

const HOUR = 3600
/** 14 days. */
const MAX_HOURS = 336
/** Fewer hours than a day are not enough for a usual rate. */
const ENOUGH_HOURS = 24

/**
 * Events of the whole hours of each trust zone and signal, over its gateways: what the page compares the last hour
 * with.
 */
export class UsualHours implements EventSubscriber {
  readonly #hours = new LabelTree<Map<number, number>>(2)
  /** Start of the first minute that was counted of a series: a backfill adds only what is before it. */
  readonly #countedFrom = new Map<MinuteKey, number>()

  /** Median events of an hour; undefined while less than a day is known. */
  usual(trustZone: string, signal: string): number | undefined {
    const hours = this.#hours.get([trustZone, signal])
    if (hours === undefined) return undefined
    const first = Math.min(...hours.keys())
    const whole = Math.max(...hours.keys()) - first - 1
    if (whole < ENOUGH_HOURS) return undefined
    // The first hour and the one under way are not whole.
    return median(Array.from({ length: whole }, (_, index) => hours.get(first + 1 + index) ?? 0))
  }

  onMinute(key: MinuteKey, start: number, count: number): void {
    if (!this.#countedFrom.has(key)) this.#countedFrom.set(key, start)
    this.#add(key, start, count)
  }

  onLateEvents(key: MinuteKey, start: number, count: number): void {
    this.#add(key, start, count)
  }

  onBackfill({ key, first, end, counts }: BackfilledMinutes): void {
    const countedFrom = this.#countedFrom.get(key) ?? end
    this.#add(key, first, 0)
    for (const [minute, count] of counts) if (minute < countedFrom) this.#add(key, minute, count)
    this.#countedFrom.set(key, Math.min(first, countedFrom))
  }

  #add({ trustZone, signal }: MinuteKey, minute: number, count: number): void {
    let hours = this.#hours.get([trustZone, signal])
    if (hours === undefined) {
      hours = new Map()
      this.#hours.set([trustZone, signal], hours)
    }
    const hour = Math.floor(minute / HOUR)
    hours.set(hour, (hours.get(hour) ?? 0) + count)
    if (hours.size > MAX_HOURS) hours.delete(Math.min(...hours.keys()))
  }
}
