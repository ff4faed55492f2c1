import type { Delivery } from '../../../../service/delivery/outbox.ts'
import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { Column } from '../../../../service/page/table.ts'
import { grouped, when } from '../../../../service/page/words.ts'
import type { PageModel } from '../model.ts'
import { commandButton, commandLine, section } from './section.ts'

/** Deliveries that failed permanently, with the receiver's last response. */
export function deadLetterSection({ deadLetters: { rows }, mayCommand, now }: PageModel): Html {
  const replay: Column<Delivery> = { head: 'action', cell: ({ id }) => commandButton('replay', id, 'Send again') }
  return section({
    id: 'dead-letters',
    title: 'Dead letters',
    rows,
    columns: [
      { head: 'destination', rowHead: true, cell: row => dataText(row.destination) },
      { head: 'last response', label: true, cell: row => dataText(row.lastError, 120) },
      { head: 'attempts', label: true, align: 'number', cell: row => grouped(row.attempts) },
      { head: 'created', label: true, cell: row => when(row.createdAt, now) },
      { head: 'delivery', label: true, cell: row => html`<code>${row.id}</code>` },
      ...(mayCommand ? [replay] : []),
    ],
    empty: 'No delivery has failed permanently.',
    note: mayCommand
      ? undefined
      : ['To send one again, run ', commandLine('replay <delivery>'), '; for all, ', commandLine('replay all'), '.'],
  })
}
