import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import type { Column } from '../../../../service/page/table.ts'
import { counted, when } from '../../../../service/page/words.ts'
import { commandButton, commandLine } from '../command.ts'
import type { BlockView, PageModel } from '../model.ts'
import { evidence } from './evidence.ts'
import { section } from './section.ts'

/** What is dropped now, and for how much longer. */
export function blockSection({ blocked: { count, rows }, operators, now }: PageModel): Html {
  const unblock: Column<BlockView> = { head: 'undo', cell: row => commandButton('unblock', row.target, 'Unblock') }
  const how = operators ? undefined : ['Let one in again by ', commandLine('unblock <address>'), '. ']
  const more = count > rows.length ? `The newest are shown; ${counted(count - rows.length, 'more')} by ` : undefined
  return section({
    id: 'blocks',
    title: 'Blocked now',
    rows,
    columns: [
      { head: 'address', rowHead: true, cell: row => dataText(row.target, 48) },
      { head: 'until', label: true, cell: row => when(row.expiresAt, now) },
      { head: 'since', label: true, cell: row => when(row.since, now) },
      {
        head: 'kernel',
        label: true,
        cell: row => (row.state === 'applied' ? 'in place' : html`<span class="mark raised">not yet in place</span>`),
      },
      { head: 'playbook', label: true, cell: ({ cause }) => dataText(cause?.playbook ?? '') },
      { head: 'evidence', label: true, cell: ({ cause }) => cause && evidence(cause) },
      { head: 'incident', label: true, cell: row => html`<code>${row.incident}</code>` },
      ...(operators ? [unblock] : []),
    ],
    empty: 'Nothing is blocked.',
    note: how === undefined && more === undefined ? undefined : [how, more, more && commandLine('list blocked')],
  })
}
