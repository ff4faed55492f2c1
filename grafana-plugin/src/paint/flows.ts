import { type FlowLayout, visibleLines } from '../model/flow-layout';
import type { Flow, FlowMatrix } from '../model/flows';
import type { Palette } from '../model/palette';
import { paintGlyph } from './glyphs';
import type { Look } from './look';
import type { Rectangle } from './rectangle';

export interface FlowScene {
  readonly layout: FlowLayout;
  readonly matrix: FlowMatrix;
  readonly scroll: { readonly left: number; readonly top: number };
  /** Deny rate in percent to shade. */
  readonly palette: Palette;
  readonly formatCount: (count: number) => string;
}

/** A flow at a row and column; the last row and column are the totals. */
export function flowIn(matrix: FlowMatrix, row: number, column: number): Flow | undefined {
  const last = matrix.zones.length;
  if (row === last && column === last) {
    return matrix.total;
  }
  if (row === last) {
    return matrix.destinationTotals[column];
  }
  return column === last ? matrix.sourceTotals[row] : matrix.flowOf(row, column);
}

export function flowRectangle({ layout, scroll }: Pick<FlowScene, 'layout' | 'scroll'>, row: number, column: number) {
  return {
    x: layout.left + column * layout.cellWidth - scroll.left,
    y: layout.top + row * layout.cellHeight - scroll.top,
    width: layout.cellWidth,
    height: layout.cellHeight,
  };
}

export function paintFlows(context: CanvasRenderingContext2D, scene: FlowScene, look: Look): void {
  const { layout, scroll, matrix } = scene;
  const [firstRow, endRow] = visibleLines(scroll.top, layout.height - layout.top, layout.cellHeight, layout.count);
  const [firstColumn, endColumn] = visibleLines(
    scroll.left,
    layout.width - layout.left,
    layout.cellWidth,
    layout.count
  );
  context.save();
  context.beginPath();
  context.rect(layout.left, layout.top, layout.width - layout.left, layout.height - layout.top);
  context.clip();
  context.font = look.font;
  context.textBaseline = 'middle';
  for (let row = firstRow; row < endRow; row++) {
    for (let column = firstColumn; column < endColumn; column++) {
      const isTotal = row === matrix.zones.length || column === matrix.zones.length;
      const area = inset(flowRectangle(scene, row, column));
      paintFlow(context, scene, look, flowIn(matrix, row, column), area, isTotal, row === column);
    }
  }
  context.restore();
}

const inset = ({ x, y, width, height }: Rectangle): Rectangle => ({
  x: x + 1,
  y: y + 1,
  width: width - 2,
  height: height - 2,
});

/** Traffic within a zone is less prominent: its colour is translucent, its counts stay legible. */
const DIMMED = 0.35;

/** Allowed left, denied right; the denied side and the foot of the cell have the shade of the deny rate. */
function paintFlow(
  context: CanvasRenderingContext2D,
  scene: FlowScene,
  look: Look,
  flow: Flow | undefined,
  { x, y, width, height }: Rectangle,
  isTotal: boolean,
  isDiagonal: boolean
): void {
  const isDimmed = isDiagonal && !isTotal;
  if (!isTotal) {
    context.fillStyle = look.track;
    context.fillRect(x, y, width, height);
  }
  const decided = flow?.denyRate !== undefined;
  const half = width / 2;
  if (flow !== undefined && decided) {
    const { color, rank } = scene.palette(flow.denyRate);
    const [left, span] = isTotal ? [x + half, half] : [x, width];
    const ink = isTotal || isDimmed ? look.text : look.inkOn(color);
    context.fillStyle = color;
    if (isTotal) {
      context.fillRect(left, y + height - 3, span, 3);
    } else {
      context.globalAlpha = isDimmed ? DIMMED : 1;
      context.fillRect(left, y, span, height);
      context.globalAlpha = 1;
      paintGlyph(context, look.glyphs, rank, ink, x, y, 6, height);
    }
    paintCount(context, scene.formatCount(flow.allow), ink, x + half - 5, y + height / 2, half - 8, 'right');
    paintCount(context, scene.formatCount(flow.deny), ink, x + width - 6, y + height / 2, half - 8, 'right');
    context.fillStyle = ink;
    context.globalAlpha = 0.35;
    context.fillRect(Math.round(x + half), y + 4, 1, height - 8);
    context.globalAlpha = 1;
  }
  if (flow?.isNew === true) {
    paintNewMark(context, look, x + width, y);
  }
}

/** If there is no room for a count, dots show that there is one. */
function paintCount(
  context: CanvasRenderingContext2D,
  text: string,
  ink: string,
  x: number,
  y: number,
  room: number,
  align: CanvasTextAlign
): void {
  const fitting = [text, text.replaceAll(/\s/g, ''), '…'].find(one => context.measureText(one).width <= room);
  if (fitting !== undefined) {
    context.textAlign = align;
    context.fillStyle = ink;
    context.fillText(fitting, x, y);
  }
}

const NEW_MARK = 13;

/** A folded corner: a pair without decisions in the earlier window. */
function paintNewMark(context: CanvasRenderingContext2D, look: Look, right: number, top: number): void {
  context.fillStyle = look.text;
  context.beginPath();
  context.moveTo(right - NEW_MARK, top);
  context.lineTo(right, top);
  context.lineTo(right, top + NEW_MARK);
  context.fill();
}
