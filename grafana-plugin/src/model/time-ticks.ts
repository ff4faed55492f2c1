import type { TimeSpan } from './time-grid';

export interface TimeTicks {
  readonly times: readonly number[];
  /** A moment.js format in which all ticks differ, but for those of an hour that the clock repeats. */
  readonly format: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The offset of a time zone from UTC at a time, in minutes. */
export type OffsetAt = (time: number) => number;

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

/** Of two ticks closer than this share of the step, as where the clock is set back, only the first is shown. */
const MIN_SHARE = 0.6;

/**
 * Round times on the clock of the reader's time zone, about `minGap` pixels apart or more, on both sides of a change to
 * or from daylight saving time.
 */
export function timeTicks(span: TimeSpan, width: number, minGap: number, offsetAt: OffsetAt): TimeTicks {
  const range = Math.max(1, span.to - span.from);
  const wanted = (range * minGap) / Math.max(1, width);
  const found = steps.find(step => step.ms >= wanted);
  if (found === undefined) {
    return monthTicks(span, wanted, offsetAt);
  }
  const { ms, format } = found;
  // Clocks are set by half hours or hours, so minutes that are round before a change are round after it.
  const offset = offsetAt(span.from);
  const clock = ms < HOUR ? () => offset : offsetAt;
  const first = Math.ceil(clockRange(span, clock).from / ms);
  return {
    times: ticksAt(span, ms, clock, at => (first + at) * ms),
    format: format.startsWith('MM') && range <= DAY ? 'HH:mm' : format,
  };
}

function monthTicks(span: TimeSpan, wanted: number, offsetAt: OffsetAt): TimeTicks {
  const step = monthSteps.find(months => months * MONTH >= wanted) ?? Math.ceil(wanted / CENTURY) * CENTURY_MONTHS;
  const start = new Date(clockRange(span, offsetAt).from);
  const first = Math.ceil((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  const clockAt = (month: number) => Date.UTC(Math.floor(month / 12), month % 12, 1);
  return {
    times: ticksAt(span, step * MONTH, offsetAt, at => clockAt(first + at * step)),
    format: step < 12 ? 'YYYY-MM' : 'YYYY',
  };
}

/** What the clock shows in the range: times in milliseconds, as if they were UTC. */
function clockRange({ from, to }: TimeSpan, offsetAt: OffsetAt): TimeSpan {
  const [first, last] = [offsetAt(from) * MINUTE, offsetAt(to) * MINUTE];
  return { from: from + Math.min(first, last), to: to + Math.max(first, last) };
}

/** The ticks of the range, from what the clock shows at each of them. */
function ticksAt(span: TimeSpan, step: number, offsetAt: OffsetAt, clockAt: (at: number) => number): number[] {
  const end = clockRange(span, offsetAt).to;
  const found: number[] = [];
  for (let at = 0; clockAt(at) <= end; at++) {
    found.push(...timesOf(clockAt(at), step, offsetAt).filter(time => time >= span.from && time <= span.to));
  }
  const times: number[] = [];
  for (const time of found.sort((a, b) => a - b)) {
    if (times.length === 0 || time - times.at(-1)! >= MIN_SHARE * step) {
      times.push(time);
    }
  }
  return times;
}

/**
 * The times at which the clock shows this: usually one, two in an hour that it repeats, and none in an hour that it
 * skips. A day that would begin in a skipped hour begins after it.
 */
function timesOf(clock: number, step: number, offsetAt: OffsetAt): number[] {
  const [before, after] = [clock - offsetAt(clock - DAY) * MINUTE, clock - offsetAt(clock + DAY) * MINUTE];
  const candidates = before === after ? [before] : [before, after];
  const shown = candidates.filter(time => time + offsetAt(time) * MINUTE === clock);
  return shown.length === 0 && step >= DAY ? [before] : shown;
}
