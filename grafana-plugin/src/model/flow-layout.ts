/** The positions of the parts of the flows picture, in CSS pixels. The totals are one more column and one more row. */
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Rows and columns, the totals included. */
  readonly count: number;
  /** Column headers are vertical if they do not fit horizontally. */
  readonly upright: boolean;
  readonly contentWidth: number;
  readonly contentHeight: number;
}

const CHARACTER = 6.8;
const MIN_CELL = { width: 92, height: 26 };
const MAX_CELL = { width: 280, height: 84 };
const SCROLLBAR = 12;

export function flowLayout(width: number, height: number, zones: number, longestName: number): FlowLayout {
  const count = zones + 1;
  const name = Math.round(Math.max(longestName, 20) * CHARACTER + 20);
  const left = Math.min(Math.max(name, 70), Math.round(width * 0.3));
  const cellWidth = share(width - left - SCROLLBAR, count, MIN_CELL.width, MAX_CELL.width);
  const upright = name > cellWidth;
  const top = upright ? Math.min(name, 120, Math.round(height * 0.35)) : 26;
  const cellHeight = share(height - top - SCROLLBAR, count, MIN_CELL.height, MAX_CELL.height);
  return {
    width,
    height,
    left,
    top,
    cellWidth,
    cellHeight,
    count,
    upright,
    contentWidth: left + count * cellWidth,
    contentHeight: top + count * cellHeight,
  };
}

const share = (room: number, count: number, min: number, max: number) =>
  Math.floor(Math.max(min, Math.min(max, room / count)));

/** The first and one past the last row or column in the viewport. */
export function visibleLines(scroll: number, room: number, size: number, count: number): readonly [number, number] {
  return [Math.max(0, Math.floor(scroll / size)), Math.min(count, Math.ceil((scroll + room) / size))];
}

export interface FlowPosition {
  readonly row: number;
  readonly column: number;
}

/** The cell under a point of the picture, which is scrolled by `scroll`. */
export function flowAt(
  layout: FlowLayout,
  scroll: { readonly left: number; readonly top: number },
  x: number,
  y: number
): FlowPosition | undefined {
  const column = Math.floor((x - layout.left + scroll.left) / layout.cellWidth);
  const row = Math.floor((y - layout.top + scroll.top) / layout.cellHeight);
  const inside = x >= layout.left && y >= layout.top && column < layout.count && row < layout.count;
  return inside ? { row, column } : undefined;
}
