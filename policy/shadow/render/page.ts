import { dataText } from '../../../service/page/data-text.ts'
import { Html, type HtmlValue, html } from '../../../service/page/html.ts'
import { contentSecurityPolicyOf } from '../../../service/page/security.ts'
import { type Column, table } from '../../../service/page/table.ts'
import { counted, grouped } from '../../../service/page/words.ts'
import { weekdays } from '../../model/policy.ts'
import { endWords } from '../end-words.ts'
import type { FlowFinding, RuleReport, ShadowReport, UnknownGroup } from '../report-model.ts'
import { style } from './style.ts'
import { shadeOf } from './text.ts'
import {
  comparedWith,
  MAX_ROWS,
  markedWords,
  minuteOf,
  portWords,
  restWords,
  share,
  totalRows,
  verdictWords,
  zoneWords,
} from './words.ts'
import { zoneMatrix } from './zone-matrix.ts'

/** A report as one page without scripts, which loads nothing. */
export function shadowPage(report: ShadowReport): string {
  const { policy, window, changes } = report
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicyOf({ style })}">
<title>Policy ${policy} on its history</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>Policy ${dataText(policy)} on its history</h1>
<p class="muted">${minuteOf(window.since)} to ${minuteOf(window.until)} UTC, compared with ${comparedWith(report)}</p>
${verdict(report)}
${section('Totals', totals(report))}
${section('Zones', zoneMatrix(report.zones))}
${findings(`Would be denied, and passes by ${comparedWith(report)}`, changes.denied)}
${findings(`Would be allowed, and is denied by ${comparedWith(report)}`, changes.allowed)}
${report.unknown.length === 0 ? undefined : section('Could not be judged', unknownTable(report.unknown))}
${section('Rules', rules(report))}
${section('Coverage', heatMap(report))}
${report.gaps.length === 0 ? undefined : section('Gaps', list(report.gaps.map(({ sentence }) => sentence)))}
</main>
</body>
</html>
`.markup
}

const section = (title: string, content: HtmlValue): Html => html`<section><h2>${title}</h2>${content}</section>`

const list = (sentences: readonly string[]): Html =>
  html`<ul>${sentences.map(sentence => html`<li><bdi class="data">${sentence}</bdi></li>`)}</ul>`

const scrolled = (content: Html): Html => html`<div class="scroll">${content}</div>`

function verdict({ verdict: { decision, reasons }, evidence }: ShadowReport): Html {
  const { events, flows, days, firstSeen, lastSeen } = evidence
  return html`<div class="verdict ${decision}"><strong>${verdictWords[decision]}</strong>
