import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { Report } from '../../../model/report.ts'
import { detail, first } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { remainder } from '../elements/remainder.ts'
import { text } from '../elements/text.ts'
import { figure, periodName } from '../elements/words.ts'
import { changeList } from '../page-one/changes.ts'
import { numbered, riskTable } from '../page-one/risks.ts'
import { trendTable } from '../page-one/trend.ts'

const PERIODS_IN_A_TABLE = 12

/** Every open risk, every change, and the trend as far as it is known. */
export function riskSection(report: Report, references: References): Html {
  const { risks, changes, previous, trend } = report
  const { shown, rest } = first(numbered(risks), detail.risks)
  return html`<section class="part" id="risks" aria-labelledby="risks-head">
<h2 id="risks-head">2. Open risks and changes</h2>
<h3>Open risks, the most urgent first</h3>
${shown.length === 0 ? html`<p>No control fails, and none is unknown.</p>` : riskTable(shown, references, { statement: detail.sentence, remedy: detail.sentence })}${remainder(rest, 'risks')}
<h3>Changes</h3>
${
  previous === null
    ? html`<p>This is the first report: there is nothing to compare with.</p>`
    : html`<p>Compared with the report of ${periodName(previous.period).long}.</p>
${changeList(changes, references, 200)}
${
  changes.byZone.length === 0
    ? undefined
    : html`<p>Values that differ most, by trust zone:</p><div class="zone-table">${table(
        changes.byZone.slice(0, detail.zones),
        [
          { head: 'Trust zone', rowHead: true, cell: ({ trustZone }) => text(trustZone, 60) },
          { head: 'Measure', cell: ({ title }) => text(title, detail.title) },
          { head: 'Before', align: 'number', cell: ({ before }) => figure(before) },
          { head: 'Now', align: 'number', cell: ({ now }) => figure(now) },
        ],
        { caption: 'Values that differ most by trust zone', stacked: false },
      )}</div>${remainder(Math.max(0, changes.byZone.length - detail.zones), 'values')}`
}`
}
<h3>Trend</h3>
${trend.length <= 1 ? html`<p>One period is known.</p>` : chunksOf(trend, PERIODS_IN_A_TABLE).map(points => html`<div class="trend-wide">${trendTable(points)}</div>`)}
</section>`
}

function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
