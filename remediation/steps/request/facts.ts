import { randomBytes } from 'node:crypto'
import { parseTarget } from '../../../core/net/target.ts'
import { timestamp } from '../../../service/page/words.ts'
import type { Incident } from '../../domain/incident.ts'
import type { WordedStep } from '../step.ts'

/** What the templates can name. */
export type DeliveryFacts = {
  readonly delivery: string
  readonly incident: string
  /** The incident whose proposal this one renews; empty where it renews none. */
  readonly thread: string
  /** The receiver's own reference of the message about that; empty where it gave none. */
  readonly thread_reference: string
  readonly playbook: string
  readonly target: string
  /** The target where it is an address or network; where it is others' text, words of our own. */
  readonly address: string
  readonly state: string
  readonly summary: string
  readonly verdict: string
  readonly country: string
  /** ISO 8601, or a word. */
  readonly expires: string
  /** Where a person approves or looks; empty where no address is configured. */
  readonly link: string
  readonly link_sentence: string
  /** The alert as JSON: written by others. */
  readonly alert: string
  /** Random: marks where the words of others begin and end. */
  readonly nonce: string
}

/**
 * The content of a delivery about an incident.
 *
 * @param acts the steps that act
 * @param link where a person approves or looks
 * @param reference the receiver's own reference of the message about the proposal that is renewed
 */
export function deliveryFacts(
  incident: Incident,
  acts: readonly WordedStep[],
  link: string,
  reference = '',
): Omit<DeliveryFacts, 'delivery'> {
  const { id, playbook, target, state, alert, facts } = incident
  const proposed = state === 'proposed'
  return {
    incident: id,
    thread: facts.thread ?? '',
    thread_reference: reference,
    playbook,
    target,
    address: parseTarget(target)?.text ?? 'named in the alert',
    state,
    summary: summaryOf(incident, acts),
    verdict: facts.evidence.verdict,
    country: facts.evidence.country ?? 'unknown',
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
function summaryOf({ state, target, playbook, facts }: Incident, acts: readonly WordedStep[]): string {
  const again = facts.thread === undefined ? '' : ' again'
  if (acts.length === 0) {
    const asks = state === 'proposed' ? `asks${again} to act` : 'acts'
    return `clawtrust ${asks} on ${target} (${playbook})`
  }
  const intents = acts.map(({ words }) => words.intent).join(' and ')
  if (state === 'proposed') return `clawtrust asks${again} to ${intents} (${playbook})`
  return `clawtrust ${acts.map(outcome).join(' and ')} (${playbook})`
}

function outcome({ state, words }: WordedStep): string {
  return state === 'done' ? words.past : `could not ${words.intent}`
}
