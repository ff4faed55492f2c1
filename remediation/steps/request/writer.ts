import type { Clock } from '../../../core/clock.ts'
import type { Policy } from '../../decision/policy.ts'
import { requestSteps } from '../../domain/playbook.ts'
import type { ApprovalLinks } from '../../operator/approval-links.ts'
import type { Incident } from '../../store/incidents.ts'
import type { Ledger } from '../../store/ledger.ts'
import type { Destinations } from './destinations.ts'
import { deliveryFacts } from './facts.ts'

export interface DeliveryWriterOptions {
  readonly ledger: Ledger
  readonly policy: Policy
  readonly destinations: Destinations
  readonly approvalLinks: ApprovalLinks
  /** Where a person reaches this service. */
  readonly externalUrl: string | undefined
  readonly clock: Clock
}

/**
 * Puts the requests of an incident's playbook into the outbox, each once for an incident; belongs inside `Ledger.write`.
 * Of a proposal only destinations are told that tell a person: what makes a machine act waits for the approval.
 */
export function deliveryWriter(options: DeliveryWriterOptions): (incident: Incident) => void {
  const { ledger, policy, destinations, clock } = options
  return incident => {
    const playbook = policy.playbooks.find(({ name }) => name === incident.playbook)
    if (playbook === undefined) return
    const createdAt = clock.now()
    const body = JSON.stringify(deliveryFacts(incident, linkOf(incident, options)))
    for (const { destination } of requestSteps(playbook)) {
      const { giveUpAfter = 0, tells = false } = destinations.get(destination) ?? {}
      if (incident.state === 'proposed' && !tells) continue
      ledger.outbox.add({ incident: incident.id, destination, body, createdAt, giveUpAt: createdAt + giveUpAfter })
    }
  }
}

function linkOf({ id, state, facts }: Incident, { externalUrl, approvalLinks }: DeliveryWriterOptions): string {
  if (externalUrl === undefined) return ''
  return state === 'proposed' ? `${externalUrl}approvals/${approvalLinks.token(id, facts.expiresAt ?? 0)}` : externalUrl
}
