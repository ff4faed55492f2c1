import type { Sort } from '../core/options';
import { summarise, type Summary } from './cells';
import { type Lane, type LaneSample, worstOf } from './lanes';

/** The lanes of one trust zone. */
export interface ZoneGroup {
  readonly zone: string;
  readonly lanes: readonly Lane[];
  readonly summary: Summary;
  /** The worst sample in the range; undefined if all its lanes are empty. */
  readonly peak: LaneSample | undefined;
  /** The worst of the newest samples. */
  readonly now: LaneSample | undefined;
}

/** The sort keys of zones and lanes; severities are -1 without a sample. */
interface Standing {
  readonly now: number;
  readonly worst: number;
  readonly name: string;
}

const standingOf = (name: string, { now, peak }: Pick<Lane, 'now' | 'peak'>): Standing => ({
  now: now?.rank ?? -1,
  worst: peak?.rank ?? -1,
  name,
});

const byName = (a: Standing, b: Standing) => a.name.localeCompare(b.name, 'en', { numeric: true });

const orders: Record<Sort, (a: Standing, b: Standing) => number> = {
  'worst-now': (a, b) => b.now - a.now || b.worst - a.worst || byName(a, b),
  'worst-in-range': (a, b) => b.worst - a.worst || b.now - a.now || byName(a, b),
  name: byName,
};

/** True if every word of the filter occurs in the zone's or the signal's name; case is ignored. */
export function matchesFilter(filter: string, ...names: readonly string[]): boolean {
  const text = names.join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** Lanes by trust zone, filtered and sorted: the zones, and the lanes in each. */
export function groupLanes(lanes: readonly Lane[], buckets: number, sort: Sort, filter: string): ZoneGroup[] {
  const zones = new Map<string, Lane[]>();
  for (const lane of lanes) {
    if (matchesFilter(filter, lane.zone, lane.name, lane.signal)) {
      const members = zones.get(lane.zone);
      if (members === undefined) {
        zones.set(lane.zone, [lane]);
      } else {
        members.push(lane);
      }
    }
  }
  const order = orders[sort];
  return [...zones]
    .map(([zone, members]) => groupOf(zone, members, buckets, sort))
    .sort((a, b) => order(standingOf(a.zone, a), standingOf(b.zone, b)));
}

function groupOf(zone: string, members: readonly Lane[], buckets: number, sort: Sort): ZoneGroup {
  const order = orders[sort];
  const lanes = [...members].sort((a, b) => order(standingOf(a.name, a), standingOf(b.name, b)));
  const summary = summarise(
    lanes.map(lane => lane.cells),
    buckets
  );
  return {
    zone,
    lanes,
    summary,
    peak: worstOf(lanes.map(lane => lane.peak)),
    now: worstOf(lanes.map(lane => lane.now)),
  };
}
