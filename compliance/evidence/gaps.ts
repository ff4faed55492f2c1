import type { Bucket } from './calendar.ts'
import type { Gap } from './reading.ts'

/** Consecutive buckets in which nothing was observed. */
export function gapsOf(
  buckets: readonly Bucket[],
  isObserved: readonly boolean[],
  { of, reason }: Pick<Gap, 'of' | 'reason'>,
): readonly Gap[] {
  const gaps: Gap[] = []
  for (const [bucket, { start, end }] of buckets.entries()) {
    if (isObserved[bucket] === true) continue
    const before = gaps.at(-1)
    if (before?.end === start) gaps[gaps.length - 1] = { ...before, end }
    else gaps.push({ of, start, end, reason })
  }
  return gaps
}
