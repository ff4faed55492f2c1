import { controlStatuses } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { counted, grouped } from '../../../../service/page/words.ts'
import type { Report } from '../../../model/report.ts'
import { type StatusCounts, totalOf } from '../charts/stacked-bar.ts'
import { badge } from '../elements/status.ts'
import { percent } from '../elements/words.ts'

/** Coverage first, then how many controls have which status. */
export function tiles({ coverage, trend, previous }: Report, counts: StatusCounts): Html {
  const before = previous === null ? undefined : trend.findLast(({ period }) => period === previous.period)
  const seen = coverage.sources.filter(({ state }) => state === 'seen').length
  return html`<ul class="tiles">
<li class="tile coverage"><span class="figure">${percent(coverage.share)}</span><span class="what"><b>coverage</b> of what is expected: ${grouped(seen)} of ${counted(coverage.sources.length, 'source')} seen without a gap${before === undefined ? '' : `; before: ${percent(before.coverage)}`}</span></li>
${controlStatuses.map(
  status =>
    html`<li class="tile ${status}"><span class="figure">${grouped(counts[status])}</span>${badge(status)}${before === undefined ? undefined : html`<span class="before">before: ${grouped(before.counts[status])}</span>`}</li>`,
)}
<li class="tile total"><span class="figure">${grouped(totalOf(counts))}</span><span class="what">controls<br>in all</span></li>
</ul>`
}

export function countsOf(controls: Report['controls']): StatusCounts {
  const counts = { pass: 0, fail: 0, unknown: 0, manual: 0, exception: 0 }
  for (const { status } of controls) counts[status] += 1
  return counts
}
