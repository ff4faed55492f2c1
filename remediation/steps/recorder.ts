import type { Clock, EpochMs } from '../../core/clock.ts'
import type { EffectEnd, StepExecutor, StepKind, StepOutcome, StepResult, WordedStep } from '../contracts/step.ts'
import type { PlannedStep } from '../decision/decide.ts'
import type { Incident, IncidentState } from '../domain/incident.ts'
import type { Mode } from '../domain/playbook.ts'
import type { StepRecord } from '../domain/step.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Ledger } from '../store/ledger.ts'
import type { StepRegistry } from './registry.ts'

export interface StepRecorderOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly registry: StepRegistry
  readonly executors: ReadonlyMap<string, StepExecutor>
  readonly clock: Clock
}

const FIRST_PAUSE_MS = 1_000
/** Longest pause between two attempts of a step. */
export const MAX_PAUSE_MS = 30_000

/**
 * Keeps a row and an audit record of each step, with its true result, and starts the steps whose turn has come. Its
 * methods belong inside `Ledger.write`; none of them touches anything but the ledger.
 */
export class StepRecorder {
  readonly #options: StepRecorderOptions

  constructor(options: StepRecorderOptions) {
    this.#options = options
  }

  /** The state of an incident whose steps start. */
  pendingState(steps: readonly PlannedStep[]): IncidentState {
    return this.#options.registry.leading(steps).states.pending
  }

  /** Writes the steps of an incident and starts those of the first stage. */
  schedule(incident: Incident, steps: readonly PlannedStep[], mode: Mode, now: EpochMs): void {
    const { ledger, registry } = this.#options
    const acts = steps.some(({ type }) => registry.get(type).stage === 'act')
    const stage = acts ? 'act' : 'notify'
    const rows = steps.map(({ type, plan }, position): StepRecord => {
      const row = {
        incident: incident.id,
        position,
        type,
        plan,
        mode,
        state: 'pending',
        detail: '',
        attempts: 0,
      } as const
      return this.#isDirect(type) && registry.get(type).stage === stage ? { ...row, dueAt: now } : row
    })
    ledger.steps.replace(incident.id, rows, now)
    this.#startStage(incident, rows, { stage, now })
  }

  /** Writes the steps of an incident that are not carried out, or wait for a person. */
  note(
    incident: Incident,
    steps: readonly Pick<PlannedStep, 'type' | 'plan'>[],
    note: { readonly state: 'pending' | 'refused'; readonly mode: Mode; readonly detail: string },
  ): void {
    const rows = steps.map(({ type, plan }, position) => ({ position, type, plan, ...note }))
    this.#options.ledger.steps.replace(incident.id, rows, this.#options.clock.now())
  }

  /** Tells people of a proposal whose steps are noted. */
  announce(incident: Incident): void {
    for (const step of this.#options.ledger.steps.of(incident.id)) {
      if (step.damaged === true) continue
      const executor = this.#options.executors.get(step.type)
      if (executor !== undefined && 'announce' in executor) executor.announce?.(step, incident)
    }
  }

  acts(incident: string): readonly WordedStep[] {
    const { ledger, registry } = this.#options
    const acting = ledger.steps.of(incident).filter(({ type }) => registry.get(type).stage === 'act')
    return acting.map(step => ({ state: step.state, detail: step.detail, words: registry.words(step) }))
  }

