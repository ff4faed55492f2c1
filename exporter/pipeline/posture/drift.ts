import type { Change } from '../../../core/event.ts'
import type { Severity } from '../../../core/labels/event.ts'
import { type DriftKind, driftKindOf, postureFacts } from '../../../core/labels/posture.ts'
import type { FactChange, FindingChange } from './open-findings.ts'

/** One event of the signal `posture_drifts`, but for its time and place. */
export interface PostureDrift {
  readonly kind: DriftKind
  readonly severity: Severity
  readonly change: Change
  /** The device whose posture it is; absent where it is that of a gateway. */
  readonly device?: string
}

/** The drift of a finding: by its check where it is open, with the severity that it has now. */
export function driftOfFinding({ finding: { check, target }, from, to }: FindingChange): PostureDrift {
  const change = { subject: target === '' ? check : `${check} ${target}`, from, to }
  return to === 'closed'
    ? { kind: 'finding_closed', severity: 'info', change }
    : { kind: driftKindOf(check), severity: to, change }
}

/** Longest list of values in a change, in UTF-16 units. */
const MAX_VALUES = 200

const listed = (values: readonly string[]): string => values.join(', ').slice(0, MAX_VALUES)

/** The drift of a fact, if a change of it is one. */
export function driftOfFact({ fact, from, to }: FactChange): readonly PostureDrift[] {
  const drift = postureFacts[fact]
  if (drift === undefined) return []
  const [kind, severity] = drift
  return [{ kind, severity, change: { subject: fact, from: listed(from), to: listed(to) } }]
}
