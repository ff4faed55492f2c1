import { type EpochMs, MINUTE_MS } from '../../core/clock.ts'
import type { Bucket } from './calendar.ts'
import type { Gap } from './reading.ts'

/** What is known of a window of a source. */
export type WindowState = 'covered' | 'down' | 'unseen'

/**
 * The length of a window. Two are six minutes: a gap of that length is found wherever it lies. Prometheus has to scrape at
 * least once in each.
 */
export const WINDOW_MS = 3 * MINUTE_MS

/** The windows of a period, of which the last may be shorter. */
export class Windows {
  readonly #period: Bucket
  readonly #states: WindowState[]

  constructor(period: Bucket) {
    this.#period = period
    this.#states = new Array(Math.ceil((period.end - period.start) / WINDOW_MS)).fill('unseen')
  }

  /** Notes the window that ends at a time. What one replica covers is covered. */
  note(end: EpochMs, state: Exclude<WindowState, 'unseen'>): void {
    const index = Math.ceil((end - this.#period.start) / WINDOW_MS) - 1
    if (this.#states[index] !== undefined && this.#states[index] !== 'covered') this.#states[index] = state
  }

  get share(): number {
    const covered = this.#states.filter(state => state === 'covered').length
    return covered / this.#states.length
  }

  gaps(of: string, reasons: Readonly<Record<Exclude<WindowState, 'covered'>, string>>): Gap[] {
    const gaps: Gap[] = []
    let before: WindowState = 'covered'
    for (const [index, state] of this.#states.entries()) {
      const start = this.#period.start + index * WINDOW_MS
      const end = Math.min(start + WINDOW_MS, this.#period.end)
      const last = gaps.at(-1)
      if (state !== 'covered') {
        if (state === before && last !== undefined) gaps[gaps.length - 1] = { ...last, end }
        else gaps.push({ of, start, end, reason: reasons[state] })
      }
      before = state
    }
    return gaps
  }
}
