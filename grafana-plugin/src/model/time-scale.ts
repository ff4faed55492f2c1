import type { TimeSpan } from './time-grid';

/** Maps times to positions between two edges of the picture, and positions to times. */
export interface TimeScale {
  readonly xOf: (time: number) => number;
  readonly timeAt: (x: number) => number;
}

export function timeScale({ from, to }: TimeSpan, left: number, right: number): TimeScale {
  const pixels = (right - left) / Math.max(1, to - from);
  return {
    xOf: time => left + (time - from) * pixels,
    timeAt: x => from + (x - left) / pixels,
  };
}

/** The times between two positions of a drag in either direction, in whole milliseconds, at least one apart. */
export function draggedSpan(scale: TimeScale, x1: number, x2: number, within: TimeSpan): TimeSpan {
  const inside = (time: number) => Math.round(Math.min(within.to, Math.max(within.from, time)));
  const from = inside(scale.timeAt(Math.min(x1, x2)));
  return { from, to: Math.max(from + 1, inside(scale.timeAt(Math.max(x1, x2)))) };
}
