import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, when } from '../../../../service/page/words.ts'
import { syntheticMark } from '../marks.ts'
import type { GatewayView, PageModel } from '../model.ts'

/** Gateways with events, with a hint where two seem to share a name. */
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
      cell: row => (row.ports.length === 0 ? html`<span class="muted">not reported</span>` : row.ports.join(', ')),
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
      ? html`<p class="empty">No gateways yet. A gateway appears with its first record.</p>`
      : html`${table(gateways, columns, { caption: 'Gateways by last event' })}${rest(gatewayCount, gateways.length)}`
  }</div></section>`
}

function rest(all: number, shown: number): Html | undefined {
  if (all <= shown) return undefined
  return html`<p class="legend">${grouped(shown)} of ${grouped(all)} gateways, newest event first.</p>`
}

function hint({ ports }: GatewayView): Html | undefined {
  if (ports.length < 2) return undefined
  return html`<span class="sub elevated">▲ ${ports.length} ports under one name: probably ${ports.length} gateways. Set <code>gateway</code> on each source to distinguish them.</span>`
}
