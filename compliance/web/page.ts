import type { EpochMs } from '../../core/clock.ts'
import { type ControlStatus, controlStatuses } from '../../core/labels/compliance.ts'
import { liveDocument, type RenderedPage } from '../../service/page/document.ts'
import { type Html, type HtmlValue, html } from '../../service/page/html.ts'
import { style } from '../../service/page/style.ts'
import { type Column, table } from '../../service/page/table.ts'
import { counted, when, words } from '../../service/page/words.ts'

/** A report of the folder, as the page lists it. */
export interface ListedReport {
  readonly folder: string
  readonly period: string
  readonly revision: number
  readonly generatedAt: EpochMs
  readonly isSigned: boolean
  /** Undefined where its model cannot be read. */
  readonly counts: Readonly<Record<ControlStatus, number>> | undefined
  /** Files that can be opened. */
  readonly files: readonly string[]
}

export interface PageModel {
  readonly version: string
  readonly now: EpochMs
  readonly readiness: { readonly ready: boolean }
  /** Periods without a report, the oldest first. */
  readonly due: readonly string[]
  readonly next: EpochMs | undefined
  readonly waiting: number
  readonly dead: number
  /** The newest first. */
  readonly reports: readonly ListedReport[]
}

/** The page at `/`: what is due, and the reports. The same model gives the same bytes. */
export function compliancePage(model: PageModel): RenderedPage {
  const content = [verdict(model), reports(model)]
  return liveDocument({ title: 'clawtrust reports', style, content }, model, false)
}

function verdict({ due, next, waiting, dead, now }: PageModel): Html {
  const isGood = due.length === 0 && dead === 0
  const facts: HtmlValue[] = [
    ...(due.length === 0 ? [] : [`Due and not made: ${due.join(', ')}. If a run failed, the log says why.`]),
    ...(dead === 0
      ? []
      : [
          `${counted(dead, 'delivery', 'deliveries')} failed: fix the destination, then run clawtrust report redeliver.`,
        ]),
    ...(waiting === 0 ? [] : [`${counted(waiting, 'delivery', 'deliveries')} waiting for another attempt.`]),
    ...(next === undefined ? [] : [html`Next run: ${when(next, now)}.`]),
  ]
  return html`<section class="verdict ${isGood ? '' : 'elevated'}" id="verdict" data-live>
<h2>${isGood ? 'No report is due.' : 'Reports need attention.'}</h2>
<ul class="facts">${facts.map(fact => html`<li>${fact}</li>`)}</ul></section>`
}

const columns: readonly Column<ListedReport>[] = [
  {
    head: 'Period',
    rowHead: true,
    cell: ({ period, revision }) => (revision === 1 ? period : `${period}, revision ${revision}`),
  },
  ...controlStatuses.map(
    (status): Column<ListedReport> => ({
      head: words(status),
      align: 'number',
      label: true,
      cell: ({ counts }) => (counts === undefined ? '–' : counts[status]),
    }),
  ),
  { head: 'Signed', label: true, cell: ({ isSigned }) => (isSigned ? 'yes' : 'no') },
  {
    head: 'Files',
    cell: ({ folder, files }) => files.map(file => html`<a href="/reports/${folder}/${file}">${file}</a> `),
  },
]

function reports({ reports, now }: PageModel): Html {
  const made: Column<ListedReport> = { head: 'Made', keep: true, cell: ({ generatedAt }) => when(generatedAt, now) }
  const [period, ...others] = columns
  const shown = period === undefined ? others : [period, made, ...others]
  return html`<section id="reports" aria-labelledby="reports-title" data-live>
<h2 id="reports-title">Reports</h2>
${reports.length === 0 ? html`<p class="muted">No report has been made yet.</p>` : table(reports, shown, { caption: 'Reports, the newest first' })}
</section>`
}
