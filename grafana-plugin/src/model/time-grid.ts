/**
 * The time range, divided into buckets of equal length. A sample covers the time up to it, so bucket `i` contains the
 * samples of `(start + i * bucketMs, start + (i + 1) * bucketMs]`.
 */
export interface TimeGrid {
  readonly start: number;
  readonly bucketMs: number;
  readonly count: number;
}

export interface TimeSpan {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/**
 * The finest grid with about `maxBuckets` buckets. Buckets are whole multiples of the samples' interval and aligned to
 * multiples of their own length, so none splits an interval and a refresh does not shift them.
 */
export function timeGrid({ from, to }: TimeSpan, intervalMs: number | undefined, maxBuckets: number): TimeGrid {
  const range = Math.max(1, to - from);
  const buckets = Math.max(1, Math.floor(maxBuckets));
  if (intervalMs === undefined) {
    return { start: from, bucketMs: range, count: 1 };
  }
  const bucketMs = intervalMs * Math.max(1, Math.ceil(range / intervalMs / buckets));
  const start = Math.floor(from / bucketMs) * bucketMs;
  return { start, bucketMs, count: Math.max(1, Math.ceil((to - start) / bucketMs)) };
}

/** The bucket of a time, or -1 outside of the grid. The start itself belongs to the first bucket. */
export function bucketOf(grid: TimeGrid, time: number): number {
  const bucket = Math.max(0, Math.ceil((time - grid.start) / grid.bucketMs) - 1);
  return time >= grid.start && bucket < grid.count ? bucket : -1;
}

/** The end of the bucket, in milliseconds. */
export const bucketEnd = (grid: TimeGrid, bucket: number): number => grid.start + (bucket + 1) * grid.bucketMs;
