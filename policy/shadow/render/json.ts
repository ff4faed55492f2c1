import { visibleJson } from '../../../service/page/visible.ts'
import type { ShadowReport } from '../report-model.ts'

/** A report for programs: what a terminal would obey is escaped, which means the same to a reader of JSON. */
export const shadowJson = (report: ShadowReport): string =>
  `${JSON.stringify(report, undefined, 2).split('\n').map(visibleJson).join('\n')}\n`
