import type { Glyphs } from '../core/options';

/** Distance of the hatch's lines, and of the bars, in pixels. */
const PITCH = 5;

/**
 * Draws the sign of a severity over a rectangle that has its colour, so that severities can be distinguished without
 * colour: the highest is hatched; with `all`, those between have one to three bars at their foot.
 */
export function paintGlyph(
  context: CanvasRenderingContext2D,
  glyphs: Glyphs,
  rank: number,
  ink: string,
  x: number,
  y: number,
  width: number,
  height: number
): void {
  if (rank >= 100 && glyphs !== 'none') {
    hatch(context, ink, x, y, width, height);
  } else if (rank > 0 && glyphs === 'all') {
    context.fillStyle = ink;
    for (let bar = 0; bar < Math.ceil(rank / 34); bar++) {
      context.fillRect(x, y + height - 3 - bar * 3, width, 1);
    }
  }
}

/** Lines from bottom left to top right that meet across neighbouring cells. */
function hatch(
  context: CanvasRenderingContext2D,
  ink: string,
  x: number,
  y: number,
  width: number,
  height: number
): void {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.beginPath();
  for (let foot = Math.floor((x - height) / PITCH) * PITCH; foot < x + width; foot += PITCH) {
    context.moveTo(foot, y + height);
    context.lineTo(foot + height, y);
  }
  context.strokeStyle = ink;
  context.lineWidth = 1.25;
  context.stroke();
  context.restore();
}
