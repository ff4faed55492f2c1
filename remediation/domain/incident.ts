import type { EpochMs } from '../../core/clock.ts'
import type { Alert } from './alert.ts'
import type { Evidence } from './evidence.ts'
import type { Mode } from './playbook.ts'

/**
 * `received`: not decided yet. `blocking`, `acting`: decided, not every step that acts has ended. `blocked`,
 * `requested` and `done` are their ends, `failed` where a step that acts failed for good.
 */
export const incidentStates = [
  'received',
  'proposed',
  'blocking',
  'blocked',
  'acting',
  'done',
  'requested',
  'failed',
  'observed',
  'refused',
  'rejected',
  'lapsed',
  'expired',
  'unblocked',
  'undone',
] as const
export type IncidentState = (typeof incidentStates)[number]

/** What became of one alert and its repetitions. */
export interface Incident {
  readonly id: string
  readonly playbook: string
  /** What the playbook aims at; empty where the alert does not say. */
  readonly target: string
  readonly state: IncidentState
  readonly createdAt: EpochMs
  readonly updatedAt: EpochMs
  /** From then on a new alert begins a new incident. */
  readonly closesAt?: EpochMs
  /** Alerts that belong to it. */
  readonly alerts: number
  readonly alert: Alert
  readonly facts: IncidentFacts
  /** True if the row in the ledger cannot be read; alert and facts are then empty. */
  readonly damaged?: true
}

export interface IncidentFacts {
  readonly evidence: Evidence
  readonly mode?: Mode
  /** Why nothing was done, or what went wrong. */
  readonly detail?: string
  readonly reason?: string
  /** Length of the block, milliseconds. */
  readonly length?: number
  readonly expiresAt?: EpochMs
  /** The network that is blocked, where it is one. */
  readonly network?: string
  readonly approvedBy?: string
  readonly resolvedAt?: EpochMs
  /** The incident of the same playbook and target that this one follows, where a delivery was decided on again. */
  readonly previous?: string
  /** Why it was decided on again; see decision/review.ts. */
  readonly because?: string
  /** When the target was refused first for lack of room. */
  readonly since?: EpochMs
  /** How many proposals about the target expired without an answer, this one included. */
  readonly lapses?: number
  /** The incident whose proposal was announced first: a renewed proposal is announced in its thread. */
  readonly thread?: string
}
