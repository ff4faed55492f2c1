/** Numbers, cut where anything begins or ends: a value lies in one interval, and all values of an interval are alike. */
export interface Intervals {
  readonly size: number
  /** The interval of a value that is not negative. */
  at(value: number): number
}

/** @param starts where intervals begin, in any order */
export function createIntervals(starts: Iterable<number>): Intervals {
  const sorted = Float64Array.from(new Set([0, ...starts])).sort()
  return {
    size: sorted.length,
    at(value) {
      let low = 0
      let high = sorted.length
      while (high - low > 1) {
        const middle = (low + high) >>> 1
        if ((sorted[middle] as number) <= value) low = middle
        else high = middle
      }
      return low
    },
  }
}
