import type { Sort } from '../options';
import { summarise, type Summary, worstRank } from './cells';
import type { Lane } from './lanes';

/** The lanes of one trust zone. */
export interface ZoneGroup {
  readonly zone: string;
  readonly lanes: readonly Lane[];
  readonly summary: Summary;
  /** Highest severity in the range; -1 where all its lanes are empty. */
  readonly worst: number;
  /** Highest severity of the newest samples; -1 where there are none. */
  readonly now: number;
}

interface Standing {
  readonly now: number;
  readonly worst: number;
  readonly name: string;
}

const byName = (a: Standing, b: Standing) => a.name.localeCompare(b.name, 'en', { numeric: true });

const orders: Record<Sort, (a: Standing, b: Standing) => number> = {
  'worst-now': (a, b) => b.now - a.now || b.worst - a.worst || byName(a, b),
  'worst-in-range': (a, b) => b.worst - a.worst || b.now - a.now || byName(a, b),
  name: byName,
};

/** Every word of the filter occurs in the zone's or the signal's name, in any case. */
export function matchesFilter(filter: string, ...names: readonly string[]): boolean {
  const text = names.join(' ').toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}

/** Lanes by trust zone, filtered and in order: the zones, and the lanes in each. */
export function groupLanes(lanes: readonly Lane[], buckets: number, sort: Sort, filter: string): ZoneGroup[] {
  const zones = new Map<string, Lane[]>();
  for (const lane of lanes) {
    if (matchesFilter(filter, lane.zone, lane.signal)) {
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
    .sort((a, b) => {
      return order({ ...a, name: a.zone }, { ...b, name: b.zone });
    });
}

function groupOf(zone: string, members: readonly Lane[], buckets: number, sort: Sort): ZoneGroup {
  const standing = (lane: Lane): Standing => ({ now: lane.now?.rank ?? -1, worst: lane.worst, name: lane.signal });
  const lanes = [...members].sort((a, b) => orders[sort](standing(a), standing(b)));
  const summary = summarise(
    lanes.map(lane => lane.cells),
    buckets
  );
  return {
    zone,
    lanes,
    summary,
    worst: worstRank(summary.cells),
    now: Math.max(...lanes.map(lane => lane.now?.rank ?? -1)),
  };
}
