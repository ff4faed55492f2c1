import { type Html, html } from '../../../../service/page/html.ts'
import { type Column, table } from '../../../../service/page/table.ts'

interface BlindSpot {
  readonly what: string
  readonly instead: string
}

/** Events that OpenClaw does not log, so that no figure on this page can include them. */
const blindSpots: readonly BlindSpot[] = [
  {
    what: 'Refused HTTP requests (401, 403, 413, 429 on tools, chat, control UI and plugin routes)',
    instead: "the reverse proxy's access log (docs/proxies.md)",
  },
  { what: 'Wrong webhook tokens before the rate limit applies', instead: "the reverse proxy's access log" },
  { what: 'Failed TLS handshakes and client certificates', instead: "the reverse proxy's log (docs/proxies.md)" },
  { what: 'Ordinary successful sign-ins', instead: 'security.event records (diagnostics-otel)' },
  { what: 'Start and end of a lockout', instead: 'only the attempts that are refused during it are logged' },
  {
    what: 'The client address behind a proxy that is not configured as trusted',
    instead: "the proxy's log, or the proxy's address in the configuration",
  },
  { what: 'Decisions on exec approvals, rejected pairings', instead: 'security.event records (diagnostics-otel)' },
  { what: 'Changes of the exec-approval policy', instead: 'openclaw policy check, run on a schedule' },
  { what: 'Findings of audit, doctor and policy checks', instead: 'the JSON of those commands, shipped' },
]

const columns: readonly Column<BlindSpot>[] = [
  { head: 'not in the log', rowHead: true, cell: spot => spot.what },
  { head: 'alternative source', label: true, cell: spot => spot.instead },
]

/** What this page cannot show. */
export function blindSpotSection(documentation: string | undefined): Html {
  return html`<section aria-labelledby="blind-heading"><h2 id="blind-heading">Blind spots</h2>
<p>Missing data does not mean that all is well. OpenClaw does not log everything; values that are not measured are never drawn as zero.</p>
<details id="blind"><summary id="blind-summary">What is not measured, and alternative sources</summary><div class="panel">${table(blindSpots, columns, { caption: 'What OpenClaw does not log' })}</div></details>
<p>${documentation === undefined ? html`See the documentation in the folder <code>docs</code> of clawtrust.` : html`<a href="${documentation}">Documentation</a>`}</p></section>`
}
