import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, words } from '../../../../service/page/words.ts'
import { syntheticMark } from '../marks.ts'
import type { OffenderView, PageModel } from '../model.ts'

const columns: readonly Column<OffenderView>[] = [
  {
    head: 'address',
    rowHead: true,
    cell: ({ address, embedded, synthetic }) =>
      html`${dataText(address, 45)}${embedded === undefined ? '' : html` (embeds ${dataText(embedded, 15)})`}${syntheticMark(synthetic)}`,
  },
  { head: 'signal', cell: row => words(row.signal) },
  { head: 'events', align: 'number', keep: true, cell: row => grouped(row.events) },
]

/** Addresses with the most events of the last window. */
export function offenderSection({ offenders }: PageModel): Html {
  return html`<section aria-labelledby="offenders-heading"><h2 id="offenders-heading">Offenders</h2><div class="panel" id="offenders" data-live>${
    offenders.length === 0
      ? html`<p class="empty">No offenders. Only trusted addresses are listed: if a proxy is in front of the gateway, add it to <code>exporter.trusted_proxies</code>, so that the addresses of its clients are trusted.</p>`
      : table(offenders, columns, { caption: 'Addresses with the most events, highest first', stacked: false })
  }</div></section>`
}
