import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import { type Decision, decide, decideApproved, type Situation, targetRefusal } from '../decision/decide.ts'
import type { LiveNeverBlock } from '../decision/live-never-block.ts'
import type { Policy } from '../decision/policy.ts'
import { type Evidence, unasked } from '../domain/evidence.ts'
import { blockStep, type Playbook } from '../domain/playbook.ts'
import { parseTarget } from '../domain/target.ts'
import { type EnrichmentSources, gatherEvidence } from '../enrichment/gather.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import type { Containment } from '../steps/block/containment.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Block } from '../store/blocks.ts'
import type { Breaker } from '../store/breaker.ts'
import type { Incident } from '../store/incidents.ts'
import type { Ledger } from '../store/ledger.ts'
import { DecisionRecorder, type Recorded } from './decision-recorder.ts'

export interface ResponderOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly policy: Policy
  readonly neverBlock: LiveNeverBlock
  readonly breaker: Breaker
  readonly containment: Containment
  readonly enrichment: EnrichmentSources
  readonly metrics: RemediationMetrics
  readonly addDeliveries: (incident: Incident) => void
  /** Milliseconds that a proposal is valid. */
  readonly approvalLifetime: number
  readonly waitingApprovals: number
  readonly clock: Clock
  readonly logger: Logger
}

/** Incidents that are worked on at once: each holds its evidence in memory. */
const MOST_AT_ONCE = 256

/** Brings incidents from their receipt to a decision, and what is decided into force. */
export class Responder {
  readonly #options: ResponderOptions
  readonly #recorder: DecisionRecorder
  readonly #queue = new Set<string>()
  readonly #working = new Set<string>()
  #idle = Promise.withResolvers<void>()

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#recorder = new DecisionRecorder(options)
    this.#idle.resolve()
  }

  /** Incidents that wait for their decision. */
  get waiting(): number {
    return this.#queue.size + this.#working.size
  }

  take(incidents: Iterable<string>): void {
    if (this.waiting === 0) this.#idle = Promise.withResolvers<void>()
    for (const id of incidents) if (!this.#working.has(id)) this.#queue.add(id)
    if (this.waiting === 0) this.#idle.resolve()
    this.#next()
  }

  /** A proposal that nobody answered in time; belongs inside `Ledger.write`. */
  lapse(incident: Incident): void {
    this.#recorder.lapse(incident)
  }

  /** Resolves when nothing waits. */
  idle(): Promise<void> {
    return this.#idle.promise
  }

  /** A person's word on a proposal; a sentence says what came of it. */
  async answerProposal(id: string, approved: boolean, actor: string): Promise<string> {
    const { ledger, containment } = this.#options
    const recorded = await ledger.write((): Recorded | string => {
      const incident = ledger.incidents.get(id)
      if (incident === undefined) return `There is no incident ${id}.`
      if (incident.state !== 'proposed') return `Incident ${id} waits for nobody: it is ${incident.state}.`
      if (!approved) return this.#recorder.reject(incident, actor)
      const playbook = this.#playbookOf(incident)
      if (playbook === undefined) return `The playbook ${incident.playbook} is no longer configured.`
      const decision = decideApproved(this.#situation(incident, playbook, incident.facts.evidence))
      return this.#recorder.record(incident, playbook, decision, { approvedBy: actor })
    })
    if (typeof recorded === 'string') return recorded
    if (recorded.block === undefined) return recorded.sentence
    const result = await containment.enforce(recorded.block)
    return result.ok ? recorded.sentence : `${recorded.sentence} It is not in the kernel yet: ${result.detail}.`
  }

  #next(): void {
    for (const id of this.#queue) {
      if (this.#working.size >= MOST_AT_ONCE) return
      this.#queue.delete(id)
      this.#working.add(id)
      void this.#respond(id).finally(() => {
        this.#working.delete(id)
        if (this.waiting === 0) this.#idle.resolve()
        else this.#next()
      })
    }
  }

  /** What cannot be recorded stays `received` and is taken up again. */
  async #respond(id: string): Promise<void> {
    const { ledger, enrichment, containment, logger, metrics } = this.#options
    try {
      const received = ledger.incidents.get(id)
      if (received?.state !== 'received') return
      const evidence = this.#isRefusedAnyway(received)
        ? unasked
        : await gatherEvidence(parseTarget(received.target), enrichment)
      if (evidence !== unasked) metrics.verdicts.series(evidence.verdict).value += 1
      const block = await ledger.write(() => this.#decideOn(id, evidence))
      if (block !== undefined) await containment.enforce(block)
    } catch (error) {
      logger.error('An incident could not be decided on; it is tried again.', { incident: id, error })
    }
  }

  /** Nobody outside is asked about an address of ours, and no question is spent on what is not blocked anyway. */
  #isRefusedAnyway(incident: Incident): boolean {
    const playbook = this.#playbookOf(incident)
    if (playbook === undefined || blockStep(playbook) === undefined) return false
    return targetRefusal(this.#situation(incident, playbook, unasked)) !== undefined
  }

  #decideOn(id: string, evidence: Evidence): Block | undefined {
    const { ledger } = this.#options
    const incident = ledger.incidents.get(id)
    if (incident?.state !== 'received') return undefined
    const informed: Incident = { ...incident, facts: { ...incident.facts, evidence } }
    const playbook = this.#playbookOf(informed)
    if (playbook === undefined) return this.#recorder.abandon(informed)
    const situation = this.#situation(informed, playbook, evidence)
    return this.#recorder.record(informed, playbook, this.#withinApprovals(decide(situation))).block
  }

  /** Proposals that nobody could read any more are refused. */
  #withinApprovals(decision: Decision): Decision {
    const { ledger, waitingApprovals } = this.#options
    if (decision.outcome !== 'propose' || ledger.incidents.count('proposed') < waitingApprovals) return decision
    return { outcome: 'refuse', reason: 'approvals_full', detail: `${waitingApprovals} proposals wait for a person` }
  }

  #playbookOf(incident: Incident): Playbook | undefined {
    return this.#options.policy.playbooks.find(({ name }) => name === incident.playbook)
  }

  #situation(incident: Incident, playbook: Playbook, { verdict, country }: Evidence): Situation {
    const { ledger, clock, neverBlock, policy, breaker } = this.#options
    const now = clock.now()
    const target = parseTarget(incident.target)
    const { prefix4, prefix6 } = policy.limits
    const step = blockStep(playbook)
    return {
      playbook,
      targetText: incident.target === '' ? undefined : incident.target,
      knowledge: country === undefined ? { verdict } : { verdict, country },
      now,
      neverBlock: neverBlock.list,
      limits: policy.limits,
      counts: ledger.blocks.counts(now, breaker.countsFrom),
      breakerOpen: breaker.state(now) !== undefined,
      offences: ledger.blocks.offences(incident.target),
      overlapping: target && step && ledger.blocks.overlapping(target, prefix4 < 32 || prefix6 < 128),
      softAllowed: target !== undefined && ledger.blocks.isSoftAllowed(target, now),
    }
  }
}
