import { type Html, html } from '../../../../service/page/html.ts'
import { grouped } from '../../../../service/page/words.ts'
import type { RemediationSummary, Report, Spread } from '../../../model/report.ts'
import { text } from '../elements/text.ts'
import { lasting } from '../elements/words.ts'

/** Whether anything was contained, and how fast. */
export function remediationBlock({ remediation }: Report): Html {
  return html`<section class="block remediation-block" aria-labelledby="one-remediation">
<h2 id="one-remediation">Remediation</h2>
${remediation === null ? html`<p>No ledger was read: whether anything was contained is unknown.</p>` : html`${figures(remediation)}${spreads(remediation)}${chainSentence(remediation)}`}</section>`
}

export function figures(summary: RemediationSummary): Html {
  const { incidents, proposed, enforced, observed, expired, rolledBack, falseBlocks } = summary
  const rows: readonly [string, number][] = [
    ['Incidents', incidents],
    ['Proposed', proposed],
    ['Enforced', enforced],
    ['Observed only', observed],
    ['Expired', expired],
    ['Rolled back', rolledBack],
    ['False blocks', falseBlocks],
  ]
  return html`<dl class="figures">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${grouped(value)}</dd></div>`)}</dl>`
}

export function spreads({ timeToDetect, timeToDecide, timeToContain }: RemediationSummary): Html {
  const row = (name: string, spread: Spread | null) =>
    html`<tr><th scope="row">${name}</th>${
      spread === null
        ? html`<td colspan="3">nothing was measured</td>`
        : html`<td class="number">${lasting(spread.median)}</td><td class="number">${lasting(spread.p95)}</td><td class="number">${grouped(spread.count)}</td>`
    }</tr>
`
  return html`<table class="spreads"><caption class="hidden">Times of remediation</caption><thead><tr><th scope="col">Time to</th><th scope="col" class="number">median</th><th scope="col" class="number">95th pct.</th><th scope="col" class="number">of</th></tr></thead>
<tbody>${row('detect', timeToDetect)}${row('decide', timeToDecide)}${row('contain', timeToContain)}</tbody></table>`
}

export function chainSentence({ chain }: RemediationSummary): Html {
  return html`<p class="chain clamp2">Audit trail of ${grouped(chain.records)} records: ${chain.verified ? 'its hash chain was verified.' : html`<b>its hash chain was not verified.</b>`}${chain.detail === '' ? undefined : html` ${text(chain.detail, 80)}`}</p>`
}
