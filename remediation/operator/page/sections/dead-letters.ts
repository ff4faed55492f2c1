import type { Delivery } from '../../../../service/delivery/outbox.ts'
import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { Column } from '../../../../service/page/table.ts'
import { grouped, when } from '../../../../service/page/words.ts'
import { commandButton, commandLine } from '../command.ts'
import type { PageModel } from '../model.ts'
import { section } from './section.ts'

/** Deliveries that were given up, and what the receiver said. */
export function deadLetterSection({ deadLetters: { rows }, operators, now }: PageModel): Html {
  const replay: Column<Delivery> = { head: 'undo', cell: ({ id }) => commandButton('replay', id, 'Send again') }
  return section({
    id: 'dead-letters',
    title: 'Dead letters',
    rows,
    columns: [
      { head: 'destination', rowHead: true, cell: row => dataText(row.destination) },
      { head: 'last answer', label: true, cell: row => dataText(row.lastError, 120) },
      { head: 'attempts', label: true, align: 'number', cell: row => grouped(row.attempts) },
      { head: 'written', label: true, cell: row => when(row.createdAt, now) },
      { head: 'delivery', label: true, cell: row => html`<code>${row.id}</code>` },
      ...(operators ? [replay] : []),
    ],
    empty: 'Every message and ticket went out or is on its way.',
    note: operators
      ? undefined
      : ['Send one again by ', commandLine('replay <delivery>'), ', all by ', commandLine('replay all'), '.'],
  })
}
