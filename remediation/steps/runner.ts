import type { Clock, EpochMs } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { PlannedStep } from '../decision/decide.ts'
import type { Incident, IncidentState } from '../domain/incident.ts'
import type { Mode } from '../domain/playbook.ts'
import type { StepRecord } from '../domain/step.ts'
import type { Durations, RemediationMetrics } from '../metrics/definitions.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Ledger } from '../store/ledger.ts'
import type { StepRegistry } from './registry.ts'
import {
  type Drift,
  type Ending,
  giveUp,
  type StepExecutor,
  type StepJournal,
  type StepKind,
  type StepOutcome,
  type StepResult,
  type StepTask,
  tryAgain,
  type WordedStep,
} from './step.ts'

export interface StepRunnerOptions {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly registry: StepRegistry
  /** The executors of every kind of the registry, by type. */
  readonly connect: (journal: StepJournal) => ReadonlyMap<string, StepExecutor>
  /** Kinds that some playbook may execute; the others leave the world alone. */
  readonly active: ReadonlySet<string>
  /** Milliseconds after which an attempt has failed. */
  readonly timeout: number
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly clock: Clock
  readonly logger: Logger
}

/** Steps that are resumed at once. */
const MAX_AT_ONCE = 256
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 30_000
const RESUME_MS = 1_000

/**
 * Carries out the steps of incidents and keeps a row and an audit record for each, with its true result. The ledger goes
 * first: a process that ends between two writes leaves a row that is due, which is resumed.
 */
export class StepRunner implements StepJournal {
  readonly #options: StepRunnerOptions
  readonly #executors: ReadonlyMap<string, StepExecutor>
  /** Kinds whose steps are executed here. */
  readonly #direct: readonly string[]
  /** Kinds whose steps are only undone: no playbook executes them any more. */
  readonly #inactive: readonly string[]
  /** Steps that are being executed or undone. */
  readonly #underWay = new Map<string, Promise<void>>()