${reasons.length === 0 ? undefined : list(reasons)}
<p class="muted">${counted(events, 'event')} of ${counted(flows, 'distinct flow')} on ${counted(days, 'day')}, first ${minuteOf(firstSeen)}, last ${minuteOf(lastSeen)}</p></div>`
}

function totals(report: ShadowReport): Html {
  const { events: all } = report.evidence
  return table(
    totalRows(report),
    [
      { head: 'answer', cell: ([name]) => name, rowHead: true },
      { head: 'distinct flows', cell: ([, { flows }]) => grouped(flows), align: 'number' },
      { head: 'events', cell: ([, { events }]) => grouped(events), align: 'number' },
      { head: 'of all events', cell: ([, { events }]) => share(events, all), align: 'number' },
    ],
    { caption: 'Answers of the policy', stacked: false },
  )
}

const endText = (words: string): Html => dataText(markedWords(words))

const findingColumns: readonly Column<FlowFinding>[] = [
  { head: 'source', cell: ({ source }) => endText(endWords(source)), rowHead: true },
  { head: 'destination', cell: ({ destination }) => endText(endWords(destination)) },
  { head: 'port', cell: finding => portWords(finding), keep: true },
  {
    head: 'zones',
    cell: ({ sourceZone, destinationZone }) => `${zoneWords(sourceZone)} → ${zoneWords(destinationZone)}`,
  },
  { head: 'events', cell: ({ events }) => grouped(events), align: 'number' },
  { head: 'first seen', cell: ({ firstSeen }) => minuteOf(firstSeen), keep: true },
  { head: 'last seen', cell: ({ lastSeen }) => minuteOf(lastSeen), keep: true },
  { head: 'samples', cell: ({ samples }) => samples.map(sample => html`<div>${dataText(sample)}</div>`) },
]

function findings(title: string, all: readonly FlowFinding[]): Html | undefined {
  if (all.length === 0) return undefined
  const shown = all.slice(0, MAX_ROWS)
  return section(title, [
    scrolled(table(shown, findingColumns, { caption: title, stacked: false })),
    html`<p class="muted">${restWords(all.length, shown.length)}</p>`,
  ])
}

const unknownTable = (groups: readonly UnknownGroup[]): Html =>
  scrolled(
    table(
      groups,
      [
        { head: 'missing', cell: ({ missing }) => missing.join(', '), rowHead: true },
        { head: 'distinct flows', cell: ({ flows }) => grouped(flows), align: 'number' },
        { head: 'events', cell: ({ events }) => grouped(events), align: 'number' },
        { head: 'for rule', cell: ({ findings: [first] }) => first?.rule ?? '' },
        {
          head: 'example',
          cell: ({ findings: [first] }) =>
            first === undefined
              ? ''
              : html`${endText(endWords(first.source))} → ${endText(endWords(first.destination))} ${portWords(first)}`,
        },
      ],
      { caption: 'Flows that could not be judged, by what is missing', stacked: false },
    ),
  )

const ruleColumns: readonly Column<RuleReport>[] = [
  { head: 'rule', cell: ({ name, isExpired }) => (isExpired ? `${name} (expired)` : name), rowHead: true },
  { head: 'distinct flows', cell: ({ flows }) => grouped(flows), align: 'number' },
  { head: 'events', cell: ({ events }) => grouped(events), align: 'number' },
  { head: 'newly allowed', cell: ({ newlyAllowed }) => grouped(newlyAllowed.events), align: 'number' },
  { head: 'unknown', cell: ({ unknown }) => grouped(unknown.events), align: 'number' },
  { head: 'sources', cell: ({ sources }) => grouped(sources), align: 'number' },
  {
    head: 'most events from',
    cell: ({ topSources }) => topSources.map(({ source }, at) => [at === 0 ? '' : ', ', endText(source)]),
  },
  { head: 'first seen', cell: ({ firstSeen }) => minuteOf(firstSeen), keep: true },
  { head: 'last seen', cell: ({ lastSeen }) => minuteOf(lastSeen), keep: true },
]

function rules({ rules: all, unusedRules }: ShadowReport): HtmlValue {
  const unused = unusedRules.length === 0 ? undefined : html`<p>Rules that match nothing: ${unusedRules.join(', ')}</p>`
  return [unused, scrolled(table(all, ruleColumns, { caption: 'Rules of the policy', stacked: false }))]
}

function heatMap({ coverage: { hoursOfWeek, timeZone, emptyHours, sources } }: ShadowReport): Html {
  const most = Math.max(1, ...hoursOfWeek.flat())
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  const cell = (records: number) =>
    html`<td class="h${shadeOf(records, most)}" title="${counted(records, 'record')}"><span class="hidden">${grouped(records)}</span></td>`
  return html`<p>Records by hour of the week in ${timeZone}; ${counted(emptyHours, 'hour')} of 168 without one. Sources: ${sources.length === 0 ? 'none' : sources.join(', ')}.</p>
<div class="scroll"><table class="heat"><caption class="hidden">Records by hour of the week</caption>
<thead><tr><td></td>${hours.map(hour => html`<th scope="col">${hour}</th>`)}</tr></thead>
<tbody>${hoursOfWeek.map(
    (row, day) => html`<tr><th scope="row">${weekdays[day] ?? ''}</th>${row.map(cell)}</tr>
`,
  )}</tbody></table></div>`
}
