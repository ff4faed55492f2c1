import { controlStatuses } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { Report, TrendPoint } from '../../../model/report.ts'
import { trendChart } from '../charts/trend.ts'
import { pageOne } from '../limits.ts'
import { badge } from '../status.ts'
import { percent, periodName } from '../words.ts'

/** The latest periods as columns, each above its numbers. */
export function trendBlock({ trend }: Report): Html {
  const points = trend.slice(-pageOne.periods)
  return html`<section class="block trend-block" aria-labelledby="one-trend">
<h2 id="one-trend">Trend <span class="note">${notes(trend.length)}</span></h2>
${trendTable(points)}</section>`
}

function notes(periods: number): string {
  if (periods <= 1) return 'the first period: there is nothing to compare'
  return periods < 6 ? `${periods} periods so far` : 'columns are controls, the line is coverage'
}

/** The numbers of a trend, a column a period, below its chart. */
export function trendTable(points: readonly TrendPoint[]): Html {
  return html`<table class="trend-table periods-${points.length}"><caption class="hidden">Controls by status and coverage, by period</caption>
<thead><tr><td class="corner"></td><td class="chart-cell" colspan="${Math.max(1, points.length)}">${trendChart(points)}</td></tr>
<tr><th scope="col">Period</th>${points.map(({ period }) => html`<th scope="col">${twoLines(periodName(period).short)}</th>`)}</tr></thead>
<tbody>${controlStatuses.map(
    status =>
      html`<tr><th scope="row">${badge(status)}</th>${points.map(({ counts }) => html`<td>${counts[status]}</td>`)}</tr>
`,
  )}<tr><th scope="row"><span class="state line-key">Coverage</span></th>${points.map(({ coverage }) => html`<td>${coverage === null ? '—' : percent(coverage).replace(' ', '')}</td>`)}</tr></tbody></table>`
}

const twoLines = ([upper, lower]: readonly [string, string]): Html => html`${upper}<br>${lower}`
