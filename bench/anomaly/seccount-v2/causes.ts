import { type Cause, NO_CAUSE } from '../seccount/corpus.ts'

/**
 * What is unusual and benign. Where two meet in a minute, the earlier of this list is named: what is short and explains
 * most.
 */
export const causes = [
  NO_CAUSE,
  { name: 'outage', neutral: true },
  { name: 'catch-up', neutral: false },
  { name: 'retry', neutral: false },
  { name: 'gap', neutral: false },
  { name: 'new gateway', neutral: false },
  { name: 'holiday', neutral: false },
  { name: 'half day', neutral: false },
  { name: 'month end', neutral: false },
  { name: 'job', neutral: false },
  { name: 'daylight saving', neutral: false },
  { name: 'release', neutral: false },
] as const satisfies readonly Cause[]
export type CauseName = (typeof causes)[number]['name']

const NONE = 0
const indexOf = new Map<CauseName, number>(causes.map(({ name }, index) => [name, index]))

/** The cause of each minute of a series. */
export class CauseMap {
  readonly minutes: Uint8Array

  constructor(minutes: number) {
    this.minutes = new Uint8Array(minutes)
  }

  /** @param first may lie before the corpus, @param last behind it */
  mark(name: CauseName, first: number, last = first): void {
    const index = indexOf.get(name) as number
    for (let minute = Math.max(0, first); minute <= Math.min(last, this.minutes.length - 1); minute++) {
      const known = this.minutes[minute] as number
      if (known === NONE || index < known) this.minutes[minute] = index
    }
  }

  is(name: CauseName, minute: number): boolean {
    return this.minutes[minute] === indexOf.get(name)
  }
}
