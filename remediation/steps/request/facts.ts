import { randomBytes } from 'node:crypto'
import { timestamp } from '../../../service/page/words.ts'
import { lengthText } from '../../domain/length-text.ts'
import { parseTarget } from '../../domain/target.ts'
import type { Incident } from '../../store/incidents.ts'
import type { DeliveryFacts } from './templates/render.ts'

/** What a delivery tells of an incident; the link is where a person approves or looks. */
export function deliveryFacts(incident: Incident, link: string): Omit<DeliveryFacts, 'delivery'> {
  const { id, playbook, target, state, alert, facts } = incident
  const proposed = state === 'proposed'
  return {
    incident: id,
    playbook,
    target,
    address: parseTarget(target)?.text ?? 'named in the alert',
    state,
    summary: summaryOf(incident),
    verdict: facts.evidence.verdict,
    country: facts.evidence.country ?? 'not known',
    expires: facts.expiresAt === undefined ? 'no end' : timestamp(facts.expiresAt),
    link,
    link_sentence: link === '' ? byCommand(id, proposed) : `${proposed ? 'Approve or reject' : 'See'}: ${link}`,
    alert: JSON.stringify({ labels: alert.labels, annotations: alert.annotations, startsAt: alert.startsAt }),
    nonce: randomBytes(12).toString('hex'),
  }
}

/** How a person goes on where no address of this service is configured. */
const byCommand = (id: string, proposed: boolean): string =>
  proposed ? `Approve by: clawtrust remediation approve ${id}` : `See: clawtrust remediation show ${id}`

/** One sentence; the target is an address, or a label's text. */
function summaryOf({ state, target, playbook, facts }: Incident): string {
  const hours = facts.length === undefined ? '' : ` for ${lengthText(facts.length)}`
  if (state === 'proposed') return `clawtrust asks to block ${target}${hours} (${playbook})`
  if (facts.length !== undefined) return `clawtrust blocked ${target}${hours} (${playbook})`
  return `clawtrust acts on ${target} (${playbook})`
}
