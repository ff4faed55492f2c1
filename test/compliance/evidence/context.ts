import type { EvidenceContext } from '../../../compliance/evidence/kind.ts'
import type { Period } from '../../../compliance/evidence/period.ts'
import type { Stores } from '../../../compliance/evidence/stores.ts'
import type { EpochMs } from '../../../core/clock.ts'

/** A period in UTC. */
export const periodOf = (start: EpochMs, end: EpochMs): Period => ({ name: 'test', start, end, timeZone: 'UTC' })

export const contextOf = (period: Period, stores: Stores): EvidenceContext => ({
  period,
  stores,
  signal: new AbortController().signal,
})
