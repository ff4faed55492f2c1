import { type Html, type HtmlValue, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'

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
