import type { z } from 'zod'
import type { Clock, EpochMs } from '../../core/clock.ts'
import type { Logger } from '../../service/log/logger.ts'
import type { DecisionInput, Refusal } from '../decision/decide.ts'
import type { Incident, IncidentFacts, IncidentState } from '../domain/incident.ts'
import type { StepConfig } from '../domain/playbook.ts'
import type { StepRecord, StepState } from '../domain/step.ts'
import type { Durations, RemediationMetrics } from '../metrics/definitions.ts'
import type { AuditFacts, AuditWriter } from '../store/audit-writer.ts'
import type { Ledger } from '../store/ledger.ts'

/** What an attempt came to, or what the world says of a step. */
export interface StepResult {
  readonly ok: boolean
  /** A few words: what was done, or why it was not. */
  readonly detail: string
  /** Where it is not ok: true where another attempt may succeed. */
  readonly retryable: boolean
  /** Further evidence for the audit record: the command that was run. */
  readonly evidence?: Readonly<Record<string, unknown>>
}

export const done = (detail: string, evidence: StepResult['evidence'] = {}): StepResult => ({
  ok: true,
  detail,
  retryable: false,
  evidence,
})
export const tryAgain = (detail: string): StepResult => ({ ok: false, detail, retryable: true })
export const giveUp = (detail: string): StepResult => ({ ok: false, detail, retryable: false })

/** A planned step in words, without a full stop. */
export interface StepWords {
  /** `block 192.0.2.1 for 1 h` */
  readonly intent: string
  /** `192.0.2.1 is blocked for 1 h` */
  readonly effect: string
  /** `blocked 192.0.2.1 for 1 h` */
  readonly past: string
  /** What a person must know before approving it: a sentence. */
  readonly warning?: string
}

/** What became of a step, for its audit record. */
export interface StepOutcome {
  readonly state: 'done' | 'failed' | 'undone'
  readonly detail: string
  /** Why an effect ended: the incident's state from then on. */
  readonly ending?: IncidentState
}

/**
 * A kind of step: everything that is known of it before the service runs. It is pure. `StepExecutor` is its other half.
 * Kinds are registered in steps/registry.ts; the recipe is in CONTRIBUTING.md.
 */
export interface StepKind<Config extends StepConfig = StepConfig, Plan = unknown> {
  /** The value of `type` in a playbook, of the metric label `action` and of `step` in audit records. Never changes. */
  readonly type: Config['type']
  /** An item of `remediation.playbooks[].steps`; `type` is its literal. */
  readonly schema: z.ZodObject<{ readonly type: z.ZodLiteral<string> }> & z.ZodType<Config>
  /** Steps that notify start when all steps that act have ended. */
  readonly stage: 'act' | 'notify'
  /** True where it blocks its target: the caps on blocks apply, and `would_block_total` counts it. */
  readonly blocksTarget: boolean
  /** False where a playbook may hold one such step at most. */
  readonly repeatable: boolean
  /** The incident's states; default: acting, done, undone. */
  readonly states?: StepStates
  /** Values of the metric label `result`; default: applied, and failed for each failed attempt. */
  readonly results?: StepResults
  /** The step as it is configured, in a few words: the page's table of playbooks. */
  describe(config: Config): string
  /** What is wrong with a step beside its own schema: the key, and what it must be. */
  check?(config: Config, references: StepReferences): { readonly key: string; readonly message: string } | undefined
  /** What would be done, as data that JSON can hold and that has no key `reason`; or why not. */
  plan(config: Config, input: DecisionInput): Plan | Refusal
  words(plan: Plan): StepWords
  /** What the incident keeps of a plan that starts now or is proposed. */
  facts?(plan: Plan, now: EpochMs): Pick<IncidentFacts, 'length' | 'expiresAt' | 'network'>
  /** The record of the audit trail; default: from `words`. */
  audit?(plan: Plan, outcome: StepOutcome): Omit<AuditFacts, 'evidence'>
}

export interface StepStates {
  readonly pending: IncidentState
  readonly done: IncidentState
  readonly undone: IncidentState
}

export interface StepResults {
  /** Counted once for an incident whose steps all notify, when they start. */
  readonly started?: string
  readonly done: string
  readonly failed: string
}

