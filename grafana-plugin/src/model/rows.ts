import type { Cells } from './cells';
import type { ZoneGroup } from './groups';
import type { Lane } from './lanes';

/** A line under the overall lane: the header of a trust zone, or a signal's lane. */
export type Row =
  | { readonly kind: 'zone'; readonly group: ZoneGroup; readonly cells: Cells }
  | { readonly kind: 'lane'; readonly lane: Lane; readonly cells: Cells };

/** A row and its top edge, in pixels from the top of the viewport of the rows. */
export interface PlacedRow {
  readonly row: Row;
  readonly index: number;
  readonly y: number;
}

/** The rows under the overall lane; a collapsed zone has only its header. */
export function listRows(groups: readonly ZoneGroup[], collapsed: ReadonlySet<string>): Row[] {
  return groups.flatMap((group): Row[] => [
    { kind: 'zone', group, cells: group.summary.cells },
    ...(collapsed.has(group.zone) ? [] : group.lanes.map((lane): Row => ({ kind: 'lane', lane, cells: lane.cells }))),
  ]);
}

/**
 * The rows in the viewport, positioned from its top; the header of the zone at the top is pinned, pushed out by the
 * next one. It comes last, so that it is painted over the lane below it.
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

/** The row at a height of that viewport; the pinned header covers the rows below it. */
export function rowAt(placed: readonly PlacedRow[], rowHeight: number, y: number): PlacedRow | undefined {
  return [...placed].reverse().find(row => y >= row.y && y < row.y + rowHeight);
}
