import type { EpochMs } from '../../core/clock.ts'

/** The remediation ledger at one moment, read only, also while the service runs. */
export interface LedgerView {
  readonly path: string
  /**
   * What happened in [start, end).
   *
   * @throws Fault in own words where the file cannot be read
   */
  period(start: EpochMs, end: EpochMs): LedgerPeriod
  close(): void
}

export interface LedgerPeriod {
  /** Time of the oldest datum before the end; null where there is none: then nothing is known of the period. */
  readonly since: EpochMs | null
  /** Time of the newest datum before the end; null where there is none. */
  readonly newest: EpochMs | null
  /** Those that were received in the period, oldest first; before them those of which only the audit trail tells. */
  readonly incidents: readonly LedgerIncident[]
  /** What the audit trail says was done in the period, in its order. */
  readonly actions: readonly LedgerAction[]
  /** Rows that cannot be read: incidents without a time, which may be of any period, and records of the audit trail. */
  readonly damaged: { readonly incidents: number; readonly records: number }
  readonly chain: LedgerChain
}

export interface LedgerIncident {
  readonly id: string
  readonly playbook: string
  /** An address or network; empty where the alert names none. */
  readonly target: string
  /** When the alert was received; null where the ledger no longer holds the incident and only its audit trail tells. */
  readonly receivedAt: EpochMs | null
  /** When its alert began to fire, by the clock of the alerting system; null where that is not known. */
  readonly firedAt: EpochMs | null
  /** Time of the first event that the alert counts; null where its rule does not say. */
  readonly firstEvent: EpochMs | null
  /** True where a part of its row cannot be read. */
  readonly damaged: boolean
}

/**
 * `proposed`, `observed`, `decided` (to act), `refused`, `rejected` by a person, `lapsed`: decisions. `enforced`: a step
 * that acts took effect; `failed`: it did not. `expired`: a block's time was over; `released`: it ended before its time;
 * `undone`: the effect of another step was undone.
 */
export const ledgerActions = [
  'proposed',
  'observed',
  'decided',
  'refused',
  'rejected',
  'lapsed',
  'enforced',
  'failed',
  'expired',
  'released',
  'undone',
] as const
export type LedgerActionKind = (typeof ledgerActions)[number]

export interface LedgerAction {
  readonly kind: LedgerActionKind
  readonly time: EpochMs
  /** Id of the incident. */
  readonly incident: string
  /** Empty where none is known. */
  readonly target: string
  /** Who ended a block or answered a proposal; empty where the service itself acted. */
  readonly actor: string
}

/** The hash chain of the audit trail. */
export interface LedgerChain {
  /** Whether all of it was followed without a fault, to its end after the period. */
  readonly verified: boolean
  /** Why it was not; empty otherwise. */
  readonly detail: string
  /**
   * Number of the last record before the end of the period up to which the chain is unbroken, and its hash; they stay the
   * same when records follow.
   */
  readonly records: number
  readonly head: string
}
