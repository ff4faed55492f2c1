import type { LaneLayout } from '../model/lane-layout';
import type { Look } from './look';

export interface LaneOverlay {
  readonly layout: LaneLayout;
  /** Where the crosshair stands, this panel's or another's. */
  readonly crosshair: number | undefined;
  readonly selection: { readonly left: number; readonly right: number } | undefined;
  /** The rectangle of the cell under the pointer, and of the keyboard's cursor. */
  readonly hovered: Rectangle | undefined;
  readonly cursor: Rectangle | undefined;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
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
  if (crosshair !== undefined && crosshair >= layout.plotLeft && crosshair <= layout.plotRight) {
    context.fillStyle = look.faintText;
    context.fillRect(Math.round(crosshair), top, 1, height);
  }
  outline(context, overlay.hovered, look.text, 1);
  outline(context, overlay.cursor, look.focus, 2);
}

/** A frame in the panel's own colour around the line keeps it visible on any cell, in both themes. */
export function outline(
  context: CanvasRenderingContext2D,
  rectangle: Rectangle | undefined,
  ink: string,
  width: number
): void {
  if (rectangle === undefined) {
    return;
  }
  const { x, y, width: w, height: h } = rectangle;
  context.lineWidth = width;
  context.strokeStyle = ink;
  context.strokeRect(x - 0.5, y + 0.5, w, h - 1);
}
