import { type Html, html } from '../../../../service/page/html.ts'
import type { Report } from '../../../model/report.ts'
import type { References } from '../elements/references.ts'
import { changeBlock } from './changes.ts'
import { coverageBlock } from './coverage.ts'
import { exceptionBlock } from './exceptions.ts'
import { marks } from './masthead.ts'
import { pillarBlock } from './pillars.ts'
import { remediationBlock } from './remediation.ts'
import { riskBlock } from './risks.ts'
import { countsOf, tiles } from './tiles.ts'
import { trendBlock } from './trend.ts'
import { signOffBlock, trustBlock } from './trust.ts'

/** Below the masthead, the rest of page one: what an executive reads, and no more than fits on one page. */
export function pageOneSection(report: Report, references: References, hash: string): Html {
  return html`<section class="one" id="summary" aria-label="Summary">
${marks(report)}
${tiles(report, countsOf(report.controls))}
${coverageBlock(report)}
<div class="row halves">${pillarBlock(report)}${trendBlock(report)}</div>
${riskBlock(report, references)}
<div class="row thirds">${changeBlock(report, references)}${remediationBlock(report)}${exceptionBlock(report, references)}</div>
<div class="row halves">${trustBlock(report, hash)}${signOffBlock()}</div>
</section>`
}
