import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import type { Column } from '../../../../service/page/table.ts'
import { counted, grouped, when } from '../../../../service/page/words.ts'
import type { Incident, IncidentState } from '../../../domain/incident.ts'
import { DAMAGED } from '../../../store/stored-json.ts'
import type { IncidentView, PageModel } from '../model.ts'
import { commandButton, commandLine, section } from './section.ts'

/** What waits for a person, with what a decision needs. */
export function proposalSection({ proposals: { count, rows }, mayCommand, now }: PageModel): Html {
  const decide: Column<IncidentView> = {
    head: 'decide',
    cell: ({ id }) => [commandButton('approve', id, 'Approve'), commandButton('reject', id, 'Reject')],
  }
  const how = mayCommand
    ? undefined
    : ['To decide, run ', commandLine('approve <incident>'), ' or ', commandLine('reject <incident>'), '. ']
  const more = count > rows.length ? `To list ${counted(count - rows.length, 'more proposal')}, run ` : undefined
  return section({
    id: 'proposals',
    title: 'Pending approvals',
    rows,
    columns: [
      { head: 'target', rowHead: true, cell: row => dataText(row.target, 48) },
      { head: 'proposed', label: true, cell: asked },
      { head: 'evidence', label: true, cell: evidence },
      { head: 'playbook', label: true, cell: row => dataText(row.playbook) },
      { head: 'since', label: true, cell: row => when(row.createdAt, now) },
      {
        head: 'expires',
        label: true,
        cell: row => (row.facts.expiresAt === undefined ? '' : when(row.facts.expiresAt, now)),
      },
      { head: 'incident', label: true, cell: row => html`<code>${row.id}</code>` },
      ...(mayCommand ? [decide] : []),
    ],
    empty: 'No approval is pending.',
    note: how === undefined && more === undefined ? undefined : [how, more, more && commandLine('list proposed')],
  })
}

/** What was done lately, and why. */
export function incidentSection({ incidents, now }: PageModel): Html {
  return section({
    id: 'incidents',
    title: 'Newest incidents',
    rows: incidents,
    columns: [
      { head: 'when', label: true, cell: row => when(row.createdAt, now) },
      { head: 'target', rowHead: true, cell: row => dataText(row.target, 48) },
      { head: 'state', cell: stateMark },
      { head: 'why', label: true, cell: reason },
      { head: 'evidence', label: true, cell: evidence },
      { head: 'playbook', label: true, cell: row => dataText(row.playbook) },
      { head: 'alerts', label: true, align: 'number', keep: true, cell: row => grouped(row.alerts) },
      { head: 'incident', label: true, cell: row => html`<code>${row.id}</code>` },
    ],
    empty: 'No alert has matched a playbook yet.',
    note: ['For the alert and the audit records of an incident, run ', commandLine('show <incident>'), '.'],
  })
}

function stateMark({ state, damaged }: Incident): Html {
  if (damaged === true) return html`<span class="mark anomalous">damaged</span>`
  return html`<span class="mark ${marks[state] ?? 'none'}">${state}</span>`
}

/** States that stand out; the others are over. */
const marks: Readonly<Partial<Record<IncidentState, string>>> = {
  blocked: 'up',
  blocking: 'elevated',
  acting: 'elevated',
  failed: 'anomalous',
  proposed: 'elevated',
}

function asked({ steps }: Pick<IncidentView, 'steps'>): string {
  return steps.map(({ words }) => words.intent).join('; ')
}

/** What came of it, where the state alone does not say. */
function reason({ state, facts, steps, damaged }: IncidentView): HtmlValue {
  const { detail, approvedBy } = facts
  if (damaged === true) return DAMAGED
  const by = approvedBy === undefined ? '' : `, approved by ${approvedBy}`
  const past = steps.map(({ words }) => words.past).join('; ')
  const reasons: Readonly<Partial<Record<IncidentState, string>>> = {
    blocked: `${past}${by}`,
    requested: `${past}${by}`,
    done: `${past}${by}`,
    observed: `would ${asked({ steps })}`,
    rejected: `by ${approvedBy ?? 'an operator'}`,
    lapsed: 'expired without a decision',
  }
  return dataText(reasons[state] ?? detail ?? '', 120)
}

/** The verdict, with the finding that speaks. */
export function evidence({ facts: { evidence } }: Incident): HtmlValue {
  const { verdict, findings, country } = evidence
  const speaks = findings.find(finding => finding.verdict === verdict && verdict !== 'unknown')
  return [
    country === undefined ? verdict : `${verdict}, ${country}`,
    speaks && html`<span class="sub">${dataText(`${speaks.source}: ${speaks.detail}`, 80)}</span>`,
  ]
}
