import type { EpochMs } from '../../../core/clock.ts'
import type { Change } from '../../../core/event.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { DriftKind } from '../../../core/labels/posture.ts'
import { NO_ORIGIN } from '../../../decoding/toolkit/origin.ts'
import type { Decoding } from '../../../decoding/toolkit/record.ts'

/** A change between two looks at one thing. */
export interface Drift {
  readonly kind: DriftKind
  readonly severity: Severity
  readonly change: Change
}

/** What a look has found, as a decoder says it. */
export function driftDecoding({ kind, severity, change }: Drift, time: EpochMs): Decoding {
  return {
    kind: 'claim',
    time,
    claim: {
      signal: 'posture_drifts',
      labels: { kind, severity },
      outcome: 'success',
      severity,
      time,
      count: 1,
      stream: 'other',
      origin: NO_ORIGIN,
      actor: {},
      change,
    },
  }
}
