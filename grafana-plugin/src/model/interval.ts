import { sampleCount, type Series } from './series';

/** Deltas examined in each series: enough to find the step, however long the series is. */
const DELTAS = 32;

/**
 * The time between samples in milliseconds: the step that the data source states, or the smallest one of the first
 * samples, which gaps do not affect. Undefined if neither is known, as for one sample without a stated step.
 */
export function intervalOf(series: Series): number | undefined {
  if (series.times === undefined) {
    return undefined;
  }
  const count = sampleCount(series);
  let smallest = series.stepMs !== undefined && series.stepMs > 0 ? series.stepMs : Number.POSITIVE_INFINITY;
  for (let at = 1; at < Math.min(count, DELTAS); at++) {
    const step = timeAt(series, at) - timeAt(series, at - 1);
    if (step > 0 && step < smallest) {
      smallest = step;
    }
  }
  return Number.isFinite(smallest) ? Math.max(1, Math.round(smallest)) : undefined;
}

function timeAt(series: Series, position: number): number {
  const time: unknown = series.times?.[series.rows?.[position] ?? position];
  return typeof time === 'number' ? time : Number.NaN;
}