  /** Records the result of a step and gives its incident; undefined where no such step is pending. */
  settle(id: string, position: number, result: StepResult): Incident | undefined {
    const { ledger, clock } = this.#options
    const step = ledger.steps.get(id, position)
    const incident = ledger.incidents.get(id)
    // A queue may succeed with what it had given up, when a person asks for it.
    const isOpen = step?.state === 'pending' || (step?.state === 'failed' && result.ok)
    if (step === undefined || incident === undefined || !isOpen) return undefined
    const { ok, retryable, detail } = result
    const state = ok ? 'done' : retryable ? 'pending' : 'failed'
    const at = clock.now()
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(step.attempts, 20))
    const retry = state === 'pending' && this.#isDirect(step.type) ? { dueAt: at + pause } : {}
    ledger.steps.change(id, position, { state, detail, at, failed: !ok, ...retry })
    this.#options.executors.get(step.type)?.recorded?.({ ...step, state, detail }, at)
    this.#conclude(incident, step, { ...result, state }, at)
    return incident
  }

  /** Records that the effect of a step has ended; undefined where it has none. */
  end(step: StepRecord, { detail, state, closesAt, actor, undo, evidence = {} }: EffectEnd): StepRecord | undefined {
    if (step.state === 'undone' || step.state === 'refused') return undefined
    const { ledger, clock } = this.#options
    const at = clock.now()
    const due = undo ? { dueAt: at } : {}
    ledger.steps.change(step.incident, step.position, { state: 'undone', detail, at, ...due })
    this.#options.executors.get(step.type)?.recorded?.({ ...step, state: 'undone', detail }, at)
    const about = ledger.incidents.get(step.incident)
    if (about !== undefined) {
      const closes = closesAt === undefined ? {} : { closesAt }
      ledger.incidents.change(about, { state, at, facts: { detail }, ...closes })
      this.#audit(about, step, { state: 'undone', detail, ending: state }, { actor, ...evidence })
      // Else the steps that notify have started already, or wait for another one that acts.
      if (step.state === 'pending') this.#startNotifications(step.incident, at)
    }
    return ledger.steps.get(step.incident, step.position)
  }

  /** Starts the steps of a stage; those that are executed here are due from now on. */
  #startStage(
    incident: Incident,
    steps: readonly StepRecord[],
    { stage, now }: { readonly stage: StepKind['stage']; readonly now: EpochMs },
  ): void {
    const { ledger, registry } = this.#options
    for (const step of steps) {
      if (step.state !== 'pending' || step.damaged === true || registry.get(step.type).stage !== stage) continue
      const executor = this.#options.executors.get(step.type)
      if (executor === undefined) continue
      if ('enqueue' in executor) {
        const result = executor.enqueue(step, incident)
        if (result !== undefined) this.settle(incident.id, step.position, result)
        continue
      }
      executor.prepare?.(step, now)
      if (step.dueAt !== undefined) continue
      ledger.steps.change(incident.id, step.position, { state: 'pending', detail: '', at: now, dueAt: now })
    }
  }

  /** Starts the steps that notify where the last step that acts was ended before it had an effect. */
  #startNotifications(id: string, now: EpochMs): void {
    const { ledger, registry } = this.#options
    const incident = ledger.incidents.get(id)
    const steps = ledger.steps.of(id)
    const acts = steps.some(step => step.state === 'pending' && registry.get(step.type).stage === 'act')
    if (incident !== undefined && !acts) this.#startStage(incident, steps, { stage: 'notify', now })
  }

  #isDirect(type: string): boolean {
    const executor = this.#options.executors.get(type)
    return executor !== undefined && 'execute' in executor
  }

  /** The incident's state, the audit record and the steps whose turn has come, after a result. */
  #conclude(
    incident: Incident,
    before: StepRecord,
    { state, detail, evidence = {} }: StepResult & Pick<StepRecord, 'state'>,
    at: EpochMs,
  ): void {
    const { ledger, registry } = this.#options
    const { stage } = registry.get(before.type)
    const steps = ledger.steps.of(incident.id)
    const acting = steps.filter(({ type }) => registry.get(type).stage === 'act')
    const { states } = registry.leading(acting.length === 0 ? [before] : acting)
    const hasEnded = stage === 'act' && acting.every(step => step.state !== 'pending' || step.damaged === true)
    const given = acting.find(step => step.state === 'failed')
    let now = incident
    if (hasEnded && incident.state === states.pending) {
      const facts = given === undefined ? {} : { detail: given.detail }
      now = ledger.incidents.change(incident, { state: given === undefined ? states.done : 'failed', at, facts })
    } else if (stage === 'act' && state !== 'done') {
      now = ledger.incidents.change(incident, { state: incident.state, at, facts: { detail } })
    }
    // A reason is recorded once, however often it is met.
    if (state !== 'pending' || before.detail !== detail) {
      const { mode } = incident.facts
      this.#audit(
        now,
        before,
        { state: state === 'done' ? 'done' : 'failed', detail },
        { ...evidence, ...(stage === 'act' && mode !== undefined ? { mode } : {}) },
      )
    }
    if (hasEnded) this.#startStage(now, steps, { stage: 'notify', now: at })
  }

  #audit(
    incident: Incident,
    { type, position, plan }: StepRecord,
    outcome: StepOutcome,
    evidence: Readonly<Record<string, unknown>>,
  ): void {
    const { auditWriter, registry } = this.#options
    const kind = registry.get(type)
    const facts = {
      ...kind.audit(plan, outcome),
      evidence: { step: type, position, ...evidence, detail: outcome.detail },
    }
    if (kind.stage === 'act') auditWriter.record(incident, facts)
    else auditWriter.recordService(incident.id, facts)
  }
}
