import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import { timestamp, words } from '../../../../service/page/words.ts'
import type { FeedbackView } from '../model.ts'

const columns: readonly Column<FeedbackView>[] = [
  { head: 'series', rowHead: true, cell: row => html`${dataText(row.trustZone)} · ${words(row.signal)}` },
  { head: 'gateway', cell: row => (row.gateway === undefined ? 'all' : dataText(row.gateway)) },
  { head: 'verdict', cell: row => (row.verdict === 'mute' ? 'muted' : 'fine') },
  { head: 'from, UTC', keep: true, label: true, cell: row => minute(row.from) },
  { head: 'to, UTC', keep: true, label: true, cell: row => minute(row.to) },
  { head: 'expires, UTC', keep: true, label: true, cell: row => minute(row.expires) },
  {
    head: 'source',
    cell: row =>
      html`${row.configured ? 'configuration' : 'API'}${row.note === undefined ? undefined : html` <span class="sub">${dataText(row.note, 200)}</span>`}`,
  },
]

/** Operator feedback on series and periods; absent where there is none. */
export function feedbackSection(entries: readonly FeedbackView[] = []): Html {
  return html`<div id="feedback" data-live>${
    entries.length === 0
      ? undefined
      : html`<section aria-labelledby="feedback-heading"><h2 id="feedback-heading">Operator feedback</h2><div class="panel">${table(entries, columns, { caption: 'Operator feedback on series and periods' })}</div></section>`
  }</div>`
}

const minute = (time: number) => timestamp(time).slice(0, 16).replace('T', ' ')
