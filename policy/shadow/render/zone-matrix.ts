import { type Html, html } from '../../../service/page/html.ts'
import { grouped } from '../../../service/page/words.ts'
import type { ZoneCell } from '../report-model.ts'
import { zoneWords } from './words.ts'

const answers = ['allow', 'deny', 'unknown'] as const

/** Events from each zone (rows) to each zone (columns). */
export function zoneMatrix(cells: readonly ZoneCell[]): Html {
  const zones = [...new Set(cells.flatMap(({ source, destination }) => [source, destination]))].sort(byName)
  const at = (from: string | null, to: string | null) =>
    cells.find(({ source, destination }) => source === from && destination === to)
  return html`<div class="scroll"><table class="matrix"><caption class="hidden">Events from zone (rows) to zone (columns)</caption>
<thead><tr><th scope="col">from \\ to</th>${zones.map(zone => html`<th scope="col">${zoneWords(zone)}</th>`)}</tr></thead>
<tbody>${zones.map(
    from => html`<tr><th scope="row">${zoneWords(from)}</th>${zones.map(to => cellOf(at(from, to)))}</tr>
`,
  )}</tbody></table></div>`
}

/** Ends without a zone are last. */
function byName(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a < b ? -1 : 1
}

function cellOf(cell: ZoneCell | undefined): Html {
  if (cell === undefined) return html`<td class="none">–</td>`
  const shown = answers.filter(answer => cell[answer] > 0)
  return html`<td>${shown.map(answer => html`<span class="${answer}">${answer} ${grouped(cell[answer])}</span>`)}</td>`
}
