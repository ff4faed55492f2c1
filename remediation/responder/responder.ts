import type { Clock } from '../../core/clock.ts'
import type { Translation } from '../../core/net/spellings.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { WordedStep } from '../contracts/step.ts'
import type { Allowlist } from '../decision/allowlist.ts'
import { type DecisionInput, decide, decideApproved, type PlanStep, planSteps } from '../decision/decide.ts'
import type { Policy } from '../decision/policy.ts'
import { BREAKER_CLOSED } from '../decision/review.ts'
import { type Evidence, unasked } from '../domain/evidence.ts'
import type { Incident } from '../domain/incident.ts'
import { approvalRoom, noneAhead, type SourceNetworks } from '../domain/limits.ts'
import type { Playbook } from '../domain/playbook.ts'
import { type EnrichmentSources, gatherEvidence } from '../enrichment/gather.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import type { StepRegistry } from '../steps/registry.ts'
import type { StepRunner } from '../steps/runner.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Breaker } from '../store/breaker.ts'
import type { Ledger } from '../store/ledger.ts'
import { MIGRATED_PENDING } from '../store/schema.ts'
import type { NewStep } from '../store/steps.ts'
import { DAMAGED } from '../store/stored-json.ts'
import { DecisionRecorder } from './decision-recorder.ts'
import { hostNetwork } from './host-network.ts'

export interface ResponderOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly policy: Policy
  readonly registry: StepRegistry
  readonly runner: StepRunner
  readonly allowlist: Allowlist
  readonly breaker: Breaker
  readonly enrichment: EnrichmentSources
  readonly sourceNetworks: SourceNetworks
  /** Ways to write an IPv4 address as an IPv6 address. */
  readonly translations: readonly Translation[]
  readonly metrics: RemediationMetrics
  /** Milliseconds that a proposal is valid. */
  readonly approvalLifetime: number
  /** Milliseconds that a target is left alone when a person has said so. */
  readonly gracePeriod: number
  readonly clock: Clock
  readonly logger: Logger
}

export interface ProposalAnswer {
  readonly approved: boolean
  /** Milliseconds that the target is left alone where it is rejected; default: `gracePeriod`. */
  readonly leftAlone?: number
}

/** Incidents that are worked on at once: each holds its evidence in memory. */
const MAX_CONCURRENT = 256

/** Brings incidents from their receipt to a decision, and what is decided into force. */
export class Responder {
  readonly #options: ResponderOptions
  readonly #recorder: DecisionRecorder
  readonly #queue = new Set<string>()
  readonly #working = new Set<string>()
  #idle = Promise.withResolvers<void>()
  #isStopped = false

  constructor(options: ResponderOptions) {
    this.#options = options
    this.#recorder = new DecisionRecorder({ ...options, steps: options.runner.recorder })
    this.#idle.resolve()
  }

  /** Incidents that wait for their decision. */
  get waiting(): number {
    return this.#queue.size + this.#working.size
  }

