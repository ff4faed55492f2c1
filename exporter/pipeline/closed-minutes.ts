import { LATE_MINUTES } from '../contracts/subscriber.ts'

/** Maximum number of counts that are held one by one; more would cost as much as the ring. */
const MAX_SINGLE = 40

/**
 * The counts of the last `LATE_MINUTES` closed minutes of one series; minutes are numbered from 1970 on. A few counts
 * are held one by one, more in a ring of all minutes: a gateway name that an attacker made up has one event, and must
 * not cost 3 KB.
 */
export class ClosedMinutes {
  /** By minute, without zeros. */
  #single: Map<number, number> | undefined
  #ring: Float64Array | undefined

  /** @param minute one of the last `LATE_MINUTES` */
  get(minute: number): number {
    return this.#ring?.[minute % LATE_MINUTES] ?? this.#single?.get(minute) ?? 0
  }

  /** @param minute one of the last `LATE_MINUTES` */
  set(minute: number, count: number): void {
    if (this.#ring !== undefined) {
      this.#ring[minute % LATE_MINUTES] = count
      return
    }
    if (count === 0) {
      this.#single?.delete(minute)
      return
    }
    this.#single ??= new Map()
    this.#single.set(minute, count)
    if (this.#single.size > MAX_SINGLE) this.#spread(this.#single)
  }

  /** Adds the next minute, which pushes the oldest one out. */
  push(minute: number, count: number): void {
    this.#single?.delete(minute - LATE_MINUTES)
    this.set(minute, count)
    if (this.#single?.size === 0) this.#single = undefined
  }

  /**
   * Adds the counts of the minutes from `first` up to, not including, `end` to `sums`, one a slot.
   *
   * @returns their total
   */
  addTo(sums: Float64Array, first: number, end: number): number {
    let total = 0
    const add = (minute: number, count: number) => {
      sums[minute - first] = (sums[minute - first] as number) + count
      total += count
    }
    if (this.#ring !== undefined) {
      for (let minute = first; minute < end; minute++) add(minute, this.#ring[minute % LATE_MINUTES] as number)
    } else if (this.#single !== undefined) {
      for (const [minute, count] of this.#single) if (minute >= first && minute < end) add(minute, count)
    }
    return total
  }

  #spread(single: ReadonlyMap<number, number>): void {
    this.#ring = new Float64Array(LATE_MINUTES)
    for (const [minute, count] of single) this.#ring[minute % LATE_MINUTES] = count
    this.#single = undefined
  }
}
