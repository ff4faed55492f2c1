import { visibleJson } from '../../../service/page/visible.ts'
import type { Json } from '../../../service/state/state.ts'
import { canonical } from '../../model/digest.ts'
import type { Report } from '../../model/report.ts'
import type { Renderer } from '../contract/renderer.ts'

/** The model itself, from which all other forms can be made again. */
export const REPORT_FILE = 'report.json'

export const jsonRenderer: Renderer = {
  format: 'json',
  file: REPORT_FILE,
  mediaType: 'application/json',
  summary: 'the whole report as data; all other forms are made from it',
  // By way of the canonical form: the order of keys is that of their names, however the report was put together.
  render: report => Buffer.from(prettyJson(JSON.parse(canonicalReport(report)))),
}

/** JSON for people and programs: indented, with nothing invisible in its texts. */
export function prettyJson(value: object): string {
  // Line breaks are between the values only.
  const lines = JSON.stringify(value, undefined, 2).split('\n')
  return `${lines.map(visibleJson).join('\n')}\n`
}

/** The text whose hash is that of the model. */
export const canonicalReport = (report: Report): string => canonical(report as unknown as Json)
