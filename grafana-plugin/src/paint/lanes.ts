import type { Mark } from '../model/annotations';
import type { Cells } from '../model/cells';
import type { LaneLayout } from '../model/lane-layout';
import type { PlacedRow } from '../model/rows';
import type { TimeGrid } from '../model/time-grid';
import type { TimeScale } from '../model/time-scale';
import { paintGlyph } from './glyphs';
import type { Look } from './look';

export interface LaneScene {
  readonly layout: LaneLayout;
  readonly grid: TimeGrid;
  readonly scale: TimeScale;
  readonly colors: readonly string[];
  readonly overall: Cells;
  /** The visible rows, positioned from the top of the scrolling part; a pinned header last. */
  readonly rows: readonly PlacedRow[];
  readonly ticks: readonly { readonly time: number; readonly label: string }[];
  readonly marks: readonly Mark[];
}

/** From this width on, cells have gaps; narrower ones of equal look are filled as one rectangle. */
const APART = 9;
/** Lanes are lower than the summaries of their zones, so that those stand out. */
const LANE_MARGIN = 2.5;
/** More than the number of severities. */
const RANKS = 128;

export function paintLanes(context: CanvasRenderingContext2D, scene: LaneScene, look: Look): void {
  const { layout } = scene;
  // Once for each colour: computing it for each cell takes longer than drawing.
  const inks: Array<string | undefined> = [];
  const inkOf = (color: number) => (inks[color] ??= look.inkOn(scene.colors[color]!));
  paintAxis(context, scene, look);
  paintRow(context, scene, look, inkOf, scene.overall, layout.stripHeight, 1);

  context.save();
  context.beginPath();
  context.rect(0, layout.rowsTop, layout.width, layout.rowsBottom - layout.rowsTop);
  context.clip();
  for (const { row, y } of scene.rows) {
    if (row.kind === 'zone') {
      context.fillStyle = look.background;
      context.fillRect(0, layout.rowsTop + y, layout.width, layout.rowHeight);
    }
    const margin = row.kind === 'zone' ? 1 : LANE_MARGIN;
    paintRow(context, scene, look, inkOf, row.cells, layout.rowsTop + y, margin);
  }
  context.restore();
  paintMarks(context, scene, look);
}

function paintRow(
  context: CanvasRenderingContext2D,
  scene: LaneScene,
  look: Look,
  inkOf: (color: number) => string,
  cells: Cells,
  top: number,
  wantedMargin: number
): void {
  const { layout, grid, scale, colors } = scene;
  const margin = layout.rowHeight >= 14 ? wantedMargin : 0.5;
  const [y, height] = [top + margin, layout.rowHeight - 2 * margin];
  const gap = scale.xOf(grid.bucketMs) - scale.xOf(0) >= APART ? 1 : 0;
  const edge = (bucket: number) =>
    Math.round(Math.min(layout.plotRight, Math.max(layout.plotLeft, scale.xOf(grid.start + bucket * grid.bucketMs))));
  /** Visits the cells that the plot shows; if cells have no gaps, neighbours of equal look together. */
  const eachRun = (
    lookOf: (bucket: number) => number,
    paint: (bucket: number, left: number, width: number) => void
  ) => {
    for (let bucket = 0, end = 0; bucket < grid.count; bucket = end) {
      const own = lookOf(bucket);
      end = bucket + 1;
      while (gap === 0 && end < grid.count && lookOf(end) === own) {
        end++;
      }
      const [left, right] = [edge(bucket), edge(end)];
      if (right > left) {
        paint(bucket, left, right - left);
      }
    }
  };
  eachRun(
    bucket => Number(cells.colors[bucket] !== 0),
    (bucket, left, width) => {
      if (cells.colors[bucket] !== 0) {
        context.fillStyle = look.track;
        context.fillRect(left, y, Math.max(1, width - gap), height);
      } else {
        // No data: a thin line across the panel's background, visible whether or not cells of the lowest step have a
        // colour.
        context.fillStyle = look.line;
        context.fillRect(left, Math.round(y + height / 2) - 1, width, 1);
      }
    }
  );
  eachRun(
    bucket => cells.colors[bucket]! * RANKS + cells.ranks[bucket]!,
    (bucket, left, room) => {
      const [color, rank] = [cells.colors[bucket]!, cells.ranks[bucket]!];
      if (color === 0) {
        return;
      }
      const width = Math.max(1, room - gap);
      context.fillStyle = colors[color]!;
      context.fillRect(left, y, width, height);
      if (rank > 0) {
        paintGlyph(context, look.glyphs, rank, inkOf(color), left, y, width, height);
      }
    }
  );
}

function paintAxis(context: CanvasRenderingContext2D, { layout, scale, ticks }: LaneScene, look: Look): void {
  context.font = look.font;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const { time, label } of ticks) {
    const x = Math.round(scale.xOf(time)) + 0.5;
    context.fillStyle = look.line;
    context.fillRect(x, layout.rowsBottom, 1, 4);
    const half = context.measureText(label).width / 2;
    if (x - half >= layout.plotLeft - 30 && x + half <= layout.width) {
      context.fillStyle = look.faintText;
      context.fillText(label, x, layout.rowsBottom + 6);
    }
  }
}

/** More marks than this are shown only in the strip: their lines would hide the lanes. */
const MAX_LINES = 12;

/**
 * Points are markers with a line through the lanes, regions are bars with a line at each end; clusters are low bars
 * without lines.
 */
function paintMarks(context: CanvasRenderingContext2D, { layout, scale, marks }: LaneScene, look: Look): void {
  const { plotLeft, plotRight } = layout;
  const bottom = layout.stripHeight - 3;
  context.save();
  context.beginPath();
  context.rect(plotLeft - 5, 0, plotRight - plotLeft + 10, layout.rowsBottom);
  context.clip();
  for (const { from, to, kind, color } of marks) {
    const [left, right] = [scale.xOf(from), scale.xOf(to)];
    context.fillStyle = color ?? look.annotation;
    if (kind === 'point') {
      context.beginPath();
      context.moveTo(left, bottom);
      context.lineTo(left - 5, bottom - 9);
      context.lineTo(left + 5, bottom - 9);
      context.fill();
    } else {
      const [start, end] = [Math.max(plotLeft, left), Math.min(plotRight, right)];
      const height = kind === 'region' ? 7 : 3;
      context.fillRect(start, bottom - 9, Math.max(3, end - start), height);
    }
  }
  const lined = marks.filter(({ kind }) => kind !== 'cluster');
  if (lined.length <= MAX_LINES) {
    context.globalAlpha = 0.7;
    context.setLineDash([3, 3]);
    for (const { from, to, kind, color } of lined) {
      context.strokeStyle = color ?? look.annotation;
      context.beginPath();
      for (const time of kind === 'region' ? [from, to] : [from]) {
        const x = scale.xOf(time);
        context.moveTo(x, bottom);
        context.lineTo(x, layout.rowsBottom);
      }
      context.stroke();
    }
  }
  context.restore();
}
