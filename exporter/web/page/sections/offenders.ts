import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { grouped, words } from '../../../../service/page/words.ts'
import type { AddressFacts, ListMatch } from '../../../enrichment/address-facts.ts'
import { listMark, syntheticMark } from '../marks.ts'
import type { OffenderView, PageModel } from '../model.ts'

/** Threat lists that are named of one offender. */
const SHOWN_LISTS = 3

const columns: readonly Column<OffenderView>[] = [
  {
    head: 'address',
    rowHead: true,
    cell: ({ address, embedded, synthetic, facts }) =>
      html`${dataText(address, 45)}${embedded === undefined ? '' : html` (embeds ${dataText(embedded, 15)})`}${syntheticMark(synthetic)}${marks(facts.lists)}${origin(facts)}`,
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
  }${offenders.some(isKnownNetwork) ? html`<p class="legend">A network has the country and the autonomous system of its first address, and the mark of a list that has all of it.</p>` : undefined}</div></section>`
}

/** Where an address is by databases of others: text of others, with signs of our own between. */
function origin({ country, system }: AddressFacts): Html | undefined {
  const parts = [
    ...(country === undefined ? [] : [html`${dataText(country, 2)}`]),
    ...(system === undefined ? [] : [html`AS${system.number}${organization(system.organization)}`]),
  ]
  if (parts.length === 0) return undefined
  return html` <span class="sub">${parts.map((part, at) => html`${at === 0 ? '' : ' · '}${part}`)}</span>`
}

const organization = (name: string | undefined) => (name === undefined ? undefined : html` ${dataText(name)}`)

/** Malicious ones first: what is cut must not be the reason to act. */
function marks(lists: readonly ListMatch[]): readonly Html[] {
  const ordered = [...lists].sort((a, b) => Number(a.verdict === 'benign') - Number(b.verdict === 'benign'))
  const shown = ordered.slice(0, SHOWN_LISTS).map(match => html` ${listMark(match)}`)
  const more = ordered.length - shown.length
  return more === 0 ? shown : [...shown, html` <span class="sub">on ${more} more</span>`]
}

const isKnownNetwork = ({ address, facts: { country, system, lists } }: OffenderView): boolean =>
  address.includes('/') && (country !== undefined || system !== undefined || lists.length > 0)
