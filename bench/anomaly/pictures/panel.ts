/** Where a panel lies in its picture, in pixels, and what its axes span. */
export interface Panel {
  readonly top: number
  readonly height: number
  readonly title: string
  readonly x: Range
  readonly y: Range
}

export interface Range {
  readonly from: number
  readonly to: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export const WIDTH = 860
const LEFT = 52
const RIGHT = 14

/** A picture of panels below each other, with a title for those who cannot see it; colours that read on light and dark ground. */
export function picture(title: string, height: number, parts: readonly string[]): string {
  const style = 'text{font:12px system-ui,sans-serif;fill:#6b7280}.title{font-weight:600}'
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}">`,
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n')
}

export function xOf({ x }: Panel, value: number): number {
  return round(LEFT + ((value - x.from) / (x.to - x.from)) * (WIDTH - LEFT - RIGHT))
}

export function yOf({ top, height, y }: Panel, value: number): number {
  const within = Math.max(y.from, Math.min(y.to, value))
  return round(top + height - ((within - y.from) / (y.to - y.from)) * height)
}

/** Title, frame, and ticks with their labels. */
export function frame(panel: Panel, xTicks: ReadonlyMap<number, string>, yTicks: readonly number[]): string {
  const bottom = panel.top + panel.height
  const rows = yTicks.map(
    tick =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${yOf(panel, tick)}" y2="${yOf(panel, tick)}" stroke="#9ca3af" stroke-opacity=".35"/>` +
      `<text x="${LEFT - 6}" y="${yOf(panel, tick) + 4}" text-anchor="end">${tick}</text>`,
  )
  const columns = [...xTicks].map(
    ([tick, label]) => `<text x="${xOf(panel, tick)}" y="${bottom + 16}" text-anchor="middle">${label}</text>`,
  )
  return [`<text class="title" x="${LEFT}" y="${panel.top - 8}">${panel.title}</text>`, ...rows, ...columns].join('\n')
}

export function line(panel: Panel, points: readonly Point[], colour: string, width = 1.2): string {
  return `<polyline fill="none" stroke="${colour}" stroke-width="${width}" points="${path(panel, points)}"/>`
}

/** The area between an upper and a lower line. */
export function area(
  panel: Panel,
  upper: readonly Point[],
  lower: readonly Point[],
  colour: string,
  opacity: number,
): string {
  const around = `${path(panel, upper)} ${path(panel, lower.toReversed())}`
  return `<polygon fill="${colour}" fill-opacity="${opacity}" points="${around}"/>`
}

/** A stretch of the x axis, with its name; red for an attack. */
export function span(panel: Panel, from: number, to: number, name: string, colour = '#dc2626'): string {
  const x = xOf(panel, from)
  const width = Math.max(1.5, xOf(panel, to) - x)
  const box = `<rect x="${x}" y="${panel.top}" width="${width}" height="${panel.height}" fill="${colour}" fill-opacity=".14"/>`
  return `${box}<text x="${x + 3}" y="${panel.top + 13}" style="fill:${colour}">${name}</text>`
}

/** Coloured names beside the title, from the right. */
export function legend(panel: Panel, names: readonly (readonly [name: string, colour: string])[]): string {
  let x = WIDTH - RIGHT
  return names
    .map(([name, colour]) => {
      const text = `<text x="${x}" y="${panel.top - 8}" text-anchor="end" style="fill:${colour}">${name}</text>`
      x -= 12 + 6.6 * name.length
      return text
    })
    .join('\n')
}

function path(panel: Panel, points: readonly Point[]): string {
  return points.map(({ x, y }) => `${xOf(panel, x)},${yOf(panel, y)}`).join(' ')
}

function round(value: number): number {
  return Math.round(10 * value) / 10
}
