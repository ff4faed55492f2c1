import type { Clock, EpochMs } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import {
  type Drift,
  type EffectEnd,
  giveUp,
  type StepConnection,
  type StepExecutor,
  type StepJournal,
  type StepResult,
  type StepTask,
  tryAgain,
  type WordedStep,
} from '../contracts/step.ts'
import type { StepRecord } from '../domain/step.ts'
import type { Durations, RemediationMetrics } from '../metrics/definitions.ts'
import type { AuditWriter } from '../store/audit-writer.ts'
import type { Ledger } from '../store/ledger.ts'
import { MAX_PAUSE_MS, StepRecorder } from './recorder.ts'
import type { StepRegistry } from './registry.ts'

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
  /** Milliseconds that a start waits for the world. */
  readonly startTimeout: number
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  readonly clock: Clock
  readonly logger: Logger
}

/** Steps that are resumed at once. */
const MAX_CONCURRENT = 256
const RESUME_MS = 1_000

/**
 * Executes the steps of incidents, and undoes them. The ledger goes first: a process that ends between two writes leaves
 * a row that is due, which is resumed.
 */
export class StepRunner implements StepJournal {
  readonly #options: StepRunnerOptions
  readonly recorder: StepRecorder
  readonly #executors: ReadonlyMap<string, StepExecutor>
  /** Kinds whose steps are executed here. */
  readonly #direct: readonly string[]
  /** True where the results of steps may make others due that are executed here. */
  readonly #notifiesDirectly: boolean
  /** Kinds whose steps are only undone: no playbook executes them any more. */
  readonly #inactive: readonly string[]
  /** Steps that are being executed or undone. */
  readonly #underWay = new Map<string, Promise<void>>()
  #ready: Promise<void> = Promise.resolve()

