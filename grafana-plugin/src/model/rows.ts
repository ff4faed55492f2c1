import type { Cells } from './cells';
import type { ZoneGroup } from './groups';
import type { Lane } from './lanes';

/** A line under the overall lane: the header of a trust zone, or a signal's lane. */
export type Row =
  | { readonly kind: 'zone'; readonly group: ZoneGroup; readonly cells: Cells }
  | { readonly kind: 'lane'; readonly lane: Lane; readonly cells: Cells };

/** A row and where its top edge is, in pixels from the top of the window that shows the rows. */
export interface PlacedRow {
  readonly row: Row;
  readonly index: number;
  readonly y: number;
}

/** The rows under the overall lane; a collapsed zone is its header alone. */
export function listRows(groups: readonly ZoneGroup[], collapsed: ReadonlySet<string>): Row[] {
  return groups.flatMap((group): Row[] => [
    { kind: 'zone', group, cells: group.summary.cells },
    ...(collapsed.has(group.zone) ? [] : group.lanes.map((lane): Row => ({ kind: 'lane', lane, cells: lane.cells }))),
  ]);
}

/**
 * The rows that a window of the list shows, placed from its top; the header of the zone at the top stays visible, pushed
 * out by the next one. It comes last, so that it is painted over the lane behind it.
 */
export function visibleRows(rows: readonly Row[], rowHeight: number, scrollTop: number, height: number): PlacedRow[] {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight));
  const end = Math.min(rows.length, Math.ceil((scrollTop + height) / rowHeight));
  const placed: PlacedRow[] = [];
  for (let at = first; at < end; at++) {
    placed.push({ row: rows[at]!, index: at, y: at * rowHeight - scrollTop });
  }
  const header = headerBefore(rows, first);
  if (header < 0 || header * rowHeight >= scrollTop) {
    return placed;
  }
  const next = placed.find(({ row, index }) => row.kind === 'zone' && index > header);
  const pinned = { row: rows[header]!, index: header, y: Math.min(0, (next?.y ?? rowHeight) - rowHeight) };
  return [...placed.filter(({ index }) => index !== header), pinned];
}

function headerBefore(rows: readonly Row[], index: number): number {
  let at = Math.min(index, rows.length - 1);
  while (at >= 0 && rows[at]!.kind !== 'zone') {
    at--;
  }
  return at;
}

/** The row under a height of that window; the pinned header lies above what it covers. */
export function rowAt(placed: readonly PlacedRow[], rowHeight: number, y: number): PlacedRow | undefined {
  return [...placed].reverse().find(row => y >= row.y && y < row.y + rowHeight);
}
