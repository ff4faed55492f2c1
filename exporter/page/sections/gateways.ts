import { dataText } from '../../../service/page/data-text.ts'
import { type Html, html } from '../../../service/page/html.ts'
import { type Column, table } from '../../../service/page/table.ts'
import { grouped, when } from '../../../service/page/words.ts'
import { syntheticMark } from '../marks.ts'
import type { GatewayView, PageModel } from '../model.ts'

/** Gateways heard of, with a hint where two seem to share a name. */
export function gatewaySection({ gateways, gatewayCount, now }: PageModel): Html {
  const columns: readonly Column<GatewayView>[] = [
    {
      head: 'gateway',
      rowHead: true,
      cell: row => html`${dataText(row.name)}${syntheticMark(row.synthetic)}${hint(row)}`,
    },
    {
      head: 'port',
      label: true,
      cell: row => (row.ports.length === 0 ? html`<span class="muted">not told</span>` : row.ports.join(', ')),
    },
    {
      head: 'last event, UTC',
      label: true,
      keep: true,
      cell: row => (row.lastEvent === undefined ? html`<span class="muted">none yet</span>` : when(row.lastEvent, now)),
    },
  ]
  return html`<section aria-labelledby="gateways-heading"><h2 id="gateways-heading">Gateways</h2><div class="panel" id="gateways" data-live>${
    gateways.length === 0
      ? html`<p class="empty">No gateway has been heard of. One appears with its first line.</p>`
      : html`${table(gateways, columns, { caption: 'Gateways heard of' })}${rest(gatewayCount, gateways.length)}`
  }</div></section>`
}

function rest(all: number, shown: number): Html | undefined {
  if (all <= shown) return undefined
  return html`<p class="legend">The ${grouped(shown)} heard last of ${grouped(all)}.</p>`
}

function hint({ ports }: GatewayView): Html | undefined {
  if (ports.length < 2) return undefined
  return html`<span class="sub raised">▲ ${ports.length} ports under one name: probably ${ports.length} gateways. Set <code>gateway</code> on each source to tell them apart.</span>`
}
