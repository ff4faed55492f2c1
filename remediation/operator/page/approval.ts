import { dataText } from '../../../service/page/data-text.ts'
import { html } from '../../../service/page/html.ts'
import { timestamp } from '../../../service/page/words.ts'
import { formDocument, type RenderedPage } from './document.ts'
import type { IncidentView } from './model.ts'

/**
 * What a person sees before and after deciding. Labels and annotations of the alert are shown as data.
 *
 * @param incident undefined where the link is forged or too old
 * @param sentence the result of the decision
 */
export function approvalPage(incident: IncidentView | undefined, sentence: string | undefined): RenderedPage {
  if (incident === undefined) {
    return formDocument('clawtrust', html`<h1>This link is not valid, or has expired.</h1>`)
  }
  const { id, target, playbook, state, facts, alert, alerts, steps } = incident
  const rows = [
    ['Target', target],
    ['Playbook', playbook],
    ['State', state],
    ['Proposed', steps.map(({ words }) => words.intent).join('; ')],
    ['Verdict', facts.evidence.verdict],
    ['Country', facts.evidence.country ?? 'unknown'],
    ['Alerts', String(alerts)],
    ['Valid until', facts.expiresAt === undefined ? 'no end' : timestamp(facts.expiresAt)],
  ] as const
  const findings = facts.evidence.findings.map(
    ({ source, verdict, detail }) => html`<li>${dataText(source)}: ${verdict}, ${dataText(detail, 200)}</li>`,
  )
  const form = html`<form class="decision" method="post"><button name="decision" value="approve">Approve</button><button name="decision" value="reject">Reject</button></form>`
  return formDocument(
    'clawtrust: proposed incident',
    html`<h1>Incident ${id}</h1>
${sentence === undefined ? undefined : html`<p role="status"><strong>${sentence}</strong></p>`}
<dl class="facts-list">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${dataText(value, 200)}</dd>`)}</dl>
<ul>${findings}</ul>
${state === 'proposed' ? form : undefined}
<h2>Alert as delivered</h2>
<pre>${JSON.stringify({ labels: alert.labels, annotations: alert.annotations, startsAt: alert.startsAt }, null, 1)}</pre>`,
  )
}
