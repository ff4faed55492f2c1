import { type Pillar, pillars } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { Report } from '../../../model/report.ts'
import { type StatusCounts, stackedBar, totalOf } from '../charts/stacked-bar.ts'
import { countsOf } from './tiles.ts'

export const pillarTitles: Readonly<Record<Pillar, string>> = {
  identity: 'Identity',
  devices: 'Devices',
  networks: 'Networks',
  applications: 'Applications',
  data: 'Data',
  visibility: 'Visibility',
  automation: 'Automation',
  governance: 'Governance',
}

interface PillarRow {
  readonly title: string
  readonly counts: StatusCounts
}

/** Status by pillar: each row a bar and its numbers. */
export function pillarBlock({ controls }: Report): Html {
  const rows: PillarRow[] = pillars.map(pillar => ({
    title: pillarTitles[pillar],
    counts: countsOf(controls.filter(control => control.pillar === pillar)),
  }))
  const top = Math.max(1, ...rows.map(({ counts }) => totalOf(counts)))
  return html`<section class="block pillar-block" aria-labelledby="one-pillars">
<h2 id="one-pillars">Status by pillar</h2>
${table(
  rows,
  [
    { head: 'Pillar', rowHead: true, cell: ({ title }) => title },
    { head: 'Controls', cell: ({ title, counts }) => stackedBar(title, counts, top) },
    { head: 'Pass', align: 'number', cell: ({ counts }) => countCell(counts.pass) },
    { head: 'Fail', align: 'number', cell: ({ counts }) => countCell(counts.fail) },
    { head: 'Unkn.', align: 'number', cell: ({ counts }) => countCell(counts.unknown) },
    { head: 'Man.', align: 'number', cell: ({ counts }) => countCell(counts.manual) },
    { head: 'Exc.', align: 'number', cell: ({ counts }) => countCell(counts.exception) },
  ],
  { caption: 'Controls by pillar and status', stacked: false },
)}</section>`
}

/** A zero is pale, so that the others are found. */
const countCell = (count: number): Html => html`${count === 0 ? html`<span class="zero">0</span>` : count}`