/** What steps of a configuration may name. */
export interface StepReferences {
  readonly destinations: readonly string[]
}

/** A place outside this machine to which an executor connects. */
export interface StepConnection {
  /** What it is, without its address, which may be a secret: `destination chat`. A refusal to block it names it. */
  readonly name: string
  readonly url: string
}

interface ExecutorParts<Plan> {
  /** Every place to which this executor connects; empty where it connects to none. Their addresses are never blocked. */
  readonly connections: readonly StepConnection[]
  /** Asks the world whether a step holds: after a crash, before it is executed again. Changes nothing. */
  verify(step: StepRecord<Plan>): Promise<StepResult>
  /** Follows a change of the step's state, in the same transaction. */
  recorded?(step: StepRecord<Plan>, now: EpochMs): void
  /** Before the first alert is taken. */
  start?(): Promise<void>
  /** The never-block list has changed. */
  allowlistChanged?(): Promise<void>
  /** Resolves when no work is under way. */
  idle?(): Promise<void>
  /** What has to be done again and again. */
  readonly tasks?: readonly StepTask[]
  /** What the last comparison with the world found; `asked` is false where the world did not answer. */
  readonly drift?: Drift
}

/** A kind whose steps the runner executes, and executes again while they may succeed. */
export interface DirectExecutor<Plan = unknown> extends ExecutorParts<Plan> {
  /** Writes what the ledger must hold before the step is executed, in the transaction of the decision. */
  prepare?(step: StepRecord<Plan>, now: EpochMs): void
  /** Makes the world as planned. Any number of executions has the effect of one. */
  execute(step: StepRecord<Plan>): Promise<StepResult>
  /** Takes back what was done; any number of times. Absent where it cannot be taken back. */
  undo?(step: StepRecord<Plan>): Promise<StepResult>
}

/** A kind whose steps go into a durable queue, whose worker reports their results to the journal. */
export interface QueuedExecutor<Plan = unknown> extends ExecutorParts<Plan> {
  /**
   * Puts the step into the queue, in the transaction in which its turn comes; once, however often it is called. Gives
   * the result where the queue has it already.
   */
  enqueue(step: StepRecord<Plan>, incident: Incident): StepResult | undefined
  /** Tells people of a step that is proposed, in the transaction of the proposal. */
  announce?(step: StepRecord<Plan>, incident: Incident): void
}

export type StepExecutor<Plan = unknown> = DirectExecutor<Plan> | QueuedExecutor<Plan>

export interface StepTask {
  readonly name: string
  /** Milliseconds. */
  readonly every: number
  readonly work: () => Promise<void>
}

export interface Drift {
  readonly asked: boolean
  readonly count: number
}

/** How an effect ends. */
export interface EffectEnd {
  readonly state: IncidentState
  readonly detail: string
  readonly actor: string
  /** The incident's own closing; default: as planned. */
  readonly closesAt?: EpochMs
  /** False where the effect ends by itself, as a block does when its time is over. */
  readonly undo: boolean
  readonly evidence?: Readonly<Record<string, unknown>>
}

/** Where executors report to; the step runner. */
export interface StepJournal {
  /** Records the result of a pending step, inside `Ledger.write`; false where no such step is pending. */
  settle(incident: string, position: number, result: StepResult): boolean
  /**
   * Ends the effect of a step, in the ledger first; `inTransaction` belongs to the same transaction. False where there is no
   * effect to end, or none that can be undone: then nothing was changed.
   */
  end(incident: string, position: number, ending: EffectEnd, inTransaction?: () => void): Promise<boolean>
  /** The steps of an incident that act, with their words. */
  acts(incident: string): readonly WordedStep[]
}

export interface WordedStep {
  readonly state: StepState
  readonly detail: string
  readonly words: StepWords
}

/** What every executor is made of. */
export interface StepContext {
  readonly ledger: Ledger
  readonly auditWriter: AuditWriter
  readonly journal: StepJournal
  readonly metrics: RemediationMetrics
  readonly durations: Durations
  /** False where no playbook may execute this kind: then it leaves the world alone. */
  readonly isActive: boolean
  readonly clock: Clock
  readonly logger: Logger
}
