import { type Cells, summarise } from './cells';
import type { ZoneGroup } from './groups';
import type { Lane } from './lanes';
import { listRows, type Row } from './rows';

/** All rows of the lanes picture, scrolled into view or not: the overall lane first. */
export interface LaneMap {
  readonly groups: readonly ZoneGroup[];
  readonly overall: Cells;
  /** The rows under the overall lane. */
  readonly rows: readonly Row[];
  /** The lane that a row's bucket comes from; row -1 is the overall lane. Undefined if the bucket is empty. */
  readonly laneOf: (row: number, bucket: number) => Lane | undefined;
}

export function laneMap(groups: readonly ZoneGroup[], buckets: number, collapsed: ReadonlySet<string>): LaneMap {
  const overall = summarise(
    groups.map(group => group.summary.cells),
    buckets
  );
  const rows = listRows(groups, collapsed);
  const inGroup = (group: ZoneGroup | undefined, bucket: number) => group?.lanes[group.summary.origins[bucket] ?? -1];
  return {
    groups,
    overall: overall.cells,
    rows,
    laneOf: (index, bucket) => {
      const row = rows[index];
      if (row === undefined) {
        return index === -1 ? inGroup(groups[overall.origins[bucket] ?? -1], bucket) : undefined;
      }
      return row.kind === 'lane' ? row.lane : inGroup(row.group, bucket);
    },
  };
}
