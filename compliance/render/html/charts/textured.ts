import type { ControlStatus } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'

export const round = (value: number): number => Math.round(value * 10) / 10

/** What a field of a chart means: a status, or a time or value that is missing. */
export type FieldKind = ControlStatus | 'gap'

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const STEP = 6

/** Lines and dots within a field, as the data of a path; without one it is solid. */
const textures: Readonly<Partial<Record<FieldKind, (field: Rectangle) => string>>> = {
  unknown: diagonals,
  gap: diagonals,
  manual: dots,
  exception: verticals,
}

/**
 * A rectangle that is distinguished by its texture too, for print without colour. Textures are paths: patterns of SVG become
 * pictures in a PDF.
 */
export function field(kind: FieldKind, { x, y, width, height }: Rectangle): Html {
  const texture = textures[kind]?.({ x, y, width, height })
  return html`<rect class="field ${kind}" x="${x}" y="${y}" width="${width}" height="${height}"/>${
    texture === undefined || texture === '' ? undefined : html`<path class="texture ${kind}" d="${texture}"/>`
  }`
}

function* steps(from: number, to: number): Generator<number> {
  for (let at = Math.ceil(from / STEP) * STEP; at < to; at += STEP) yield at
}

function diagonals({ x, y, width, height }: Rectangle): string {
  const lines: string[] = []
  for (const start of steps(x - height, x + width)) {
    const left = Math.max(x, start)
    const right = Math.min(x + width, start + height)
    if (right > left)
      lines.push(
        `M${round(left)} ${round(y + height - (left - start))}L${round(right)} ${round(y + height - (right - start))}`,
      )
  }
  return lines.join('')
}

function verticals({ x, y, width, height }: Rectangle): string {
  return [...steps(x, x + width)].map(at => `M${round(at)} ${y}v${height}`).join('')
}

function dots({ x, y, width, height }: Rectangle): string {
  return [...steps(y, y + height)]
    .flatMap(row => [...steps(x, x + width)].map(at => `M${round(at)} ${round(row)}h0`))
    .join('')
}
