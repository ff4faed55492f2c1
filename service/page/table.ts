import { type Html, type HtmlValue, html } from './html.ts'

export interface Column<Row> {
  readonly head: string
  readonly cell: (row: Row) => HtmlValue
  /** The cell that names the row. */
  readonly rowHead?: boolean
  readonly align?: 'number'
  /** No line breaks in the cell. */
  readonly keep?: boolean
  /** Shown before the value if the table is stacked on a narrow screen and the value needs a label. */
  readonly label?: boolean
}

export interface TableOptions {
  readonly caption: string
  /** Rows become blocks on a narrow screen. Default: true; false for tables of few narrow columns. */
  readonly stacked?: boolean
}

/**
 * A data table with caption and scopes. The roles are explicit because the CSS for stacking would otherwise remove
 * them.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): Html {
  const stacked = options.stacked ?? true
  return html`<table role="table"${stacked ? html` class="stacked"` : undefined}><caption class="hidden">${options.caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(headCell)}</tr></thead>
<tbody role="rowgroup">${rows.map(
    row => html`<tr role="row">${columns.map(column => bodyCell(column, row))}</tr>
`,
  )}</tbody></table>`
}

function headCell<Row>(column: Column<Row>): Html {
  return html`<th role="columnheader" scope="col"${classes(column)}>${column.head}</th>`
}

function bodyCell<Row>(column: Column<Row>, row: Row): Html {
  const content = column.cell(row)
  if (column.rowHead) return html`<th role="rowheader" scope="row"${classes(column)}>${content}</th>`
  const label = column.label ? html` data-label="${column.head}"` : undefined
  return html`<td role="cell"${classes(column)}${label}>${content}</td>`
}

function classes<Row>(column: Column<Row>): Html | undefined {
  const names = [...(column.align === undefined ? [] : [column.align]), ...(column.keep ? ['keep'] : [])]
  return names.length === 0 ? undefined : html` class="${names.join(' ')}"`
}
