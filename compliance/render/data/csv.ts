import { visible } from '../../../service/page/visible.ts'
import type { ControlResult } from '../../model/report.ts'
import type { Renderer } from '../contract/renderer.ts'

const columns: Readonly<Record<string, (control: ControlResult) => string>> = {
  framework: control => control.framework,
  control: control => control.control,
  title: control => control.title,
  pillar: control => control.pillar,
  status: control => control.status,
  since: control => control.since,
  reason: control => control.reason,
  tests: control => control.tests.map(({ id, outcome }) => `${id}: ${outcome}`).join('; '),
  values: control => control.tests.map(({ id, value, unit }) => `${id}: ${value ?? 'unknown'} ${unit}`).join('; '),
  evidence: control => control.tests.map(({ evidence }) => evidence).join('; '),
  remedy: control => control.remedy,
  manual: control => control.manual,
  cannot_prove: control => control.cannotProve.join('; '),
}

/** RFC 4180, in UTF-8. */
export const csvRenderer: Renderer = {
  format: 'csv',
  file: 'controls.csv',
  mediaType: 'text/csv; charset=utf-8; header=present',
  summary: 'one row for each control, for a spreadsheet',
  render: ({ controls }) =>
    Buffer.from([Object.keys(columns), ...controls.map(rowOf)].map(row => `${row.map(cell).join(',')}\r\n`).join('')),
}

const rowOf = (control: ControlResult): readonly string[] => Object.values(columns).map(read => read(control))

/** With what a spreadsheet begins a formula, in its full-width forms too. */
const FORMULA = /^[\s]*[=+\-@＝＋－＠]/u
const MOST_OF_A_CELL = 4_000

/** Always quoted. What would be a formula begins with an apostrophe, which makes it a text. */
function cell(text: string): string {
  const shown = visible(text)
    .slice(0, MOST_OF_A_CELL)
    .replace(/[\ud800-\udbff]$/, '')
  return `"${FORMULA.test(shown) ? "'" : ''}${shown.replaceAll('"', '""')}"`
}
