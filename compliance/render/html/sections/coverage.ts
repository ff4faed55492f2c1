import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { Report } from '../../../model/report.ts'
import { detail, first } from '../elements/limits.ts'
import { remainder } from '../elements/remainder.ts'
import { sourceState, storeState } from '../elements/status.ts'
import { code, sentence, text } from '../elements/text.ts'
import { lasting, moment, percent } from '../elements/words.ts'
import { leastCovered, lengthOf, observerWords, periodHead, timelineOf } from '../page-one/coverage.ts'

/** Coverage in detail: each source over the period, each gap, each store. */
export function coverageSection(report: Report): Html {
  const { coverage, period, stores } = report
  const sources = first(leastCovered(coverage.sources), detail.sources)
  const gaps = first(coverage.gaps, detail.gaps)
  return html`<section class="part" id="coverage" aria-labelledby="coverage-head">
<h2 id="coverage-head">1. Coverage in detail</h2>
<p>${percent(coverage.share)} of what is expected was observed. What was not observed is no evidence of anything: controls that rest on it are unknown.</p>
<h3>Sources</h3>
${
  sources.shown.length === 0
    ? html`<p>No source is known.</p>`
    : html`<div class="source-table">${table(
        sources.shown,
        [
          { head: 'Source', rowHead: true, cell: ({ name }) => text(name, 60) },
          { head: 'Observes', cell: ({ observer }) => observerWords(observer) },
          { head: 'State', cell: ({ state }) => sourceState(state) },
          { head: 'Observed', align: 'number', cell: ({ share }) => percent(share) },
          { head: 'Last event', cell: ({ lastEvent }) => (lastEvent === null ? 'none' : moment(lastEvent)) },
          { head: periodHead(period), cell: source => timelineOf(source, report) },
        ],
        { caption: 'Sources of evidence over the period', stacked: false },
      )}</div>${remainder(sources.rest, 'sources')}`
}
<h3>Gaps</h3>
${
  gaps.shown.length === 0
    ? html`<p>No gap is known.</p>`
    : html`<div class="gap-table">${table(
        gaps.shown,
        [
          { head: 'Missing', rowHead: true, cell: ({ of }) => text(of, 60) },
          { head: 'From (UTC)', cell: ({ start }) => moment(start) },
          { head: 'To (UTC)', cell: ({ end }) => moment(end) },
          { head: 'Length', align: 'number', cell: gap => lasting(lengthOf(gap)) },
          { head: 'Why', cell: ({ reason }) => text(sentence(reason), detail.sentence) },
        ],
        { caption: 'Gaps of coverage', stacked: false },
      )}</div>${remainder(gaps.rest, 'gaps')}`
}
<h3>Stores of evidence</h3>
${
  stores.length === 0
    ? html`<p>No store was asked.</p>`
    : html`<div class="store-table">${table(
        stores,
        [
          { head: 'Store', rowHead: true, cell: ({ store }) => store },
          { head: 'State', cell: ({ state }) => storeState(state) },
          { head: 'Address', cell: ({ address }) => (address === '' ? '—' : code(address, 120)) },
          { head: 'Detail', cell: ({ detail: words }) => text(sentence(words), detail.sentence) },
        ],
        { caption: 'Stores that were asked', stacked: false },
      )}</div>`
}</section>`
}
