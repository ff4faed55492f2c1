import { controlStatuses } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { Report, TrendPoint } from '../../../model/report.ts'
import { trendChart } from '../charts/trend.ts'
import { pageOne } from '../elements/limits.ts'
import { badge } from '../elements/status.ts'
import { percent, periodName } from '../elements/words.ts'

/** The latest periods as columns, each above its numbers. */
export function trendBlock({ trend }: Report): Html {
  const points = trend.slice(-pageOne.periods)
  return html`<section class="block trend-block" aria-labelledby="one-trend">
<h2 id="one-trend">Trend <span class="note">${notes(trend.length)}</span></h2>
${trendTable(points)}</section>`
}

function notes(periods: number): string {
  if (periods <= 1) return 'the first period: there is nothing to compare'
  return periods < LEAST_COLUMNS ? `${periods} periods so far` : 'columns are controls, the line is coverage'
}

/** So that the first periods are not wider than later ones. */
const LEAST_COLUMNS = 6

/** The numbers of a trend, a column a period, below its chart. */
export function trendTable(points: readonly TrendPoint[]): Html {
  const columns = Math.max(LEAST_COLUMNS, points.length)
  const empty = Array.from({ length: columns - points.length }, () => html`<td></td>`)
  const cells = (cell: (point: TrendPoint) => string | number) =>
    html`${empty}${points.map(point => html`<td>${cell(point)}</td>`)}`
  return html`<table class="trend-table"><caption class="hidden">Controls by status and coverage, by period</caption>
<thead><tr><td class="corner"></td><td class="chart-cell" colspan="${columns}">${trendChart(points, columns)}</td></tr>
<tr><th scope="col">Period</th>${empty}${points.map(({ period }) => html`<th scope="col">${twoLines(periodName(period).short)}</th>`)}</tr></thead>
<tbody>${controlStatuses.map(
    status =>
      html`<tr><th scope="row">${badge(status)}</th>${cells(({ counts }) => counts[status])}</tr>
`,
  )}<tr><th scope="row"><span class="state line-key">Coverage</span></th>${cells(({ coverage }) => (coverage === null ? '—' : percent(coverage).replace(' ', '')))}</tr></tbody></table>`
}

const twoLines = ([upper, lower]: readonly [string, string]): Html => html`${upper}<br>${lower}`
