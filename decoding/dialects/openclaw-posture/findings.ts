import { isObject } from '../../../core/json.ts'
import { type Severity, severities } from '../../../core/labels/event.ts'
import type { Fields } from '../../toolkit/fields.ts'
import { distinctFindings, type Finding, MAX_FINDINGS } from '../../toolkit/posture.ts'

/** The objects of a list; findings of an unknown form are none. */
export const objectsOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** The findings of a list, in the producer's order; where they are too many the most severe ones, and only these are read. */
export function readFindings(
  list: unknown,
  severityOf: (finding: Fields) => Severity,
  read: (finding: Fields) => Omit<Finding, 'severity'>,
): readonly Finding[] {
  const kept = mostSevere(objectsOf(list), severityOf)
  const findings = kept.map(finding => {
    const { check, target, summary } = read(finding)
    return { check, target, summary, severity: severityOf(finding) }
  })
  return distinctFindings(findings)
}

/** A finding that is left out would be closed: many small ones must not close a great one. */
function mostSevere(findings: readonly Fields[], severityOf: (finding: Fields) => Severity): readonly Fields[] {
  if (findings.length <= MAX_FINDINGS) return findings
  const bySeverity = Map.groupBy(findings, severityOf)
  return severities
    .toReversed()
    .flatMap(severity => bySeverity.get(severity) ?? [])
    .slice(0, MAX_FINDINGS)
}
