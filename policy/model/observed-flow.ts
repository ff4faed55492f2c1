import type { EpochMs } from '../../core/clock.ts'
import type { AccessRequest } from './request.ts'

/** A distinct access, with all that was observed of it. */
export interface ObservedFlow {
  readonly request: AccessRequest
  readonly firstSeen: EpochMs
  readonly lastSeen: EpochMs
  /** Events that what was enforced let pass, also those that it would only have denied. */
  readonly passed: number
  /** Events that what was enforced denied. */
  readonly denied: number
  /** Where some of the records are. Data of others. */
  readonly samples: readonly string[]
}

/** Distinct flows that are held in memory, to be judged or to draft a policy of. */
export const MAX_FLOWS = 200_000
