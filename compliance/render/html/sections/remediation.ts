import { type Html, html } from '../../../../service/page/html.ts'
import type { Report } from '../../../model/report.ts'
import { code } from '../elements/text.ts'
import { chainSentence, figures, spreads } from '../page-one/remediation.ts'

/** What the remediation ledger shows. */
export function remediationSection({ remediation }: Report): Html {
  return html`<section class="part" id="remediation" aria-labelledby="remediation-head">
<h2 id="remediation-head">4. Remediation</h2>
${
  remediation === null
    ? html`<p>No ledger was read: whether anything was contained is unknown.</p>`
    : html`<p>From the ledger of the period. Times are medians and 95th percentiles of the incidents that had them; a time that nothing measured is not zero.</p>
${figures(remediation)}${spreads(remediation)}${chainSentence(remediation)}
<p>Head of the chain: ${code(remediation.chain.head || 'none', 80)}</p>`
}</section>`
}
