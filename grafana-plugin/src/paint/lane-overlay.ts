import { AXIS_HEIGHT, type LaneLayout } from '../model/lane-layout';
import type { Look } from './look';
import { outline, type Rectangle } from './rectangle';

export interface LaneOverlay {
  readonly layout: LaneLayout;
  /** The position of the crosshair, this panel's or another's. */
  readonly crosshair: { readonly x: number; readonly time: string } | undefined;
  readonly selection: { readonly left: number; readonly right: number } | undefined;
  /** The rectangle of the cell under the pointer, and of the keyboard's cursor. */
  readonly hovered: Rectangle | undefined;
  readonly cursor: Rectangle | undefined;
}

export function paintLaneOverlay(context: CanvasRenderingContext2D, overlay: LaneOverlay, look: Look): void {
  const { layout, crosshair, selection } = overlay;
  const [top, height] = [layout.stripHeight, layout.rowsBottom - layout.stripHeight];
  if (selection !== undefined) {
    context.fillStyle = look.focus;
    context.globalAlpha = 0.25;
    context.fillRect(selection.left, top, selection.right - selection.left, height);
    context.globalAlpha = 1;
  }
  if (crosshair !== undefined && crosshair.x >= layout.plotLeft && crosshair.x <= layout.plotRight) {
    context.fillStyle = look.faintText;
    context.fillRect(Math.round(crosshair.x), top, 1, height);
    paintTime(context, layout, crosshair.x, crosshair.time, look);
  }
  outline(context, overlay.hovered, look.text, 1);
  outline(context, overlay.cursor, look.focus, 2);
}

/** The crosshair's time over the axis, kept within the picture. */
function paintTime(context: CanvasRenderingContext2D, layout: LaneLayout, x: number, time: string, look: Look): void {
  context.font = look.font;
  const half = context.measureText(time).width / 2 + 5;
  const middle = Math.min(layout.width - half, Math.max(half, x));
  context.fillStyle = look.background;
  context.fillRect(middle - half - 2, layout.rowsBottom, 2 * half + 4, AXIS_HEIGHT);
  context.fillStyle = look.track;
  context.fillRect(middle - half, layout.rowsBottom + 2, 2 * half, AXIS_HEIGHT - 4);
  context.fillStyle = look.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(time, middle, layout.rowsBottom + AXIS_HEIGHT / 2);
}
