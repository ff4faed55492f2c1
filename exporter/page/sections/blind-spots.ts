import { type Html, html } from '../../../service/page/html.ts'
import { type Column, table } from '../../../service/page/table.ts'

interface BlindSpot {
  readonly what: string
  readonly instead: string
}

/** What OpenClaw does not write into its log, so that no figure on this page can hold it. */
const blindSpots: readonly BlindSpot[] = [
  {
    what: 'Refused HTTP requests (401, 403, 429 on tools, chat, control UI and plugin routes)',
    instead: "the reverse proxy's access log",
  },
  { what: 'Wrong webhook tokens before the throttle sets in', instead: "the reverse proxy's access log" },
  { what: 'Failed TLS handshakes and client certificates', instead: "the reverse proxy's log" },
  { what: 'Ordinary successful sign-ins', instead: 'security.event records (diagnostics-otel)' },
  { what: 'Start and end of a lockout', instead: 'only the attempts refused meanwhile are seen' },
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
  { head: 'where it can be had', label: true, cell: spot => spot.instead },
]

/** Silence is not health: what this page cannot show. */
export function blindSpotSection(documentation: string | undefined): Html {
  return html`<section aria-labelledby="blind-heading"><h2 id="blind-heading">Blind spots</h2>
<p>Silence is not health. OpenClaw's log does not tell of everything; what is not measured is never drawn as zero.</p>
<details id="blind"><summary id="blind-summary">What is not measured, and where it can be had</summary><div class="panel">${table(blindSpots, columns, { caption: 'What OpenClaw does not log' })}</div></details>
<p>${documentation === undefined ? html`More in the documentation that comes with clawtrust, folder <code>docs</code>.` : html`<a href="${documentation}">Documentation</a>`}</p></section>`
}