  constructor(options: StepRunnerOptions) {
    this.#options = options
    this.#executors = options.connect(this)
    const { ledger, auditWriter, registry, clock } = options
    this.recorder = new StepRecorder({ ledger, auditWriter, registry, executors: this.#executors, clock })
    const direct = [...this.#executors].flatMap(([type, executor]) => ('execute' in executor ? [type] : []))
    this.#direct = direct.filter(type => options.active.has(type))
    this.#notifiesDirectly = this.#direct.some(type => options.registry.get(type).stage === 'notify')
    this.#inactive = direct.filter(type => !options.active.has(type))
  }

  /** Every place to which the executors connect. */
  get connections(): readonly StepConnection[] {
    return [...this.#executors.values()].flatMap(({ connections }) => connections)
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

  /**
   * Takes up what an earlier process left, and makes the world ready for the first alert. Where that takes too long, it
   * goes on beside the service, which is not ready before (`drift.asked`).
   */
  async start(): Promise<void> {
    const { startTimeout, logger } = this.#options
    const late = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => late.resolve('late'), startTimeout)
    const readied = this.#prepare()
    const outcome = await Promise.race([readied, late.promise]).finally(() => clearTimeout(timer))
    if (outcome !== 'late') return
    logger.error(
      'What steps act on does not answer; the service starts without it, and what is decided waits for it.',
      {
        milliseconds: startTimeout,
      },
    )
    this.#ready = readied.catch(error => logger.error('What steps act on could not be prepared.', { error }))
  }

  async #prepare(): Promise<void> {
    for (const executor of this.#executors.values()) await executor.start?.()
    for (const [type, executor] of this.#executors) {
      if ('execute' in executor) continue
      for (const step of this.#options.ledger.steps.queued(type)) {
        const result = await executor.verify(step)
        if (result.ok || !result.retryable) await this.#record(step, result)
      }
    }
  }

  async allowlistChanged(): Promise<void> {
    for (const executor of this.#executors.values()) await executor.allowlistChanged?.()
  }

  async idle(): Promise<void> {
    await this.#ready
    await Promise.all(this.#underWay.values())
    for (const executor of this.#executors.values()) await executor.idle?.()
  }

  /** Executes what is due of an incident, each step once; resolves when each has a result. */
  async run(incident: string): Promise<void> {
    const { ledger, clock } = this.#options
    const due = () => {
      const now = clock.now()
      return ledger.steps
        .of(incident)
        .filter(
          step =>
            step.damaged !== true && step.state === 'pending' && isDue(step, now) && this.#direct.includes(step.type),
        )
    }
    await this.#each(due, step => this.#attempt(step, false), this.#notifiesDirectly)
  }

  /** Takes up what is due: attempts that failed, and what an earlier process did not finish. */
  async resume(): Promise<void> {
    const { ledger, clock } = this.#options
    const due = () => {
      const now = clock.now()
      const undoing = this.#inactive.flatMap(type => ledger.steps.undoing(type)).filter(step => isDue(step, now))
      return [...ledger.steps.due(this.#direct, now, MAX_CONCURRENT), ...undoing]
    }
    await this.#each(due, step => (step.state === 'pending' ? this.#attempt(step, true) : this.#undo(step)), true)
  }

  /** Works on what is due, and looks `again` until nothing new is. */
  async #each(
    due: () => readonly StepRecord[],
    work: (step: StepRecord) => Promise<void>,
    again: boolean,
  ): Promise<void> {
    const started = new Set<string>()
    for (;;) {
      const steps = due().filter(step => !started.has(keyOf(step)))
      if (steps.length === 0) return
      for (const step of steps) started.add(keyOf(step))
      await Promise.all(steps.map(step => this.#once(step, () => work(step))))
      if (!again) return
    }
  }

  settle(incident: string, position: number, result: StepResult): boolean {
    return this.recorder.settle(incident, position, result) !== undefined
  }

  acts(incident: string): readonly WordedStep[] {
    return this.recorder.acts(incident)
  }

  async end(
    incident: string,
    position: number,
    ending: EffectEnd,
    inTransaction: () => void = () => {},
  ): Promise<boolean> {
    const { ledger, metrics, logger } = this.#options
    const ended = await ledger.write(() => {
      const step = ledger.steps.get(incident, position)
      if (step === undefined || (ending.undo && this.#undoOf(step) === undefined)) return undefined
      const undone = this.recorder.end(step, ending)
      if (undone !== undefined) inTransaction()
      return undone
    })
    if (ended !== undefined) {
      metrics.actions.series(ended.type, '', ending.state).value += 1
      const target = ledger.incidents.get(incident)?.target
      logger.info('The effect of a step ended.', { incident, step: ended.type, target, detail: ending.detail })
    }
    // Where somebody else has ended it just now, what is still to be undone is awaited too: the answer is of its result.
    const undone = ending.undo ? (ended ?? ledger.steps.get(incident, position)) : undefined
    if (undone?.state === 'undone' && undone.dueAt !== undefined) {
      // An attempt that is under way comes first, so that what it did is undone.
      await this.#underWay.get(keyOf(undone))
      await this.#once(undone, () => this.#undo(undone))
    }
    return ended !== undefined
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
      this.#options.logger.error('The result of a step could not be recorded; the step is retried.', {
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
      .catch(error => logger.error('The undo of a step could not be recorded.', { incident, step: type, error }))
  }

  #undoOf(step: StepRecord): (() => Promise<StepResult>) | undefined {
    const executor = this.#executors.get(step.type)
    if (executor === undefined || !('execute' in executor)) return undefined
    return executor.undo === undefined ? undefined : () => executor.undo?.(step) as Promise<StepResult>
  }

  async #record(step: StepRecord, result: StepResult): Promise<void> {
    const { ledger, metrics, durations, registry, clock, logger } = this.#options
    const { incident, position, type, mode } = step
    const about = await ledger.write(() => this.recorder.settle(incident, position, result))
    if (about === undefined) return
    const { stage, results } = registry.get(type)
    metrics.actions.series(
      type,
      result.ok && stage === 'act' ? mode : '',
      result.ok ? results.done : results.failed,
    ).value += 1
    if (result.ok) {
      if (stage !== 'act') return
      durations.observe(type, clock.now() - about.createdAt)
      logger.info('A step was executed.', { incident, step: type, playbook: about.playbook, target: about.target })
    } else if (result.detail !== step.detail) {
      const more = result.retryable ? 'it is retried' : 'it is not retried'
      logger.error(`A step failed; ${more}.`, { incident, step: type, detail: result.detail })
    }
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
      return tryAgain('an unexpected error; the log contains it')
    } finally {
      clearTimeout(timer)
    }
  }
}

const isDue = ({ dueAt }: StepRecord, now: EpochMs): boolean => dueAt !== undefined && dueAt <= now

const keyOf = ({ incident, position }: StepRecord): string => `${incident}/${position}`
