/** Left and right edge of the time axis, in CSS pixels: labels are to its left, values to its right. */
export interface LaneColumns {
  readonly plotLeft: number;
  readonly plotRight: number;
}

/** The positions of the parts of the lanes picture, in CSS pixels from its top left corner. */
export interface LaneLayout extends LaneColumns {
  readonly width: number;
  readonly height: number;
  readonly rowHeight: number;
  /** The strip of annotations, with the filter to its left. */
  readonly stripHeight: number;
  /** Top of the scrolling rows: under the strip and the overall lane. */
  readonly rowsTop: number;
  readonly rowsBottom: number;
  /** Height of all scrolling rows together. */
  readonly rowsHeight: number;
}

const STRIP_HEIGHT = 26;
export const AXIS_HEIGHT = 22;
const GAP_UNDER_OVERALL = 4;
const SCROLLBAR = 12;
/** The mean width of a character of the labels, whose font is 12 px. */
const CHARACTER = 6.6;
const LABEL_INDENT = 40;
/** Pixels for names on a narrow panel, unless that is more than two fifths of it. */
const MIN_WIDTH_FOR_NAMES = 140;

export function laneColumns(width: number, longestLabel: number): LaneColumns {
  const most = Math.max(Math.min(MIN_WIDTH_FOR_NAMES, width * 0.4), width * 0.28);
  const labels = Math.round(clamp(longestLabel * CHARACTER + LABEL_INDENT, 60, Math.max(60, most)));
  const values = Math.round(clamp(width * 0.08, 40, 76));
  return { plotLeft: labels, plotRight: Math.max(labels + 1, width - values - SCROLLBAR) };
}

/** Rows are at least `rowHeight` high and grow up to twice as high if there is room; the rest scrolls. */
export function laneLayout(
  columns: LaneColumns,
  width: number,
  height: number,
  rowCount: number,
  minRowHeight: number
): LaneLayout {
  const room = height - STRIP_HEIGHT - AXIS_HEIGHT - GAP_UNDER_OVERALL;
  const rowHeight = Math.floor(clamp(room / (rowCount + 1), minRowHeight, 2 * minRowHeight));
  const rowsTop = STRIP_HEIGHT + rowHeight + GAP_UNDER_OVERALL;
  const rowsHeight = rowCount * rowHeight;
  const rowsBottom = Math.max(rowsTop, Math.min(height - AXIS_HEIGHT, rowsTop + rowsHeight));
  return { ...columns, width, height, rowHeight, stripHeight: STRIP_HEIGHT, rowsTop, rowsBottom, rowsHeight };
}

const clamp = (value: number, min: number, max: number) => Math.max(min, Math.min(max, value));
