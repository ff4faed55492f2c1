import type { EpochMs } from '../../core/clock.ts'

/** The remediation ledger, read only, also while the service runs. */
export interface LedgerView {
  readonly path: string
  /** Incidents that were created in [start, end), in order. */
  incidents(start: EpochMs, end: EpochMs): Iterable<LedgerIncident>
  close(): void
}

export interface LedgerIncident {
  readonly id: string
  readonly playbook: string
  readonly target: string
  readonly state: string
  readonly createdAt: EpochMs
}
