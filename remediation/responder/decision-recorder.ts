import type { Clock, EpochMs } from '../../core/clock.ts'
import { parseTarget } from '../../core/net/target.ts'
import type { Logger } from '../../service/log/logger.ts'
import { timestamp } from '../../service/page/words.ts'
import type { Decision, PlannedStep } from '../decision/decide.ts'
import type { Policy } from '../decision/policy.ts'
import type { Incident, IncidentFacts, IncidentState } from '../domain/incident.ts'
import type { Cap } from '../domain/limits.ts'
import type { Mode, Playbook } from '../domain/playbook.ts'
import type { RemediationMetrics } from '../metrics/definitions.ts'
import type { StepRecorder } from '../steps/recorder.ts'
import type { StepRegistry } from '../steps/registry.ts'
import type { AuditFacts, AuditWriter } from '../store/audit-writer.ts'
import type { Breaker } from '../store/breaker.ts'
import type { Ledger } from '../store/ledger.ts'

export interface DecisionRecorderOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly policy: Policy
  readonly registry: StepRegistry
  readonly steps: StepRecorder
  readonly breaker: Breaker
  readonly metrics: RemediationMetrics
  /** Milliseconds that a proposal is valid. */
  readonly approvalLifetime: number
  readonly clock: Clock
  readonly logger: Logger
}

type Kind = Omit<AuditFacts, 'message' | 'evidence'>

const kinds = {
  refused: { activity: 'other', disposition: 'no_action', status: 'success', severity: 1 },
  observed: { activity: 'other', disposition: 'logged', status: 'success', severity: 3 },
  proposed: { activity: 'other', disposition: 'logged', status: 'success', severity: 4 },
  approved: { activity: 'other', disposition: 'approved', status: 'success', severity: 4 },
} as const satisfies Record<string, Kind>

/** A proposal that expired is renewed after 1, 2 and from then on 4 times its lifetime. */
const MAX_DOUBLINGS = 2

type Carried = Exclude<Decision, { outcome: 'refuse' }>
type Refused = Extract<Decision, { outcome: 'refuse' }>

/** Records decisions, and schedules the steps of those that act. Its methods belong inside `Ledger.write`. */
export class DecisionRecorder {
  readonly #options: DecisionRecorderOptions

  constructor(options: DecisionRecorderOptions) {
    this.#options = options
  }

  /** Gives the sentence for who asked for the decision, where it refuses. */
  record(
    incident: Incident,
    playbook: Playbook,
    decision: Decision,
    by: Pick<IncidentFacts, 'approvedBy'> = {},
  ): string | undefined {
    this.#options.ledger.waiting.remove(incident.id)
    if (decision.outcome === 'refuse') return this.#refuse(incident, playbook, decision)
    if (decision.opensBreaker !== undefined) this.#openBreaker(decision.opensBreaker)
    this.#noteOffender(incident, decision.steps)
    const carryOut = {
      dry_run: () => this.#observe(incident, playbook, decision),
      propose: () => this.#propose(incident, playbook, decision),
      act: () => this.#act(incident, playbook, decision, by),
    }
    carryOut[decision.outcome]()
    return undefined
  }

  /** @param leftAlone milliseconds for which the proposal is not repeated */
  reject(incident: Incident, actor: string, leftAlone: number): string {
    const closesAt = this.#options.clock.now() + leftAlone
    const facts = { ...incident.facts, approvedBy: actor }
    const decidedOn = parseTarget(incident.facts.network ?? incident.target)
    if (decidedOn !== undefined) this.#options.ledger.offendingHosts.forget(decidedOn)
    const sentence = `The proposal to act on ${incident.target} was rejected by ${actor}.`
    this.#drop(incident, 'rejected', { facts, sentence, closesAt })
    return `${sentence} It is not repeated before ${timestamp(closesAt)}.`
  }

  /** A proposal that was not answered in time. */
  expire(incident: Incident): void {
    const { approvalLifetime, clock } = this.#options
    const { lapses = 0 } = incident.facts
    const pause = approvalLifetime * 2 ** Math.min(lapses, MAX_DOUBLINGS)
    const sentence = `The proposal to act on ${incident.target} expired without a decision.`
    const facts = { ...incident.facts, lapses: lapses + 1 }
    this.#drop(incident, 'lapsed', { facts, sentence, closesAt: clock.now() + pause })
  }

