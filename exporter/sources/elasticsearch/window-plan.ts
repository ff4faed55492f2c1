import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import type { Window } from './window.ts'

/** Lengths of the intervals by which documents are counted, the longest first. */
const STEPS = [HOUR_MS, MINUTE_MS, 1_000, 1] as const
/** A part that is not longer is read as one window, without asking how many documents it holds. */
const SHORT = MINUTE_MS
/** Intervals in the answer to one question; Elasticsearch refuses more than 65,536. */
const MAX_INTERVALS = 10_000

/**
 * A window is read again from its start when its reading is interrupted: at most this many documents and pages are
 * read twice.
 */
const MAX_DOCUMENTS = 200_000
const MAX_PAGES = 100

/** How many documents one window should hold. */
export const windowDocuments = (pageSize: number) => Math.min(MAX_DOCUMENTS, MAX_PAGES * pageSize)

/** How many documents the index holds in the interval of ingest time that begins at `start`. */
export interface IntervalCount {
  readonly start: EpochMs
  readonly documents: number
}

/** A window with the number of documents that were counted in it. */
export interface CountedWindow extends Window {
  readonly documents: number
  /** Length of the intervals that were counted. */
  readonly step: number
}

export interface PlanRules {
  /** Documents that one window should hold; see `windowDocuments`. */
  readonly most: number
  /** Longest window, milliseconds; at least a minute. */
  readonly widest: number
}

/** Asks the index how many documents each interval of the window holds. Intervals without any may be left out. */
export type Count = (window: Window, step: number) => Promise<readonly IntervalCount[]>

/**
 * Divides a part into adjoining windows of at most `most` documents. An interval that alone holds more becomes a window
 * of its own, to be counted by a shorter step.
 *
 * @param counts of intervals of the length `step`, in ascending order
 */
export function divide(
  part: Window,
  counts: readonly IntervalCount[],
  step: number,
  { most, widest }: PlanRules,
): CountedWindow[] {
  const windows: CountedWindow[] = []
  let { after } = part
  let documents = 0
  const close = (through: EpochMs) => {
    while (after < through) {
      const end = Math.min(through, after + widest)
      windows.push({ after, through: end, documents, step })
      after = end
      documents = 0
    }
  }
  for (const count of counts) {
    const begin = Math.max(part.after, count.start - 1)
    const end = Math.min(part.through, count.start - 1 + step)
    if (documents + count.documents > most || end - after > widest) close(begin)
    documents += count.documents
    if (count.documents > most) close(end)
  }
  close(part.through)
  return windows
}

/**
 * The windows of a backlog. One question counts the documents of the whole part, further ones only those of an interval
 * that holds too many, down to a millisecond; the answer is kept until it has been read.
 */
export class WindowPlan {
  readonly #rules: PlanRules
  readonly #steps: readonly number[]
  #rest: CountedWindow[] = []

  constructor(rules: PlanRules) {
    this.#rules = rules
    this.#steps = STEPS.filter(step => step <= rules.widest)
  }

  /** The window with which the part begins; `documents` is undefined where they were not counted. */
  async next(part: Window, count: Count): Promise<Window & { readonly documents?: number }> {
    while (this.#rest[0] !== undefined && this.#rest[0].through <= part.after) this.#rest.shift()
    if (this.#rest[0]?.after !== part.after) this.#rest = []
    if (this.#rest.length === 0) {
      if (part.through - part.after <= SHORT) return part
      this.#rest = await this.#counted(part, this.#steps[0] as number, count)
    }
    for (;;) {
      const first = this.#rest[0] as CountedWindow
      const finer = this.#steps.find(step => step < first.step)
      if (first.documents <= this.#rules.most || finer === undefined) {
        return { ...first, through: Math.min(first.through, part.through) }
      }
      this.#rest.splice(0, 1, ...(await this.#counted(first, finer, count)))
    }
  }

  async #counted(part: Window, step: number, count: Count): Promise<CountedWindow[]> {
    const { after } = part
    const counted = { after, through: Math.min(part.through, after + step * MAX_INTERVALS) }
    return divide(counted, await count(counted, step), step, this.#rules)
  }
}
