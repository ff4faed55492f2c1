import type { Field } from '@grafana/data';
import { type Cells, emptyCells } from './cells';
import { intervalOf } from './interval';
import { ColorTable, type Palette } from './palette';
import { companionRoleOf } from './roles';
import { sampleAt, sampleCount, type Series } from './series';
import { bucketOf, type TimeGrid, timeGrid, type TimeSpan } from './time-grid';

/** A sample of a lane that is shown beside it: its newest, or its worst. */
export interface LaneSample {
  readonly value: number;
  readonly time: number;
  readonly rank: number;
  readonly field: Field;
}

/** One signal in one trust zone over the range. */
export interface Lane {
  readonly zone: string;
  readonly signal: string;
  /** The name of the lane: the display name if one is set for its series, otherwise the signal. */
  readonly name: string;
  /** Usually one; several if series share zone and signal, such as two gateways: the lane shows their maximum. */
  readonly sources: readonly Series[];
  readonly cells: Cells;
  /** The worst sample in the range. */
  readonly peak: LaneSample | undefined;
  /** Absent if the lane is empty or its samples ended before those of the others. */
  readonly now: LaneSample | undefined;
}

export interface LaneModel {
  readonly grid: TimeGrid;
  readonly lanes: readonly Lane[];
  readonly colors: readonly string[];
  /** Series that explain scores, by lane. */
  readonly companions: ReadonlyMap<string, readonly Series[]>;
}

export interface LaneQuestion {
  /** Series with both labels. */
  readonly series: readonly Series[];
  readonly labels: { readonly zone: string; readonly signal: string };
  readonly range: TimeSpan;
  readonly maxBuckets: number;
  readonly paletteOf: (field: Field) => Palette;
}

/** A lane is current while its newest sample is at most this many intervals older than the newest of all lanes. */
const STALE_INTERVALS = 5;

export const laneKey = (zone: string, signal: string): string => JSON.stringify([zone, signal]);

export function buildLanes({ series, labels, range, maxBuckets, paletteOf }: LaneQuestion): LaneModel {
  const shown = new Map<string, Series[]>();
  const companions = new Map<string, Series[]>();
  for (const one of series) {
    const group = companionRoleOf(one) === undefined ? shown : companions;
    const key = laneKey(one.labels[labels.zone] ?? '', one.labels[labels.signal] ?? '');
    const members = group.get(key);
    if (members === undefined) {
      group.set(key, [one]);
    } else {
      members.push(one);
    }
  }

  const all = [...shown.values()].flat();
  const finest = all.map(intervalOf).reduce(smaller, undefined);
  // A sample whose interval is unknown has the narrowest cell; only values without a time fill the range.
  const isDated = all.some(({ times }) => times !== undefined);
  const grid = timeGrid(range, finest ?? (isDated ? 1 : undefined), maxBuckets);
  const table = new ColorTable();
  const drafts = [...shown.values()].map(sources => draftLane(sources, grid, range.to, table, paletteOf));
  const newest = Math.max(...drafts.map(draft => draft.last?.time ?? Number.NEGATIVE_INFINITY), grid.start);
  const lanes = drafts.map(({ sources, cells, peak, last }) => ({
    zone: sources[0]!.labels[labels.zone] ?? '',
    signal: sources[0]!.labels[labels.signal] ?? '',
    name: sources[0]!.field.config.displayName || (sources[0]!.labels[labels.signal] ?? ''),
    sources,
    cells,
    peak,
    now: last !== undefined && newest - last.time <= STALE_INTERVALS * (finest ?? 0) ? last : undefined,
  }));
  return { grid, lanes, colors: table.colors, companions };
}

/** The worst of several samples: first by severity and then by value. */
export const worstOf = (samples: ReadonlyArray<LaneSample | undefined>): LaneSample | undefined =>
  samples.reduce((worst, one) => (one && (!worst || isWorse(one, worst)) ? one : worst), undefined);

const isWorse = (one: LaneSample, than: LaneSample) =>
  one.rank > than.rank || (one.rank === than.rank && one.value > than.value);

const smaller = (a: number | undefined, b: number | undefined) =>
  a === undefined || (b !== undefined && b < a) ? b : a;

interface Draft {
  readonly sources: readonly Series[];
  readonly cells: Cells;
  readonly peak: LaneSample | undefined;
  readonly last: LaneSample | undefined;
}

/** A bucket contains the maximum of its samples: a peak must not be averaged away. */
function draftLane(
  sources: readonly Series[],
  grid: TimeGrid,
  instant: number,
  table: ColorTable,
  paletteOf: (field: Field) => Palette
): Draft {
  const cells = emptyCells(grid.count);
  let peak: LaneSample | undefined;
  let last: LaneSample | undefined;
  for (const source of sources) {
    const palette = paletteOf(source.field);
    const reach = (intervalOf(source) ?? grid.bucketMs) - 1;
    const count = sampleCount(source);
    for (let position = 0; position < count; position++) {
      const sample = sampleAt(source, position, instant);
      const bucket = sample === undefined ? -1 : bucketOf(grid, sample.time);
      if (sample === undefined || bucket < 0) {
        continue;
      }
      const { color, rank } = palette(sample.value);
      const index = table.indexOf(color);
      const first = reach < grid.bucketMs ? bucket : Math.max(0, bucketOf(grid, sample.time - reach));
      for (let at = first; at <= bucket; at++) {
        if (!(cells.values[at]! >= sample.value)) {
          cells.values[at] = sample.value;
          cells.colors[at] = index;
          cells.ranks[at] = rank;
        }
      }
      const { time, value } = sample;
      const isNewest = last === undefined || time > last.time || (time === last.time && value > last.value);
      const isPeak = peak === undefined || rank > peak.rank || (rank === peak.rank && value > peak.value);
      if (isNewest || isPeak) {
        const noted = { value, time, rank, field: source.field };
        last = isNewest ? noted : last;
        peak = isPeak ? noted : peak;
      }
    }
  }
  return { sources, cells, peak, last };
}
