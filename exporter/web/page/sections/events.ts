import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, when, words } from '../../../../service/page/words.ts'
import { severityMark, syntheticMark } from '../marks.ts'
import type { EventView, PageModel } from '../model.ts'

/** The newest events: time, severity, signal, location, actor. */
export function eventSection({ events, now }: PageModel): Html {
  const columns: readonly Column<EventView>[] = [
    { head: 'time, UTC', cell: event => when(event.time, now), keep: true },
    { head: 'severity', cell: event => severityMark(event.severity) },
    { head: 'event', rowHead: true, cell: what },
    { head: 'trust zone', cell: where },
    { head: 'actor', cell: who },
  ]
  return html`<section aria-labelledby="events-heading"><h2 id="events-heading">Newest events</h2><div class="panel" id="events" data-live>${
    events.length === 0
      ? html`<p class="empty">No security events yet. Failed sign-ins, policy decisions and drifts appear here when they are read. To test it, connect to the gateway with a wrong token.</p>`
      : html`${table(events, columns, { caption: 'Newest security events, newest first' })}<p class="legend">✓ trusted: the address of the connection, or reported by a configured proxy. ? unverified: the client may have forged it.</p>`
  }</div></section>`
}

function what(event: EventView): Html {
  const repeats = event.count > 1 ? html` <span class="badge">× ${grouped(event.count)}</span>` : undefined
  return html`${words(event.signal)}${repeats}${syntheticMark(event.synthetic)} <span class="sub">${dataText(event.reason)}${changed(event)}</span>${more(event)}${traceOf(event)}`
}

/** The beginning of the trace id, as long as it is unlikely to be another's; the whole id is in the title. */
const SHOWN_DIGITS = 8

function traceOf({ trace }: EventView): Html | undefined {
  if (trace === undefined) return undefined
  const { id, url } = trace
  const short = html`${id.slice(0, SHOWN_DIGITS)}…`
  const shown =
    url === undefined ? html`<span title="${id}">${short}</span>` : html`<a href="${url}" title="${id}">${short}</a>`
  return html` <span class="sub">trace ${shown}</span>`
}

/** What has changed, from what to what. */
function changed({ change }: EventView): Html | undefined {
  if (change === undefined) return undefined
  const { subject, from, to } = change
  const before = from === '' ? undefined : html`${dataText(from, 40)} → `
  return html`: ${dataText(subject, 80)}, ${before}${dataText(to, 40)}`
}

/** What else the record reports. */
function more({ details = {} }: EventView): Html | undefined {
  const parts = Object.entries(details)
  if (parts.length === 0) return undefined
  return html` <span class="sub">${parts.map(([name, text], at) => html`${at === 0 ? '' : ' · '}${name} ${dataText(text, 48)}`)}</span>`
}

function where(event: EventView): Html {
  return html`${dataText(event.trustZone)} <span class="sub">${dataText(event.gateway)}, read from ${dataText(event.source)}</span>`
}

function who(event: EventView): Html {
  const names = [event.identity, event.device].filter(name => name !== undefined)
  const named = names.map((name, index) => html`${index === 0 ? '' : ', '}${dataText(name, 32)}`)
  if (event.address === undefined)
    return names.length === 0 ? html`<span class="muted">not reported</span>` : html`${named}`
  const trust = event.addressTrusted ? '✓ trusted' : '? unverified'
  return html`${dataText(event.address, 45)} <span class="sub">${trust}${names.length === 0 ? undefined : html` · ${named}`}</span>`
}
