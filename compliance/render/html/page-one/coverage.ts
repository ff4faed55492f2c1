import { type Observer, observers } from '../../../../core/zero-trust.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { CoveredSource, Report, ReportGap, ReportPeriod } from '../../../model/report.ts'
import { timeline } from '../charts/timeline.ts'
import { first, pageOne, partNote } from '../elements/limits.ts'
import { listed } from '../elements/references.ts'
import { sourceState, storeState } from '../elements/status.ts'
import { cut, sentence, text } from '../elements/text.ts'
import { lasting, localTime, percent, timeOf, utc } from '../elements/words.ts'

const order = { never: 0, gaps: 1, seen: 2 } as const

/** What was not observed first, the least covered before the others. */
export const leastCovered = (sources: readonly CoveredSource[]): CoveredSource[] =>
  sources.toSorted((one, other) => order[one.state] - order[other.state] || (one.share ?? -1) - (other.share ?? -1))

/** What a source observes, in words; its own word where it is no key of the map. */
export const observerWords = (observer: string): Html | string => {
  if (observer === '') return 'not known'
  return Object.hasOwn(observers, observer) ? observers[observer as Observer] : text(observer, 40)
}

export const gapsOf = (source: CoveredSource, gaps: readonly ReportGap[]): ReportGap[] =>
  gaps.filter(({ of }) => of === source.name)

export const timelineOf = (source: CoveredSource, { coverage, period }: Report): Html =>
  timeline(
    {
      name: cut(source.name, 60),
      state: source.state !== 'never' && source.share === null ? 'unknown' : source.state,
      share: source.share,
      gaps: gapsOf(source, coverage.gaps),
    },
    period,
  )

/** What is covered and what is not, drawn over the period. */
export function coverageBlock(report: Report): Html {
  const { coverage, stores, period } = report
  const sources = first(leastCovered(coverage.sources), pageOne.sources)
  const gaps = first(alike(longestFirst(coverage.gaps)), pageOne.gaps)
  return html`<section class="block coverage-block" aria-labelledby="one-coverage">
<h2 id="one-coverage">What was observed, and what was not${partNote(sources, 'sources', 1)}</h2>
<div class="pair">
<div class="sources">${
    sources.shown.length === 0
      ? html`<p>No source is known: nothing can be said of the period.</p>`
      : table(
          sources.shown,
          [
            { head: 'Source', rowHead: true, cell: source => text(source.name, 26) },
            { head: 'Observes', cell: ({ observer }) => text(observer || 'not known', 20) },
            { head: 'State', cell: ({ state }) => sourceState(state) },
            { head: 'Observed', align: 'number', cell: ({ share }) => percent(share) },
            {
              head: periodHead(period),
              cell: source => timelineOf(source, report),
            },
          ],
          { caption: 'Sources of evidence, the least covered first', stacked: false },
        )
  }</div>
<div class="missing"><h3>Not covered${partNote(gaps, 'gaps', 1)}</h3>
${
  gaps.shown.length === 0
    ? html`<p>No gap is known.</p>`
    : html`<ul>${gaps.shown.map(
        gap => html`<li class="clamp2">${gapSentence(gap, period)}</li>
`,
      )}</ul>`
}
<h3>Stores of evidence</h3>
${storeList(stores)}</div>
</div></section>`
}

/** Those that were read without trouble on one line, the others each with what is wrong. */
function storeList(stores: Report['stores']): Html {
  const quiet = Map.groupBy(
    stores.filter(({ detail }) => detail === ''),
    ({ state }) => state,
  )
  const troubled = stores.filter(({ detail }) => detail !== '')
  const most = troubled.length > 2 ? 1 : 2
  return html`<ul>${troubled.map(
    ({ store, state, detail }) =>
      html`<li class="clamp${most}">${storeState(state)} <b>${store}</b>: ${text(detail, 64)}</li>
`,
  )}${[...quiet].map(
    ([state, alike]) =>
      html`<li class="clamp1">${storeState(state)} <b>${alike.map(({ store }) => store).join(', ')}</b></li>
`,
  )}</ul>`
}

interface AlikeGaps {
  readonly of: readonly string[]
  readonly gap: ReportGap
}

/** Gaps of the same time and reason are one sentence. */
const alike = (gaps: readonly ReportGap[]): AlikeGaps[] =>
  [...Map.groupBy(gaps, ({ start, end, reason }) => JSON.stringify([start, end, reason])).values()].map(group => ({
    of: group.map(({ of }) => of),
    gap: group[0] as ReportGap,
  }))

const longestFirst = (gaps: readonly ReportGap[]): ReportGap[] =>
  gaps.toSorted((one, other) => lengthOf(other) - lengthOf(one))

/** Milliseconds; 0 where a time is none. */
export const lengthOf = ({ start, end }: ReportGap): number => {
  return Math.max(0, timeOf(end) - timeOf(start) || 0)
}

const gapSentence = ({ of, gap }: AlikeGaps, { start, end }: ReportPeriod): Html => {
  const isWhole = timeOf(gap.start) <= timeOf(start) && timeOf(gap.end) >= timeOf(end)
  const length = isWhole ? 'for the whole period' : `for ${lasting(lengthOf(gap))} from ${utc(gap.start)} UTC`
  return html`<b>${listed(
    of.map(name => text(name, 26)),
    3,
  )}</b> ${length}: ${text(sentence(gap.reason), 60)}`
}

/** The first and the last day of a period, for the head of a column that is drawn from one to the other. */
export const periodHead = ({ start, end, timeZone }: ReportPeriod): string =>
  [start, end].map(at => (localTime(at, timeZone) ?? utc(at)).slice(0, -6)).join(' to ')
