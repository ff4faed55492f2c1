import { controlStatuses } from '../../../../core/labels/compliance.ts'
import { type Html, html } from '../../../../service/page/html.ts'
import { table } from '../../../../service/page/table.ts'
import type { Report } from '../../../model/report.ts'
import { detail, first } from '../elements/limits.ts'
import { remainder } from '../elements/remainder.ts'
import { badge, statuses } from '../elements/status.ts'
import { code, cut, text } from '../elements/text.ts'

/** True of every tool that reads logs. */
const cannotProve: readonly string[] = [
  'That the sources record everything that happens. A program that does not log, or a path that bypasses what is observed, is not seen.',
  'That a control is configured, where only its effects are observed: that failed sign-ins were few does not show that a lockout exists.',
  'That no asset is missing from the inventory.',
  'That a person read an alert, reviewed an account, accepted a risk or learned from an incident.',
  'A stage of maturity. The functions of a maturity model are listed with their evidence; assigning a stage needs a person.',
  'That what was true at the end of the period is true when it is read.',
]

/** How the statuses come from the evidence, and where that ends. */
export function methodSection(report: Report): Html {
  const frameworks = first(report.frameworks, detail.frameworks)
  return html`<section class="part" id="method" aria-labelledby="method-head">
<h2 id="method-head">6. Method and limits</h2>
<h3>What the statuses mean</h3>
<dl class="legend">${controlStatuses.map(
    status => html`<div><dt>${badge(status)}</dt><dd>${statuses[status].meaning}</dd></div>
`,
  )}</dl>
<p><b>Unknown is never pass.</b> A test passes only if its value is within its threshold, its newest datum is fresh at the end of the period, and the programs that it rests on were observed for the needed share of the period. Missing telemetry makes it unknown. A value that is missing is not zero.</p>
<p>Exceptions change the status of a control, not the outcome of its tests. Expired exceptions change nothing.</p>
<h3>What no tool can prove</h3>
<ul class="plain">${cannotProve.map(
    limit => html`<li>${limit}</li>
`,
  )}</ul>
<p>What the evidence of a single control cannot prove is listed with it in section 3.</p>
<h3>How this report was made</h3>
<p>Times are in UTC unless a time zone is named; the borders of the period are midnights of ${cut(report.period.timeZone, 60)}. Organization-defined parameters of SP 800-53 are named beside the thresholds that they set. All forms of this report are made from one model, report.json; where they differ, that file is the one that counts. Long texts are cut here and complete there.</p>
${
  frameworks.shown.length === 0
    ? undefined
    : html`<div class="framework-table">${table(
        frameworks.shown,
        [
          { head: 'Framework', rowHead: true, cell: ({ title }) => text(title, detail.title) },
          { head: 'Version', cell: ({ version }) => text(version, 40) },
          { head: 'Published at', cell: ({ source }) => text(source, 120) },
          { head: 'SHA-256 of its file', cell: ({ sha256 }) => code(sha256, 64) },
        ],
        { caption: 'Frameworks of this report', stacked: false },
      )}</div>${remainder(frameworks.rest, 'frameworks')}`
}
<h3>How to check this report</h3>
<p><code>clawtrust report verify DIR</code> compares every file of the report with its manifest, the manifest with its signature and with the report before, and names what differs. It needs no network. <code>clawtrust report verify DIR --recheck</code> asks the stores of evidence again; documents that arrived late or were deleted since are named as such. Keep the public key of the signature where the reports are not.</p>
</section>`
}
