import type { TimeSpan } from './time-grid';

export interface TimeTicks {
  readonly times: readonly number[];
  /** A moment.js format in which all ticks differ. */
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
  ...[1, 2, 7, 14].map(n => ({ ms: n * DAY, format: 'YYYY-MM-DD' })),
];
const MONTH = 30.4 * DAY;
/** Months between ticks at the beginning of a month; from a year on, of a year. */
const monthSteps = [1, 3, 6, 12, 24, 60, 120, 240, 600];
const CENTURY_MONTHS = 1200;
const CENTURY = CENTURY_MONTHS * MONTH;

/**
 * Round times at least `minGap` pixels apart. `offsetMinutes` is the time zone's offset from UTC, so that days begin at
 * midnight in that zone.
 */
export function timeTicks(span: TimeSpan, width: number, minGap: number, offsetMinutes: number): TimeTicks {
  const range = Math.max(1, span.to - span.from);
  const wanted = (range * minGap) / Math.max(1, width);
  const offset = offsetMinutes * MINUTE;
  const found = steps.find(step => step.ms >= wanted);
  if (found === undefined) {
    return monthTicks(span, wanted, offset);
  }
  const { ms, format } = found;
  const times: number[] = [];
  for (let time = Math.ceil((span.from + offset) / ms) * ms - offset; time <= span.to; time += ms) {
    times.push(time);
  }
  return { times, format: format.startsWith('MM') && range <= DAY ? 'HH:mm' : format };
}

function monthTicks(span: TimeSpan, wanted: number, offset: number): TimeTicks {
  const step = monthSteps.find(months => months * MONTH >= wanted) ?? Math.ceil(wanted / CENTURY) * CENTURY_MONTHS;
  const start = new Date(span.from + offset);
  const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  const times: number[] = [];
  for (let month = first; ; month += step) {
    const time = Date.UTC(Math.floor(month / 12), month % 12, 1) - offset;
    if (!(time <= span.to)) {
      break;
    }
    if (time >= span.from) {
      times.push(time);
    }
  }
  return { times, format: step < 12 ? 'YYYY-MM' : 'YYYY' };
}
