import type { EpochMs } from '../../core/clock.ts'
import type { Mode } from './playbook.ts'

/**
 * `pending`: asked for, not done yet. `done`: it holds. `failed`: given up. `refused`: never begun, by policy or by a
 * person. `undone`: it was done and holds no more.
 */
export const stepStates = ['pending', 'done', 'failed', 'refused', 'undone'] as const
export type StepState = (typeof stepStates)[number]

/** One step of one incident, with its true result. */
export interface StepRecord<Plan = unknown> {
  readonly incident: string
  /** Place in the playbook, from 0. */
  readonly position: number
  readonly type: string
  readonly state: StepState
  readonly mode: Mode
  /** What the step does, as its kind planned it; null where it was refused before that, or the row is damaged. */
  readonly plan: Plan
  /** Why it is not done, or how it was. */
  readonly detail: string
  /** Attempts that failed. */
  readonly attempts: number
  /** When the world has to be brought to what the state says; undefined where nothing remains to be done. */
  readonly dueAt?: EpochMs
  /** True if the plan cannot be read; such a step is shown and never executed. */
  readonly damaged?: true
}
