import { formatDuration } from '../../../../core/time/duration.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { ControlResult, TestResult } from '../../../model/report.ts'
import { detail, first } from '../elements/limits.ts'
import type { References } from '../elements/references.ts'
import { badge } from '../elements/status.ts'
import { code, cut, sentence, text } from '../elements/text.ts'
import { measured, moment, percent } from '../elements/words.ts'

/** The tests of a control: what was measured, against what, how fresh it is, and on what it rests. */
export function testTable(control: ControlResult, tests: readonly TestResult[], references: References): Html {
  return html`<div class="test-table">${table(
    tests,
    [
      {
        head: 'Test',
        rowHead: true,
        cell: ({ title, reason }) => html`${text(title, 120)}<span class="why">${text(sentence(reason), 240)}</span>`,
      },
      { head: 'Outcome', cell: ({ outcome }) => badge(outcome) },
      { head: 'Value', align: 'number', cell: ({ value, unit }) => measured(value, unit) },
      { head: 'Expected', cell: expectation },
      { head: 'Newest (UTC)', cell: freshness },
      { head: 'Telemetry', cell: telemetry },
      { head: 'Evidence', cell: ({ evidence }) => references.evidence(evidence) },
    ],
    { caption: `Tests of ${cut(control.control, 28)}`, stacked: false },
  )}</div>`
}

const expectation = ({ expected, parameter }: TestResult): Html =>
  html`${expected === '' ? 'no threshold' : text(expected, 60)}${parameter === '' ? undefined : html`<span class="why">${code(parameter, 40)}</span>`}`

const freshness = ({ newest, freshness: most }: TestResult): Html =>
  html`${newest === null ? 'none' : moment(newest)}${most === null ? undefined : html`<span class="why">at most ${formatDuration(Math.max(0, Math.round(most)))} old</span>`}`

function telemetry({ telemetry: needed }: TestResult): Html {
  if (needed.length === 0) return html`none needed`
  const { shown, rest } = first(needed, detail.telemetry)
  return html`${shown.map(({ observer, share }, at) => html`${at === 0 ? '' : ', '}${text(observer, 30)} ${percent(share)}`)}${rest === 0 ? '' : ` and ${rest} more`}`
}
