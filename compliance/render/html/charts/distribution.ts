import { type Html, html } from '../../../../service/page/html.ts'
import { counted } from '../../../../service/page/words.ts'
import type { EvidencePiece } from '../../../model/report.ts'
import { figure, utc } from '../elements/words.ts'
import { field, round } from './textured.ts'

const SLOT = 26
const BAR = 18
const HEIGHT = 46

type Points = EvidencePiece['distribution']

/** One bar a point; a hatched field where there is no data, which is not zero. */
export function distributionChart(name: string, points: Points): Html {
  const values = points.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]))
  const top = Math.max(0, ...values)
  const width = Math.max(1, points.length) * SLOT
  return html`<svg class="distribution" role="img" viewBox="0 0 ${width} ${HEIGHT}" focusable="false"><title>${name} over the period: ${spoken(points, values)}</title>${points.map(
    ({ value }, index) => mark(value, index * SLOT, top),
  )}<path class="axis" d="M0 ${HEIGHT - 0.5}h${width}"/></svg>`
}

function mark(value: number | null, x: number, top: number): Html | undefined {
  if (value === null) return field('gap', { x, y: 0, width: SLOT, height: HEIGHT - 1 })
  const share = top > 0 && value > 0 ? value / top : 0
  // A value that is small beside the largest is still seen.
  const tall = share === 0 ? 0 : Math.max(1.5, round(share * (HEIGHT - 2)))
  return tall === 0
    ? undefined
    : html`<rect class="bar" x="${x + (SLOT - BAR) / 2}" y="${round(HEIGHT - 1 - tall)}" width="${BAR}" height="${tall}"/>`
}

function spoken(points: Points, values: readonly number[]): string {
  const missing = points.filter(({ value }) => value === null).length
  const range = values.length === 0 ? 'no data' : `${figure(Math.min(...values))} to ${figure(Math.max(...values))}`
  const from = points[0] === undefined ? '' : `, from ${utc(points[0].start)} UTC`
  return `${counted(points.length, 'point')}${from}, ${range}${missing === 0 ? '' : `, ${missing} without data`}`
}
