import { dataText } from '../../service/page/data-text.ts'
import { type Html, type HtmlValue, html } from '../../service/page/html.ts'
import { type Column, table } from '../../service/page/table.ts'
import { counted, grouped, span, when } from '../../service/page/words.ts'
import type { Block } from '../ledger/blocks.ts'
import type { Incident } from '../ledger/incidents.ts'
import type { Delivery } from '../ledger/outbox.ts'
import { liveDocument, type RenderedPage } from './document.ts'
import type { ListView, PageModel, PlaybookView } from './model.ts'

/** The page at `/`: what is blocked, what waits for a person, what was done and why. The same model gives the same bytes. */
export function remediationPage(model: PageModel): RenderedPage {
  const { now, blocks, proposals, incidents, deadLetters, playbooks, lists } = model
  return liveDocument('clawtrust remediation', model, [
    verdict(model),
    section('proposals', 'Waiting for a person', proposals, incidentColumns(now), 'Nothing waits for a person.'),
    section('blocks', 'Blocked now', blocks, blockColumns(now), 'Nothing is blocked.'),
    section('incidents', 'Newest incidents', incidents, incidentColumns(now), 'No alert has called a playbook yet.'),
    section(
      'dead',
      'Dead letters',
      deadLetters,
      deliveryColumns(now),
      'Every message and ticket went out or still waits.',
    ),
    section('playbooks', `Playbooks (policy ${model.policyVersion})`, playbooks, playbookColumns, 'None.'),
    lists.length === 0 ? undefined : section('lists', 'Lists of threat intelligence', lists, listColumns, 'None.'),
  ])
}

function verdict({ readiness, breaker, drift, blocked, deadLetters, waitingDeliveries, playbooks }: PageModel): Html {
  const enforcing = playbooks.filter(({ mode }) => mode === 'enforce').map(({ name }) => name)
  const facts: HtmlValue[] = [
    enforcing.length === 0 ? 'No playbook acts without a person.' : `Acting without a person: ${enforcing.join(', ')}.`,
    drift === undefined ? undefined : `The last comparison with the kernel mended ${counted(drift, 'difference')}.`,
    `${counted(waitingDeliveries, 'delivery', 'deliveries')} to be sent, ${counted(deadLetters.length, 'dead letter')}.`,
  ]
  const trouble = [
    readiness.ready ? undefined : readiness.reason,
    breaker === undefined ? undefined : `The breaker is open: the cap ${breaker} was met, a person approves.`,
  ].filter(sentence => sentence !== undefined)
  const shown = facts.filter(fact => fact !== undefined)
  return html`<section class="verdict ${trouble.length > 0 ? 'raised' : ''}" id="verdict" data-live>
<h2>${(trouble[0] ?? blocked === 1) ? '1 address is blocked' : `${grouped(blocked)} addresses are blocked`}</h2>
<ul class="facts">${[...trouble.slice(1), ...shown].map(fact => html`<li>${fact}</li>`)}</ul></section>`
}

function section<Row>(
  id: string,
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  empty: string,
): Html {
  return html`<section aria-labelledby="${id}-heading"><h2 id="${id}-heading">${title}</h2><div class="panel" id="${id}" data-live>${
    rows.length === 0 ? html`<p class="empty">${empty}</p>` : table(rows, columns, { caption: title })
  }</div></section>`
}

const blockColumns = (now: number): readonly Column<Block>[] => [
  { head: 'address', rowHead: true, cell: row => dataText(row.target, 48) },
  { head: 'since', label: true, cell: row => when(row.since, now) },
  { head: 'until', label: true, cell: row => when(row.expiresAt, now) },
  { head: 'kernel', label: true, cell: row => (row.state === 'applied' ? 'in place' : 'on its way') },
  { head: 'incident', label: true, cell: row => row.incident },
]

const incidentColumns = (now: number): readonly Column<Incident>[] => [
  { head: 'incident', rowHead: true, cell: row => row.id },
  { head: 'target', cell: row => dataText(row.target, 48) },
  { head: 'playbook', label: true, cell: row => dataText(row.playbook) },
  { head: 'state', cell: row => row.state },
  { head: 'why', label: true, cell: row => dataText(row.facts.detail ?? '', 120) },
  {
    head: 'verdict',
    label: true,
    cell: row => `${row.facts.evidence.verdict}${row.facts.evidence.country ? `, ${row.facts.evidence.country}` : ''}`,
  },
  { head: 'alerts', label: true, align: 'number', cell: row => grouped(row.alerts) },
  { head: 'when', label: true, cell: row => when(row.createdAt, now) },
]

const deliveryColumns = (now: number): readonly Column<Delivery>[] => [
  { head: 'delivery', rowHead: true, cell: row => dataText(row.id) },
  { head: 'attempts', label: true, align: 'number', cell: row => grouped(row.attempts) },
  { head: 'last answer', label: true, cell: row => dataText(row.lastError, 120) },
  { head: 'written', label: true, cell: row => when(row.createdAt, now) },
]

const playbookColumns: readonly Column<PlaybookView>[] = [
  { head: 'playbook', rowHead: true, cell: row => dataText(row.name) },
  { head: 'mode', cell: row => row.mode },
  { head: 'steps', label: true, cell: row => row.steps.join(', ') },
]

const listColumns: readonly Column<ListView>[] = [
  { head: 'list', rowHead: true, cell: row => dataText(row.name) },
  { head: 'entries', label: true, align: 'number', cell: row => grouped(row.entries) },
  { head: 'left out', label: true, align: 'number', cell: row => grouped(row.refused) },
  { head: 'age', label: true, cell: row => (row.ageSeconds === undefined ? '' : span(row.ageSeconds * 1_000)) },
  { head: 'trouble', label: true, cell: row => row.trouble ?? 'none' },
]
