import type { TimeSpan } from './time-grid';

export interface TimeTicks {
  readonly times: readonly number[];
  /** A moment.js format that tells the ticks apart. */
  readonly format: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const steps: readonly { readonly ms: number; readonly format: string }[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map(ms => ({ ms, format: 'HH:mm:ss.SSS' })),
  ...[1, 2, 5, 10, 15, 30].map(n => ({ ms: n * SECOND, format: 'HH:mm:ss' })),
  ...[1, 2, 5, 10, 15, 30].map(n => ({ ms: n * MINUTE, format: 'HH:mm' })),
  ...[1, 2, 3, 6, 12].map(n => ({ ms: n * HOUR, format: 'MM/DD HH:mm' })),
  ...[1, 2, 7, 14, 30, 90, 180].map(n => ({ ms: n * DAY, format: 'YYYY-MM-DD' })),
];
const YEAR = 365.25 * DAY;

/**
 * Round times at least `minGap` pixels apart. `offsetMinutes` is the time zone's offset from UTC, so that days begin at
 * the reader's midnight.
 */
export function timeTicks(span: TimeSpan, width: number, minGap: number, offsetMinutes: number): TimeTicks {
  const range = Math.max(1, span.to - span.from);
  const wanted = (range * minGap) / Math.max(1, width);
  const found = steps.find(step => step.ms >= wanted);
  const ms = found?.ms ?? Math.ceil(wanted / YEAR) * YEAR;
  const offset = offsetMinutes * MINUTE;
  const times: number[] = [];
  for (let time = Math.ceil((span.from + offset) / ms) * ms - offset; time <= span.to; time += ms) {
    times.push(time);
  }
  const format = found?.format ?? 'YYYY-MM';
  return { times, format: format.startsWith('MM') && range <= DAY ? 'HH:mm' : format };
}
