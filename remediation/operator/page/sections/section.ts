import { idOf } from '../../../../service/page/data-text.ts'
import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'
import type { CommandKind } from '../../../store/commands.ts'

export interface SectionOptions<Row> {
  readonly id: string
  readonly title: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  /** Said in place of rows. */
  readonly empty: string
  /** Said above them. */
  readonly note?: HtmlValue
}

export function section<Row>({ id, title, rows, columns, empty, note }: SectionOptions<Row>): Html {
  const filled = [
    note === undefined ? undefined : html`<p class="note">${note}</p>`,
    table(rows, columns, { caption: title }),
  ]
  return html`<section aria-labelledby="${id}-heading"><h2 id="${id}-heading">${title}</h2><div class="panel" id="${id}" data-live>${
    rows.length === 0 ? html`<p class="empty">${empty}</p>` : filled
  }</div></section>`
}

/** A command as a button that asks before it acts, for clients who may give commands on this page; its id keeps the focus when the page asks for news. */
export function commandButton(kind: CommandKind, argument: string, label: string): Html {
  const id = idOf(kind, argument)
  return html`<form class="command" method="post" action="/commands/${kind}"><input type="hidden" name="argument" value="${argument}"><button id="${id}" aria-label="${`${label} ${argument}`.trim()}">${label}</button></form>`
}

/** The same on the command line, for users who can only read the page. */
export function commandLine(words: string): Html {
  return html`<code>clawtrust remediation ${words}</code>`
}
