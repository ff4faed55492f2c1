import { type Html, html } from '../../../../service/page/html.ts'
import type { TrendPoint } from '../../../model/report.ts'
import { percent } from '../elements/words.ts'
import { countsInWords, partsOf, totalOf } from './stacked-bar.ts'
import { field, round } from './textured.ts'

const SLOT = 60
const BAR = 34
const HEIGHT = 130
/** Where the line of the coverage has 100 %. */
const TOP = 6

/** One column a period, the latest at the right: statuses stacked from below, and the coverage as a line that breaks where it is not known. */
export function trendChart(points: readonly TrendPoint[], columns: number): Html {
  const top = Math.max(1, ...points.map(({ counts }) => totalOf(counts)))
  const width = columns * SLOT
  const first = columns - points.length
  const spoken = points.map(
    ({ period, counts, coverage }) => `${period}: ${countsInWords(counts)}, coverage ${percent(coverage)}`,
  )
  return html`<svg class="trend-chart" role="img" viewBox="0 0 ${width} ${HEIGHT}" focusable="false"><title>Controls by status and coverage, by period</title><desc>${spoken.join('; ')}</desc>
${points.map((point, index) => column(point, (first + index) * SLOT + (SLOT - BAR) / 2, top))}<path class="axis" d="M0 ${HEIGHT - 0.5}h${width}"/>${line(points, first)}</svg>`
}

const column = ({ counts }: TrendPoint, x: number, top: number): Html[] =>
  partsOf(counts, HEIGHT - TOP - 1, top).map(({ status, from, length }) =>
    field(status, { x, y: round(HEIGHT - 1 - from - length), width: BAR, height: length }),
  )

function line(points: readonly TrendPoint[], first: number): Html {
  const places = points.map(({ coverage }, index) =>
    coverage === null
      ? undefined
      : {
          x: (first + index) * SLOT + SLOT / 2,
          y: round(TOP + (1 - Math.min(1, Math.max(0, coverage))) * (HEIGHT - TOP - 1)),
        },
  )
  const path = places
    .map((place, index) =>
      place === undefined ? '' : `${places[index - 1] === undefined ? 'M' : 'L'}${place.x} ${place.y}`,
    )
    .join('')
  return html`<path class="coverage-halo" d="${path}"/><path class="coverage-line" d="${path}"/>${places.map(place =>
    place === undefined ? undefined : html`<circle class="coverage-dot" cx="${place.x}" cy="${place.y}" r="4"/>`,
  )}`
}