  /** It cannot be decided on. */
  abandon(incident: Incident, sentence: string): void {
    const facts = { ...incident.facts, detail: sentence }
    this.#move(incident, 'refused', { closesAt: this.#options.clock.now(), facts }, kinds.refused, sentence)
  }

  #noteOffender({ target: text }: Incident, steps: readonly PlannedStep[]): void {
    const { ledger, clock } = this.#options
    const target = parseTarget(text)
    const isBlock = steps.some(({ blocksTarget }) => blocksTarget)
    if (target !== undefined && isBlock) ledger.offendingHosts.note(target, clock.now())
  }

  #observe(incident: Incident, playbook: Playbook, { steps, mode }: Carried): void {
    const { ledger, steps: recorder, metrics, clock } = this.#options
    const now = clock.now()
    const facts = { ...incident.facts, mode, ...this.#factsOf(steps, now, 'length') }
    recorder.note(incident, steps, { state: 'refused', mode, detail: 'mode observe' })
    const closesAt = closingTime(playbook, this.#factsOf(steps, now), now)
    const sentence = `${incident.target}: would ${this.#intents(steps)}`
    this.#move(incident, 'observed', { closesAt, facts, steps }, kinds.observed, sentence)
    this.#count(steps, mode, 'would')
    if (!steps.some(({ blocksTarget }) => blocksTarget)) return
    ledger.onCommit(() => {
      metrics.wouldBlock.series(playbook.name).value += 1
    })
  }

  #propose(incident: Incident, playbook: Playbook, { steps, mode }: Carried): void {
    const { ledger, approvalLifetime, steps: recorder, clock } = this.#options
    const expiresAt = clock.now() + approvalLifetime
    const facts = { ...incident.facts, mode, ...this.#factsOf(steps, clock.now(), 'length'), expiresAt }
    const sentence = `${incident.target}: approval requested to ${this.#intents(steps)}`
    recorder.note(incident, steps, { state: 'pending', mode, detail: 'waits for an approval' })
    const proposed = this.#move(incident, 'proposed', { facts, steps }, kinds.proposed, sentence)
    ledger.incidents.countProposal(proposed)
    this.#count(steps, 'approve', 'proposed')
    // While the breaker is open, its own record and metric are enough: a message for each address would be a flood.
    if (playbook.mode === 'approve') recorder.announce(proposed)
  }

  #act(incident: Incident, playbook: Playbook, { steps, mode }: Carried, by: Pick<IncidentFacts, 'approvedBy'>): void {
    const { ledger, steps: recorder, registry, clock } = this.#options
    const now = clock.now()
    const known = this.#factsOf(steps, now)
    const facts = { ...incident.facts, mode, ...known, ...by }
    const closesAt = closingTime(playbook, known, now)
    const sentence = `${incident.target}: decided to ${this.#intents(steps)}`
    const state = recorder.pendingState(steps)
    const moved = this.#move(incident, state, { closesAt, facts, steps }, kinds.approved, sentence)
    if (!steps.some(({ blocksTarget }) => blocksTarget)) ledger.blocks.countStart(incident.target, now)
    recorder.schedule(moved, steps, mode, now)
    const { type, results } = registry.leading(steps)
    if (results.started !== undefined) this.#countAction(type, mode, results.started)
  }

  #refuse(incident: Incident, playbook: Playbook, { reason, detail }: Refused): string {
    const { ledger, metrics, steps: recorder, clock } = this.#options
    const { mode } = playbook
    const now = clock.now()
    ledger.onCommit(() => {
      metrics.refusals.series(reason).value += 1
    })
    this.#count(playbook.steps, mode, 'refused')
    const blocked = reason === 'already_blocked' ? this.#lastBlock(incident, playbook) : {}
    const facts = { ...incident.facts, mode, reason, detail, ...blocked }
    const steps = playbook.steps.map(({ type }) => ({ type, plan: null }))
    recorder.note(incident, steps, { state: 'refused', mode, detail })
    const closesAt = closingTime(playbook, blocked, now)
    const refused = this.#move(incident, 'refused', { closesAt, facts }, kinds.refused, `refused: ${detail}`)
    if (reason === 'approvals_full') ledger.waiting.add(refused, now)
    return `Refused: ${detail}.`
  }

  /** The end of the block for which a target is refused. */
  #lastBlock({ target }: Incident, { alertRange }: Playbook): Pick<IncidentFacts, 'expiresAt'> {
    const { ledger, clock } = this.#options
    const { blocks } = ledger
    const address = parseTarget(target)
    if (address === undefined) return {}
    const blocked = blocks.overlapping(address, true)
    const block = blocked === undefined ? undefined : blocks.get(blocked)
    const expiresAt = block?.expiresAt ?? blocks.lastExpiry(address, clock.now() - alertRange)
    return expiresAt === undefined ? {} : { expiresAt }
  }

  /** Ends a proposal that is not carried out. */
  #drop(
    incident: Incident,
    state: 'rejected' | 'lapsed',
    {
      facts,
      sentence,
      closesAt,
    }: { readonly facts: IncidentFacts; readonly sentence: string; readonly closesAt: EpochMs },
  ): void {
    const { ledger, steps: recorder } = this.#options
    const steps = ledger.steps.of(incident.id)
    recorder.note(incident, steps, { state: 'refused', mode: 'approve', detail: state })
    this.#move(incident, state, { closesAt, facts }, kinds.refused, sentence)
    this.#count(steps, 'approve', state)
  }

  /** Counts an outcome of all steps that act, or once of a playbook that only notifies. */
  #count(steps: readonly { readonly type: string }[], mode: Mode, result: string): void {
    const { registry } = this.#options
    const acting = steps.filter(({ type }) => registry.get(type).stage === 'act')
    for (const { type } of acting.length > 0 ? acting : steps.slice(0, 1)) this.#countAction(type, mode, result)
  }

  /** What cannot be written is decided again: it must not count twice. */
  #countAction(type: string, mode: Mode, result: string): void {
    const { ledger, metrics } = this.#options
    ledger.onCommit(() => {
      metrics.actions.series(type, mode, result).value += 1
    })
  }

  /** What the incident keeps of its steps' plans. */
  #factsOf(
    steps: readonly PlannedStep[],
    now: number,
    only?: 'length',
  ): Pick<IncidentFacts, 'length' | 'expiresAt' | 'network'> {
    const { registry } = this.#options
    const { length, expiresAt, network } = Object.assign(
      {},
      ...steps.map(({ type, plan }) => registry.get(type).facts?.(plan, now)),
    ) as Pick<IncidentFacts, 'length' | 'expiresAt' | 'network'>
    return {
      ...(network === undefined ? {} : { network }),
      ...(length === undefined ? {} : { length }),
      ...(expiresAt === undefined || only !== undefined ? {} : { expiresAt }),
    }
  }

  #intents(steps: readonly PlannedStep[]): string {
    return steps.map(step => this.#options.registry.words(step).intent).join('; ')
  }

  #move(
    incident: Incident,
    state: IncidentState,
    change: {
      readonly closesAt?: number
      readonly facts: IncidentFacts
      readonly steps?: readonly PlannedStep[]
    },
    how: Kind,
    message: string,
  ): Incident {
    const { ledger, auditWriter, policy, clock } = this.#options
    const { facts, closesAt, steps } = change
    const closes = closesAt === undefined ? {} : { closesAt }
    const moved = ledger.incidents.change(incident, { state, at: clock.now(), facts, ...closes })
    const { playbook, alert } = incident
    const planned = steps === undefined ? {} : { steps: steps.map(({ type, plan }) => ({ type, plan })) }
    auditWriter.record(moved, {
      ...how,
      message,
      evidence: { playbook, state, policy_version: policy.version, alert, ...facts, ...planned },
    })
    return moved
  }

  #openBreaker(cap: Cap): void {
    const { ledger, breaker, auditWriter, clock, logger } = this.#options
    breaker.open(cap, clock.now())
    ledger.onCommit(() =>
      logger.error('A limit was reached and the breaker is open: playbooks in mode enforce wait for approvals.', {
        cap,
      }),
    )
    auditWriter.recordService('breaker', {
      activity: 'other',
      disposition: 'logged',
      status: 'other',
      severity: 4,
      message: `the breaker opened: the limit ${cap} was reached`,
      evidence: { cap },
    })
  }
}

/**
 * When an incident is closed: after the cooldown, and where its target is blocked, when what happened before the block
 * has left the range of the alert rule.
 */
function closingTime(playbook: Playbook, { expiresAt }: Pick<IncidentFacts, 'expiresAt'>, now: EpochMs): EpochMs {
  const quiet = expiresAt === undefined ? 0 : expiresAt + playbook.alertRange
  return Math.max(quiet, now + playbook.cooldown)
}
