import type { Field } from '@grafana/data';
import { type Lane, type LaneModel, laneKey } from './lanes';
import { type CompanionRole, companionRoleOf } from './roles';
import { type Sample, sampleAt, sampleCount, type Series } from './series';
import { bucketEnd, bucketOf } from './time-grid';
import { intervalOf } from './interval';

export interface Reading {
  readonly value: number;
  readonly field: Field;
}

/** The details of one cell. */
export interface CellDetail {
  readonly zone: string;
  readonly name: string;
  /** Time of the highest sample in the bucket, or the bucket's end if it is empty. */
  readonly time: number;
  readonly peak: Reading | undefined;
  /** The row of the peak in its field: data links are created for it. */
  readonly row: number;
  readonly band: Readonly<Partial<Record<CompanionRole, Reading>>>;
  /** The views of the series that raise the score, the strongest first. */
  readonly views: readonly { readonly name: string; readonly reading: Reading }[];
  /** What the expected value consists of, the largest part first; empty where it is one part. */
  readonly parts: readonly { readonly name: string; readonly reading: Reading }[];
  /** Series that share the lane. */
  readonly merged: number;
}

/** A tooltip shows at most this many views or parts, and none below this share of the largest. */
const MAX_VIEWS = 5;
const MIN_SHARE = 0.05;

export function cellDetail(model: LaneModel, lane: Lane, bucket: number, instant: number): CellDetail {
  const peak = peakOf(model, lane, bucket, instant);
  const time = peak?.sample.time ?? bucketEnd(model.grid, bucket);
  const companions = model.companions.get(laneKey(lane.zone, lane.signal)) ?? [];
  const readings = companions.flatMap(series => {
    const sample = nearest(series, time, instant, model.grid.bucketMs);
    return sample === undefined ? [] : [{ series, reading: { value: sample.value, field: series.field } }];
  });
  const band: Partial<Record<CompanionRole, Reading>> = {};
  for (const { series, reading } of readings) {
    const role = companionRoleOf(series);
    if (role !== undefined && role !== 'contribution' && role !== 'part') {
      band[role] ??= reading;
    }
  }
  const largest = (role: CompanionRole, label: string) =>
    readings
      .filter(({ series }) => companionRoleOf(series) === role)
      .map(({ series, reading }) => ({ name: series.labels[label] ?? '', reading }))
      .sort((a, b) => b.reading.value - a.reading.value)
      .filter(({ reading }, _, [first]) => reading.value > 0 && reading.value >= MIN_SHARE * first!.reading.value)
      .slice(0, MAX_VIEWS);
  const parts = largest('part', 'part');
  return {
    zone: lane.zone,
    name: lane.name,
    time,
    peak: peak && { value: peak.sample.value, field: peak.series.field },
    row: peak?.sample.row ?? -1,
    band,
    views: largest('contribution', 'view'),
    parts: parts.length < 2 ? [] : parts,
    merged: lane.sources.length,
  };
}

function peakOf(model: LaneModel, lane: Lane, bucket: number, instant: number) {
  let peak: { series: Series; sample: Sample } | undefined;
  for (const series of lane.sources) {
    const interval = intervalOf(series) ?? model.grid.bucketMs;
    for (let at = 0; at < sampleCount(series); at++) {
      const sample = sampleAt(series, at, instant);
      if (sample === undefined || (peak !== undefined && sample.value <= peak.sample.value)) {
        continue;
      }
      const last = bucketOf(model.grid, sample.time);
      const first = interval <= model.grid.bucketMs ? last : bucketOf(model.grid, sample.time - interval + 1);
      if (last >= 0 && bucket <= last && bucket >= first) {
        peak = { series, sample };
      }
    }
  }
  return peak;
}

/** The sample nearest to a time, at most one interval away; a sample without a time is near to all. */
function nearest(series: Series, time: number, instant: number, bucketMs: number): Sample | undefined {
  let best: Sample | undefined;
  for (let at = 0; at < sampleCount(series); at++) {
    const sample = sampleAt(series, at, instant);
    if (sample !== undefined && (best === undefined || Math.abs(sample.time - time) < Math.abs(best.time - time))) {
      best = sample;
    }
  }
  const reach = series.times === undefined ? Number.POSITIVE_INFINITY : (intervalOf(series) ?? bucketMs);
  const close = best === undefined || Math.abs(best.time - time) <= reach;
  return close ? best : undefined;
}
