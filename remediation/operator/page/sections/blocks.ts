import { dataText } from '../../../../service/page/data-text.ts'
import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import type { Column } from '../../../../service/page/table.ts'
import { counted, when } from '../../../../service/page/words.ts'
import type { BlockView, PageModel } from '../model.ts'
import { evidence } from './incidents.ts'
import { commandButton, commandLine, section } from './section.ts'

/** What is dropped now, and for how much longer. */
export function blockSection({ blocked: { count, rows }, mayCommand, now }: PageModel): Html {
  const unblock: Column<BlockView> = { head: 'action', cell: row => commandButton('unblock', row.target, 'Unblock') }
  const how = mayCommand ? undefined : ['To unblock an address, run ', commandLine('unblock <address>'), '. ']
  const more =
    count > rows.length ? `The newest are shown; to list ${counted(count - rows.length, 'more')}, run ` : undefined
  return section({
    id: 'blocks',
    title: 'Active blocks',
    rows,
    columns: [
      { head: 'address', rowHead: true, cell: row => dataText(row.target, 48) },
      { head: 'expires', label: true, cell: row => when(row.expiresAt, now) },
      { head: 'since', label: true, cell: row => when(row.since, now) },
      {
        head: 'kernel',
        label: true,
        cell: kernelMark,
      },
      { head: 'playbook', label: true, cell: ({ cause }) => dataText(cause?.playbook ?? '') },
      { head: 'evidence', label: true, cell: ({ cause }) => cause && evidence(cause) },
      { head: 'incident', label: true, cell: row => html`<code>${row.incident}</code>` },
      ...(mayCommand ? [unblock] : []),
    ],
    empty: 'Nothing is blocked.',
    note: how === undefined && more === undefined ? undefined : [how, more, more && commandLine('list blocked')],
  })
}

function kernelMark({ state, damaged }: BlockView): HtmlValue {
  if (damaged === true) return html`<span class="mark anomalous">damaged</span>`
  return state === 'applied' ? 'applied' : html`<span class="mark elevated">pending</span>`
}