  constructor(options: StepRunnerOptions) {
    this.#options = options
    this.#executors = options.connect(this)
    const direct = [...this.#executors].flatMap(([type, executor]) => ('execute' in executor ? [type] : []))
    this.#direct = direct.filter(type => options.active.has(type))
    this.#inactive = direct.filter(type => !options.active.has(type))
  }

  get tasks(): readonly StepTask[] {
    const resume = { name: 'resume steps', every: RESUME_MS, work: () => this.resume() }
    return [resume, ...[...this.#executors.values()].flatMap(({ tasks = [] }) => tasks)]
  }

  /** What the last comparisons with the world found. */
  get drift(): Drift {
    const drifts = [...this.#executors.values()].flatMap(({ drift }) => drift ?? [])
    return { asked: drifts.every(({ asked }) => asked), count: drifts.reduce((sum, { count }) => sum + count, 0) }
  }

  /** Takes up what an earlier process left, and makes the world ready for the first alert. */
  async start(): Promise<void> {
    for (const executor of this.#executors.values()) await executor.start?.()
    for (const [type, executor] of this.#executors) {
      if ('execute' in executor) continue
      for (const step of this.#options.ledger.steps.queued(type)) {
        const result = await executor.verify(step)
        if (result.ok || !result.retryable) await this.#record(step, result)
      }
    }
  }

  async neverBlockChanged(): Promise<void> {
    for (const executor of this.#executors.values()) await executor.neverBlockChanged?.()
  }

  async idle(): Promise<void> {
    await Promise.all(this.#underWay.values())
    for (const executor of this.#executors.values()) await executor.idle?.()
  }

  /** The state of an incident whose steps begin. */
  pendingState(steps: readonly PlannedStep[]): IncidentState {
    return this.#options.registry.leading(steps).states.pending
  }

  /** Writes the steps of an incident and begins the first of them; belongs inside `Ledger.write`. */
  begin(incident: Incident, steps: readonly PlannedStep[], mode: Mode, now: EpochMs): void {
    const { ledger, registry } = this.#options
    const rows = steps.map(({ type, plan }, position) => ({
      position,
      type,
      plan,
      mode,
      state: 'pending' as const,
      detail: '',
    }))
    ledger.steps.replace(incident.id, rows, now)
    const acts = steps.some(({ type }) => registry.get(type).stage === 'act')
    this.#turn(incident, acts ? 'act' : 'notify', now)
  }

  /** Writes the steps of an incident that are not carried out, or wait for a person; belongs inside `Ledger.write`. */
  note(
    incident: Incident,
    steps: readonly Pick<PlannedStep, 'type' | 'plan'>[],
    note: { readonly state: 'pending' | 'refused'; readonly mode: Mode; readonly detail: string },
  ): void {
    const rows = steps.map(({ type, plan }, position) => ({ position, type, plan, ...note }))
    this.#options.ledger.steps.replace(incident.id, rows, this.#options.clock.now())
  }

  /** Tells people of a proposal whose steps are noted; belongs inside `Ledger.write`. */
  announce(incident: Incident): void {
    for (const step of this.#options.ledger.steps.of(incident.id)) {
      const executor = this.#executors.get(step.type)
      if (executor !== undefined && 'announce' in executor) executor.announce?.(step, incident)
    }
  }

  acts(incident: string): readonly WordedStep[] {
    const { ledger, registry } = this.#options
    const acting = ledger.steps.of(incident).filter(({ type }) => registry.get(type).stage === 'act')
    return acting.map(step => ({ state: step.state, detail: step.detail, words: registry.words(step) }))
  }

  /** Executes what is due of an incident, each step once; resolves when each has a result. */
  async run(incident: string): Promise<void> {
    const { ledger, clock } = this.#options
    const due = () => {
      const now = clock.now()
      return ledger.steps
        .of(incident)
        .filter(step => step.state === 'pending' && isDue(step, now) && this.#direct.includes(step.type))
    }
    await this.#each(due, step => this.#attempt(step, false))
  }

  /** Takes up what is due: attempts that failed, and what an earlier process did not finish. */
  async resume(): Promise<void> {
    const { ledger, clock } = this.#options
    const due = () => {
      const now = clock.now()
      const undoing = this.#inactive.flatMap(type => ledger.steps.undoing(type)).filter(step => isDue(step, now))
      return [...ledger.steps.due(this.#direct, now, MAX_AT_ONCE), ...undoing]
    }
    await this.#each(due, step => (step.state === 'pending' ? this.#attempt(step, true) : this.#undo(step)))
  }

  /** Works on what is due until nothing new is: results let further steps have their turn. */
  async #each(due: () => readonly StepRecord[], work: (step: StepRecord) => Promise<void>): Promise<void> {
    const begun = new Set<string>()
    for (;;) {
      const steps = due().filter(step => !begun.has(keyOf(step)))
      if (steps.length === 0) return
      for (const step of steps) begun.add(keyOf(step))
      await Promise.all(steps.map(step => this.#once(step, () => work(step))))
    }
  }

  settle(incident: string, position: number, result: StepResult): boolean {
    const { ledger, clock } = this.#options
    const step = ledger.steps.get(incident, position)
    // A queue may succeed with what it had given up, when a person asks for it.
    const isOpen = step?.state === 'pending' || (step?.state === 'failed' && result.ok)
    if (step === undefined || !isOpen) return false
    const state = result.ok ? 'done' : result.retryable ? 'pending' : 'failed'
    const now = clock.now()
    const retry = state === 'pending' && this.#direct.includes(step.type)
    const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(step.attempts, 20))
    const { detail } = result
    ledger.steps.change(incident, position, {
      state,
      detail,
      at: now,
      failed: !result.ok,
      ...(retry ? { dueAt: now + pause } : {}),
    })
    this.#follow(step, now)
    const about = ledger.incidents.get(incident)
    if (about !== undefined) this.#conclude(about, step, { ...result, state }, now)
    return true
  }

  async end(incident: string, position: number, ending: Ending, also: () => void = () => {}): Promise<boolean> {
    const { ledger, metrics, clock } = this.#options
    const ended = await ledger.write(() => {
      const step = ledger.steps.get(incident, position)
      if (step === undefined || step.state === 'undone' || step.state === 'refused') return undefined
      if (ending.undo && this.#undoOf(step) === undefined) return undefined
      const now = clock.now()
      const { detail, state, closesAt, actor, evidence = {} } = ending
      ledger.steps.change(incident, position, {
        state: 'undone',
        detail,
        at: now,
        ...(ending.undo ? { dueAt: now } : {}),
      })
      this.#follow(step, now)
      const about = ledger.incidents.get(incident)
      if (about !== undefined) {
        const closes = closesAt === undefined ? {} : { closesAt }
        ledger.incidents.change(about, { state, at: now, facts: { detail }, ...closes })
        this.#audit(about, step, { state: 'undone', detail, ending: state }, { actor, ...evidence })
      }
      also()
      return ledger.steps.get(incident, position)
    })
    if (ended === undefined) return false
    metrics.actions.series(ended.type, '', ending.state).value += 1
    if (!ending.undo) return true
    // An attempt that is under way comes first, so that what it did is undone.
    await this.#underWay.get(keyOf(ended))
    await this.#once(ended, () => this.#undo(ended))
    return true
  }

  /** Begins the steps of a stage. */
  #turn(incident: Incident, stage: StepKind['stage'], now: EpochMs): void {
    const { ledger, registry } = this.#options
    for (const step of ledger.steps.of(incident.id)) {
      if (step.state !== 'pending' || registry.get(step.type).stage !== stage) continue
      const executor = this.#executors.get(step.type)
      if (executor === undefined) continue
      if ('enqueue' in executor) {
        const result = executor.enqueue(step, incident)
        if (result !== undefined) this.settle(incident.id, step.position, result)
      } else {
        executor.begin?.(step, now)
        ledger.steps.change(incident.id, step.position, { state: 'pending', detail: '', at: now, dueAt: now })
      }
    }
  }

  async #attempt(step: StepRecord, resumed: boolean): Promise<void> {
    const executor = this.#executors.get(step.type)
    if (executor === undefined || !('execute' in executor)) return
    try {
      const held = resumed ? await this.#within(executor.verify(step)) : tryAgain('')
      const result = held.ok ? held : await this.#within(executor.execute(step))
      await this.#record(step, result)
    } catch (error) {
      const { incident, type } = step
      this.#options.logger.error('The result of a step could not be recorded; it is tried again.', {
        incident,
        step: type,
        error,
      })
    }
  }

  /** Takes the effect of a step back that the ledger has ended. */
  async #undo(step: StepRecord): Promise<void> {
    const { ledger, clock, logger } = this.#options
    const { incident, position, type } = step
    const undo = this.#undoOf(step) ?? (async () => giveUp('it cannot be undone'))
    const result = await this.#within(undo())
    const now = clock.now()
    const later = result.ok || !result.retryable ? {} : { dueAt: now + MAX_PAUSE_MS }
    if (!result.ok) logger.error('A step could not be undone.', { incident, step: type, detail: result.detail })
    await ledger
      .write(() => {
        if (ledger.steps.get(incident, position)?.state !== 'undone') return
        ledger.steps.change(incident, position, { state: 'undone', detail: step.detail, at: now, ...later })
      })
      .catch(error => logger.error('That a step is undone could not be recorded.', { incident, step: type, error }))
  }

  #undoOf(step: StepRecord): (() => Promise<StepResult>) | undefined {
    const executor = this.#executors.get(step.type)
    if (executor === undefined || !('execute' in executor)) return undefined
    return executor.undo === undefined ? undefined : () => executor.undo?.(step) as Promise<StepResult>
  }

  async #record(step: StepRecord, result: StepResult): Promise<void> {
    const { ledger, metrics, durations, registry, clock, logger } = this.#options
    const { incident, position, type, mode } = step
    if (!(await ledger.write(() => this.settle(incident, position, result)))) return
    const { stage, results } = registry.get(type)
    metrics.actions.series(
      type,
      result.ok && stage === 'act' ? mode : '',
      result.ok ? results.done : results.failed,
    ).value += 1
    if (result.ok) {
      const createdAt = ledger.incidents.get(incident)?.createdAt ?? clock.now()
      if (stage === 'act') durations.observe(type, clock.now() - createdAt)
    } else if (result.detail !== step.detail) {
      const more = result.retryable ? 'it is tried again' : 'it is given up'
      logger.error(`A step failed; ${more}.`, { incident, step: type, detail: result.detail })
    }
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
    const acting = ledger.steps.of(incident.id).filter(({ type }) => registry.get(type).stage === 'act')
    const { states } = registry.leading(acting.length === 0 ? [before] : acting)
    const hasEnded = stage === 'act' && acting.every(step => step.state !== 'pending')
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
    if (hasEnded) this.#turn(now, 'notify', at)
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

  #follow({ incident, position, type }: StepRecord, now: EpochMs): void {
    const step = this.#options.ledger.steps.get(incident, position)
    if (step !== undefined) this.#executors.get(type)?.recorded?.(step, now)
  }

  async #once(step: StepRecord, work: () => Promise<void>): Promise<void> {
    const key = keyOf(step)
    const working = this.#underWay.get(key) ?? work().finally(() => this.#underWay.delete(key))
    this.#underWay.set(key, working)
    return working
  }

  /** An attempt that takes too long, or throws, has failed and may be tried again. */
  async #within(work: Promise<StepResult>): Promise<StepResult> {
    const { timeout, logger } = this.#options
    const late = Promise.withResolvers<StepResult>()
    const timer = setTimeout(() => late.resolve(tryAgain(`no answer within ${timeout} ms`)), timeout)
    try {
      return await Promise.race([work, late.promise])
    } catch (error) {
      logger.error('A step failed unexpectedly.', { error })
      return tryAgain('an unexpected error; the log has it')
    } finally {
      clearTimeout(timer)
    }
  }
}

const isDue = ({ dueAt }: StepRecord, now: EpochMs): boolean => dueAt !== undefined && dueAt <= now

const keyOf = ({ incident, position }: StepRecord): string => `${incident}/${position}`