  enqueue(incidents: Iterable<string>): void {
    if (this.#isStopped) return
    if (this.waiting === 0) this.#idle = Promise.withResolvers<void>()
    for (const id of incidents) if (!this.#working.has(id)) this.#queue.add(id)
    if (this.waiting === 0) this.#idle.resolve()
    this.#next()
  }

  /** A proposal that was not answered in time; belongs inside `Ledger.write`. */
  expire(incident: Incident): void {
    this.#recorder.expire(incident)
  }

  start(): void {
    this.#isStopped = false
  }

  /**
   * Resolves when what is being decided is decided. What waits stays in the ledger, and the next service that starts takes
   * it up: a flood, or a slow provider, must not hold up a reload.
   */
  stop(): Promise<void> {
    this.#isStopped = true
    this.#queue.clear()
    if (this.waiting === 0) this.#idle.resolve()
    return this.#idle.promise
  }

  /**
   * Adds the steps that a ledger of version 1 could not hold: those that follow a block which was not in the kernel yet
   * when the ledger was migrated. Done once.
   */
  async completeMigrated(): Promise<void> {
    const { ledger, clock } = this.#options
    const noted = ledger.documents.get(MIGRATED_PENDING)
    if (!Array.isArray(noted) || noted.length === 0) return
    await ledger.write(() => {
      for (const id of noted) {
        const incident = ledger.incidents.get(String(id))
        const playbook = incident && this.#playbookOf(incident)
        if (incident === undefined || playbook === undefined) continue
        ledger.steps.add(incident.id, this.#following(incident, playbook), clock.now())
      }
      ledger.documents.set(MIGRATED_PENDING, [])
    })
  }

  #following(incident: Incident, playbook: Playbook): readonly NewStep[] {
    const { registry } = this.#options
    const { mode = playbook.mode, evidence } = incident.facts
    const input = this.#decisionInput(incident, playbook, evidence)
    return playbook.steps
      .filter(({ type }) => registry.get(type).stage === 'notify')
      .flatMap((step, index) => {
        const planned = this.#planStep(step, input)
        if ('reason' in planned) return []
        const { type, plan } = planned
        return [{ position: index + 1, type, plan, mode, state: 'pending', detail: '' }]
      })
  }

  /** An operator's decision on a proposal; returns the result in one sentence. */
  async answerProposal(id: string, { approved, leftAlone }: ProposalAnswer, actor: string): Promise<string> {
    const { ledger, runner, gracePeriod } = this.#options
    const sentence = await ledger.write((): string | undefined => {
      const incident = ledger.incidents.get(id)
      if (incident === undefined) return `There is no incident ${id}.`
      if (incident.state !== 'proposed') return `Incident ${id} has no pending approval: it is ${incident.state}.`
      if (!approved) return this.#recorder.reject(incident, actor, leftAlone ?? gracePeriod)
      if (incident.damaged === true) return `Incident ${id} cannot be approved: ${DAMAGED}.`
      const playbook = this.#playbookOf(incident)
      if (playbook === undefined) return `The playbook ${incident.playbook} is no longer configured.`
      if (playbook.mode === 'observe')
        return `The playbook ${playbook.name} is in mode observe and executes nothing; the proposal can be rejected.`
      const { network, ...input } = this.#decisionInput(incident, playbook, incident.facts.evidence)
      // No more is blocked than was proposed.
      const isProposed = network !== undefined && network.target.text === incident.facts.network
      const decision = decideApproved(isProposed ? { ...input, network } : input, this.#planStep)
      return this.#recorder.record(incident, playbook, decision, { approvedBy: actor })
    })
    if (sentence !== undefined) return sentence
    await runner.run(id)
    const acts = runner.acts(id)
    return acts.length === 0 ? this.#notified(id) : acts.map(cameOf).join(' ')
  }

  #notified(id: string): string {
    const incident = this.#options.ledger.incidents.get(id)
    return `${incident?.playbook} sends its requests about ${incident?.target}.`
  }

  #next(): void {
    for (const id of this.#queue) {
      if (this.#working.size >= MAX_CONCURRENT) return
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
    const { ledger, enrichment, runner, logger, metrics } = this.#options
    try {
      const received = ledger.incidents.get(id)
      if (received === undefined || !isDecidable(received)) return
      const evidence = this.#isRefusedAnyway(received)
        ? unasked
        : await gatherEvidence(parseTarget(received.target), enrichment)
      if (evidence !== unasked) metrics.verdicts.series(evidence.verdict).value += 1
      if (await ledger.write(() => this.#decideOn(id, evidence))) await runner.run(id)
    } catch (error) {
      logger.error('An incident could not be decided; the decision is retried.', { incident: id, error })
    }
  }

  /** No provider is asked about an address that is refused whatever it says: `decide` comes to the same refusal. */
  #isRefusedAnyway(incident: Incident): boolean {
    const playbook = this.#playbookOf(incident)
    if (playbook === undefined) return false
    return (
      'reason' in
      planSteps(
        this.#decisionInput(incident, playbook, unasked),
        this.#planStepOr(() => {}),
      )
    )
  }

  /** True where steps start. */
  #decideOn(id: string, evidence: Evidence): boolean {
    const { ledger } = this.#options
    const incident = ledger.incidents.get(id)
    if (incident === undefined || !isDecidable(incident)) return false
    if (incident.damaged === true) {
      if (incident.state === 'received') this.#recorder.abandon(incident, DAMAGED)
      return false
    }
    const because = incident.state === 'proposed' ? { because: BREAKER_CLOSED } : {}
    const informed: Incident = { ...incident, facts: { ...incident.facts, ...because, evidence } }
    const playbook = this.#playbookOf(informed)
    if (playbook === undefined) {
      if (informed.state !== 'received') return false
      this.#recorder.abandon(informed, `the playbook ${informed.playbook} is no longer configured`)
      return false
    }
    const decision = decide(this.#decisionInput(informed, playbook, evidence), this.#planStep)
    // A proposal is left to the person, unless it no longer needs an approval.
    if (informed.state === 'proposed' && decision.outcome !== 'act') return false
    this.#recorder.record(informed, playbook, decision)
    return decision.outcome === 'act'
  }

  readonly #planStep = this.#planStepOr((step, error) =>
    this.#options.logger.error('A step could not be planned; the incident is refused.', { step, error }),
  )

  /** A kind that throws refuses the incident: it would throw at each retry, and the incident would never be decided. */
  #planStepOr(report: (step: string, error: unknown) => void): PlanStep {
    return (step, input) => {
      try {
        return this.#options.registry.planStep(step, input)
      } catch (error) {
        report(step.type, error)
        return { reason: 'plan_failed', detail: `the step ${step.type} could not be planned; the log has the error` }
      }
    }
  }

  #playbookOf(incident: Incident): Playbook | undefined {
    return this.#options.policy.playbooks.find(({ name }) => name === incident.playbook)
  }

  #decisionInput(incident: Incident, playbook: Playbook, { verdict, country }: Evidence): DecisionInput {
    const { ledger, clock, allowlist, policy, breaker, registry, sourceNetworks, translations } = this.#options
    const now = clock.now()
    const target = parseTarget(incident.target)
    const { prefix4, prefix6 } = policy.limits
    const mayBeNetwork = target?.family === 4 ? prefix4 < 32 : prefix6 < 128
    const counts = ledger.blocks.counts(incident.target, now, breaker.countsFrom)
    const blocks = playbook.steps.some(({ type }) => registry.get(type).blocksTarget)
    const surroundings = { ledger, sourceNetworks, limits: policy.limits, allowlist: allowlist.list, translations, now }
    const network = target && blocks ? hostNetwork(target, surroundings) : undefined
    return {
      playbook,
      ...(network === undefined ? {} : { network }),
      targetText: incident.target === '' ? undefined : incident.target,
      intelligence: country === undefined ? { verdict } : { verdict, country },
      now,
      allowlist: allowlist.list,
      limits: policy.limits,
      counts,
      ahead: ledger.waiting.ahead(incident, now, {
        of: 'approval',
        limit: approvalRoom(counts, policy.limits, noneAhead),
      }),
      breakerOpen: breaker.state(now) !== undefined,
      offences: ledger.blocks.offences(incident.target),
      overlapping: target && blocks ? ledger.blocks.overlapping(target, mayBeNetwork) : undefined,
      inQuietTime:
        target !== undefined && blocks && ledger.blocks.lastExpiry(target, now - playbook.alertRange) !== undefined,
      inGracePeriod: target !== undefined && ledger.blocks.gracePeriodUntil(target, now) !== undefined,
    }
  }
}

/** Received, or proposed and delivered again. */
const isDecidable = ({ state }: Incident): boolean => state === 'received' || state === 'proposed'

/** What came of a step that a person approved. */
function cameOf({ state, detail, words }: WordedStep): string {
  if (state === 'done') return `${words.effect}.`
  if (state === 'pending') return `Pending: ${words.intent}: ${detail}. The step is retried.`
  return `Failed: ${words.intent}: ${detail}.`
}
