import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { Decision } from '../decision/decide.ts'
import type { Policy } from '../decision/policy.ts'
import { lengthText } from '../domain/length-text.ts'
import type { Cap } from '../domain/limits.ts'
import { blockStep, type Playbook } from '../domain/playbook.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import { nextOffences } from '../steps/block/escalation.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Block } from '../store/blocks.ts'
import type { Breaker } from '../store/breaker.ts'
import type { Incident, IncidentFacts, IncidentState } from '../store/incidents.ts'
import type { Ledger } from '../store/ledger.ts'
import type { AuditEntry } from '../store/ocsf.ts'

export interface DecisionRecorderOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly policy: Policy
  readonly breaker: Breaker
  readonly metrics: RemediationMetrics
  readonly addDeliveries: (incident: Incident) => void
  readonly approvalLifetime: number
  readonly clock: Clock
  readonly logger: Logger
}

export interface Recorded {
  readonly sentence: string
  /** What is now to be brought into the kernel. */
  readonly block?: Block
}

type Kind = Pick<AuditEntry, 'activity' | 'disposition' | 'status' | 'severity'>

const kinds = {
  refused: { activity: 'other', disposition: 'no_action', status: 'success', severity: 1 },
  observed: { activity: 'other', disposition: 'logged', status: 'success', severity: 3 },
  proposed: { activity: 'other', disposition: 'logged', status: 'success', severity: 4 },
  approved: { activity: 'other', disposition: 'approved', status: 'success', severity: 4 },
} as const satisfies Record<string, Kind>

/** Writes decisions down, with all that follows from them. Its methods belong inside `Ledger.write`. */
export class DecisionRecorder {
  readonly #options: DecisionRecorderOptions

  constructor(options: DecisionRecorderOptions) {
    this.#options = options
  }

  record(
    incident: Incident,
    playbook: Playbook,
    decision: Decision,
    by: Pick<IncidentFacts, 'approvedBy'> = {},
  ): Recorded {
    if (decision.outcome === 'refuse') return this.#refuse(incident, playbook, decision)
    const { metrics, clock } = this.#options
    const now = clock.now()
    const { block, mode, opensBreaker } = decision
    const length = block === undefined ? {} : { length: block.length }
    const facts = { ...incident.facts, mode, ...length, ...by }
    if (opensBreaker !== undefined) this.#openBreaker(opensBreaker)
    if (decision.outcome === 'would') {
      const sentence = `would act on ${incident.target}`
      this.#move(incident, 'observed', now + playbook.cooldown, facts, kinds.observed, sentence)
      metrics.actions.series(actionOf(playbook), mode, 'would').value += 1
      if (block !== undefined) metrics.wouldBlock.series(playbook.name).value += 1
      return { sentence }
    }
    if (decision.outcome === 'propose') return this.#propose(incident, playbook, facts)
    if (block === undefined) return this.#request(incident, playbook, facts)
    return this.#block(incident, playbook, facts, block.length)
  }

