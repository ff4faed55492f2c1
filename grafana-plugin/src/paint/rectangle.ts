export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An outline around a cell, if there is one. */
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
