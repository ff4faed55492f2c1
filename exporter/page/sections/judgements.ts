import { dataText } from '../../../service/page/data-text.ts'
import { type Html, html } from '../../../service/page/html.ts'
import { type Column, table } from '../../../service/page/table.ts'
import { timestamp, words } from '../../../service/page/words.ts'
import type { JudgementView } from '../model.ts'

const columns: readonly Column<JudgementView>[] = [
  { head: 'series', rowHead: true, cell: row => html`${dataText(row.trustZone)} · ${words(row.signal)}` },
  { head: 'gateway', cell: row => (row.gateway === undefined ? 'all' : dataText(row.gateway)) },
  { head: 'word', cell: row => (row.verdict === 'mute' ? 'muted' : 'this was fine') },
  { head: 'from, UTC', keep: true, label: true, cell: row => minute(row.from) },
  { head: 'to, UTC', keep: true, label: true, cell: row => minute(row.to) },
  { head: 'expires, UTC', keep: true, label: true, cell: row => minute(row.expires) },
  {
    head: 'said in',
    cell: row =>
      html`${row.configured ? 'configuration' : 'feedback'}${row.note === undefined ? undefined : html` <span class="sub">${dataText(row.note, 200)}</span>`}`,
  },
]

/** What operators have said of series and times; absent where they have said nothing. */
export function judgementSection(judgements: readonly JudgementView[] = []): Html {
  return html`<div id="judgements" data-live>${
    judgements.length === 0
      ? undefined
      : html`<section aria-labelledby="judgements-heading"><h2 id="judgements-heading">Said by operators</h2><div class="panel">${table(judgements, columns, { caption: 'What operators have said of series and times' })}</div></section>`
  }</div>`
}

const minute = (time: number) => timestamp(time).slice(0, 16).replace('T', ' ')
