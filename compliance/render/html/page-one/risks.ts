import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import { counted } from '../../../../service/page/words.ts'
import type { ControlResult, Report, Risk } from '../../../model/report.ts'
import { first, pageOne, partNote } from '../elements/limits.ts'
import { listed, namesOf, type References } from '../elements/references.ts'
import { badge } from '../elements/status.ts'
import { cut, sentence, text } from '../elements/text.ts'

/** What does not hold or is not known, the most urgent first, with what to do; then all that fail, and the reasons of the unknown. */
export function riskBlock(report: Report, references: References): Html {
  const risks = first(report.risks, pageOne.risks)
  const ofStatus = (status: ControlResult['status']) => report.controls.filter(control => control.status === status)
  return html`<section class="block risk-block" aria-labelledby="one-risks">
<h2 id="one-risks">Open risks: what to do first${partNote(risks, 'risks', 2)}</h2>
${
  risks.shown.length === 0
    ? html`<p>No control fails, and none is unknown.</p>`
    : riskTable(numbered(risks.shown), references, {
        statement: pageOne.statement,
        remedy: pageOne.remedy,
        isClamped: true,
      })
}
<div class="lists">
<p class="clamp4">${badge('fail')} ${failingSentence(ofStatus('fail'), report, references)}</p>
<div>${badge('unknown')} ${unknownSentence(ofStatus('unknown'), references)}</div>
</div></section>`
}

export interface NumberedRisk extends Risk {
  readonly number: number
}

export const numbered = (risks: readonly Risk[]): NumberedRisk[] =>
  risks.map((risk, index) => ({ ...risk, number: index + 1 }))

export function riskTable(
  risks: readonly NumberedRisk[],
  references: References,
  limits: { readonly statement: number; readonly remedy: number; readonly isClamped?: boolean },
): Html {
  const { isClamped = false } = limits
  const clamped = (cell: Html) => (isClamped ? html`<span class="clamp2">${cell}</span>` : cell)
  return html`<div class="risk-table">${table(
    risks,
    [
      { head: '#', cell: ({ number }) => number },
      {
        head: 'Control',
        rowHead: true,
        cell: ({ control, title }) =>
          clamped(html`${references.control(control)} <span class="name">${text(title, isClamped ? 64 : 200)}</span>`),
      },
      {
        head: 'Status',
        cell: ({ status, severity }) => html`${badge(status)} <span class="severity ${severity}">· ${severity}</span>`,
      },
      { head: 'Since', cell: ({ since }) => cut(since, 12) || '—' },
      { head: 'What was found', cell: ({ statement }) => clamped(text(sentence(statement), limits.statement)) },
      {
        head: 'What to do',
        cell: ({ number, remedy }) =>
          clamped(
            number === 1 ? html`<b>${text(remedy || '—', limits.remedy)}</b>` : text(remedy || '—', limits.remedy),
          ),
      },
    ],
    { caption: 'Open risks, the most urgent first', stacked: false },
  )}</div>`
}

/** By the period since which they fail, the longest failing first. */
function failingSentence(failing: readonly ControlResult[], { changes }: Report, references: References): Html {
  if (failing.length === 0) return html`No control fails.`
  const shown = first(failing.toSorted(bySince), pageOne.failing)
  const groups = [...Map.groupBy(shown.shown, ({ since }) => since)].map(
    ([since, controls]) =>
      html`${since === '' ? '' : `since ${cut(since, 12)}: `}${listed(namesOf(controls, references), pageOne.failing)}`,
  )
  const fresh = changes.newlyFailing.length
  return html`${counted(failing.length, 'control fails', 'controls fail')}${fresh === 0 ? '' : `, ${fresh} of them newly`}; ${groups.map((group, at) => html`${at === 0 ? '' : '; '}${group}`)}${shown.rest === 0 ? '' : ` and ${shown.rest} more`}.`
}

const bySince = ({ since: one }: ControlResult, { since: other }: ControlResult): number =>
  one < other ? -1 : Number(one > other)

/** Grouped by reason: one gap is often the reason of many. */
function unknownSentence(unknown: readonly ControlResult[], references: References): Html {
  if (unknown.length === 0) return html`No control is unknown.`
  const byReason = Map.groupBy(unknown, ({ reason }) => reason)
  const reasons = first(
    [...byReason].toSorted(([, one], [, other]) => other.length - one.length),
    pageOne.reasons,
  )
  return html`${counted(unknown.length, 'control is unknown', 'controls are unknown')}, which is never a pass${
    reasons.rest === 0 ? '' : `; ${reasons.shown.length} of ${byReason.size} reasons, all in section 3`
  }:
<ul>${reasons.shown.map(
    ([reason, controls]) =>
      html`<li class="clamp${reasons.shown.length > 2 ? 1 : 2}">${listed(namesOf(controls, references), pageOne.controlsOfReason)}${sinceOf(controls)}: ${text(reason, pageOne.reason)}</li>
`,
  )}</ul>`
}

function sinceOf(controls: readonly ControlResult[]): string {
  const since = [...new Set(controls.map(control => control.since).filter(Boolean))].toSorted()
  const [earliest = ''] = since
  if (since.length === 0) return ''
  return since.length === 1 ? ` (since ${cut(earliest, 12)})` : ` (since ${cut(earliest, 12)} or later)`
}