  reject(incident: Incident, actor: string): Recorded {
    const sentence = `The proposal to act on ${incident.target} was rejected by ${actor}.`
    this.#move(
      incident,
      'rejected',
      this.#options.clock.now(),
      { ...incident.facts, approvedBy: actor },
      kinds.refused,
      sentence,
    )
    this.#options.metrics.actions.series(proposedAction(incident), 'approve', 'rejected').value += 1
    return { sentence }
  }

  /** A proposal that nobody answered in time. */
  lapse(incident: Incident): void {
    const sentence = `The proposal to act on ${incident.target} lapsed: nobody answered.`
    this.#move(incident, 'lapsed', this.#options.clock.now(), incident.facts, kinds.refused, sentence)
    this.#options.metrics.actions.series(proposedAction(incident), 'approve', 'lapsed').value += 1
  }

  /** The playbook was taken out of the configuration before it was decided on. */
  abandon(incident: Incident): undefined {
    const sentence = `the playbook ${incident.playbook} is no longer configured`
    this.#move(
      incident,
      'refused',
      this.#options.clock.now(),
      { ...incident.facts, detail: sentence },
      kinds.refused,
      sentence,
    )
  }

  #refuse(
    incident: Incident,
    playbook: Playbook,
    { reason, detail }: Extract<Decision, { outcome: 'refuse' }>,
  ): Recorded {
    const { metrics, clock } = this.#options
    metrics.refusals.series(reason).value += 1
    metrics.actions.series(actionOf(playbook), playbook.mode, 'refused').value += 1
    const facts = { ...incident.facts, mode: playbook.mode, reason, detail }
    this.#move(incident, 'refused', clock.now() + playbook.cooldown, facts, kinds.refused, `refused: ${detail}`)
    return { sentence: `Refused: ${detail}.` }
  }

  #propose(incident: Incident, playbook: Playbook, facts: IncidentFacts): Recorded {
    const { approvalLifetime, metrics, addDeliveries, clock } = this.#options
    const expiresAt = clock.now() + approvalLifetime
    const sentence = `a person is asked about ${incident.target}`
    const proposed = this.#move(incident, 'proposed', undefined, { ...facts, expiresAt }, kinds.proposed, sentence)
    metrics.actions.series(actionOf(playbook), 'approve', 'proposed').value += 1
    // While the breaker is open its own record and metric tell: one delivery for each address would be a flood.
    if (playbook.mode === 'approve') addDeliveries(proposed)
    return { sentence }
  }

  #request(incident: Incident, playbook: Playbook, facts: IncidentFacts): Recorded {
    const { ledger, metrics, addDeliveries, clock } = this.#options
    ledger.blocks.countStart(clock.now())
    const sentence = `${playbook.name} sends its requests about ${incident.target}`
    const closesAt = clock.now() + playbook.cooldown
    addDeliveries(this.#move(incident, 'requested', closesAt, facts, kinds.approved, sentence))
    metrics.actions.series('request', facts.mode ?? '', 'applied').value += 1
    return { sentence }
  }

  #block(incident: Incident, playbook: Playbook, known: IncidentFacts, length: number): Recorded {
    const { ledger, clock } = this.#options
    const step = blockStep(playbook)
    if (step === undefined) throw new TypeError('a block needs a step')
    const now = clock.now()
    const block: Block = {
      target: incident.target,
      incident: incident.id,
      state: 'wanted',
      since: now,
      expiresAt: now + length,
      length,
    }
    ledger.blocks.begin(block, nextOffences(step, ledger.blocks.offences(incident.target), now, length))
    const closesAt = Math.max(block.expiresAt, now + playbook.cooldown)
    const facts = { ...known, expiresAt: block.expiresAt }
    const sentence = `${incident.target} is to be blocked for ${lengthText(length)}`
    this.#move(incident, 'blocking', closesAt, facts, kinds.approved, sentence)
    return { sentence: `${incident.target} is blocked for ${lengthText(length)}.`, block }
  }

  #move(
    incident: Incident,
    state: IncidentState,
    closesAt: number | undefined,
    facts: IncidentFacts,
    how: Kind,
    message: string,
  ): Incident {
    const { ledger, auditWriter, policy, clock } = this.#options
    const at = clock.now()
    const moved = ledger.incidents.change(incident, {
      state,
      at,
      facts,
      ...(closesAt === undefined ? {} : { closesAt }),
    })
    const { playbook, alert } = incident
    auditWriter.record(moved, {
      ...how,
      message,
      evidence: { playbook, state, policy_version: policy.version, alert, ...facts },
    })
    return moved
  }

  #openBreaker(cap: Cap): void {
    const { breaker, auditWriter, clock, logger } = this.#options
    breaker.open(cap, clock.now())
    logger.error('A cap was met: from now on a person approves what would be enforced.', { cap })
    auditWriter.recordService('breaker', {
      activity: 'other',
      disposition: 'logged',
      status: 'other',
      severity: 4,
      message: `the breaker opened: the cap ${cap} was met`,
      evidence: { cap },
    })
  }
}

/** A proposal to block names a length. */
const proposedAction = ({ facts }: Incident): 'block' | 'request' => (facts.length === undefined ? 'request' : 'block')

const actionOf = (playbook: Playbook): 'block' | 'request' => (blockStep(playbook) === undefined ? 'request' : 'block')
