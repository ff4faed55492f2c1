import { type Html, html } from '../../../../service/page/html.ts'
import type { Report } from '../../../model/report.ts'
import { code } from '../elements/text.ts'

/** Why the report can be trusted, and how a reader checks it. */
export function trustBlock({ previous, remediation }: Report, hash: string): Html {
  return html`<section class="block trust-block" aria-labelledby="one-trust">
<h2 id="one-trust">Can this report be trusted?</h2>
<p>Check it, also without a network: <code>clawtrust report verify DIR</code>, DIR being the folder of this file. Its <code>manifest.json</code> has the hash of each file, that of the report before${previous === null ? ' (none: this is the first)' : ''} and the ed25519 signature, if there is one; <code>--recheck</code> asks the stores again.</p>
<dl class="hashes"><div><dt>SHA-256 of the model, report.json (RFC 8785)</dt><dd><code>${hash}</code></dd></div>
<div><dt>Head of the audit trail</dt><dd>${remediation === null ? 'no ledger was read' : code(remediation.chain.head || 'none', 64)}</dd></div></dl>
</section>`
}

const roles = ['Prepared by', 'Reviewed by', 'Approved by'] as const

/** Signed by hand on paper: the report is not approved by its making. */
export function signOffBlock(): Html {
  return html`<section class="block sign-off-block" aria-labelledby="one-sign-off">
<h2 id="one-sign-off">Sign-off</h2>
<table class="sign-off"><caption class="hidden">Who signs this report</caption><thead><tr><th scope="col">Role</th><th scope="col">Name</th><th scope="col">Date</th><th scope="col">Signature</th></tr></thead>
<tbody>${roles.map(
    role => html`<tr><th scope="row">${role}</th><td></td><td></td><td></td></tr>
`,
  )}</tbody></table></section>`
}
