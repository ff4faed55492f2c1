import type { Severity } from '../../../core/labels/event.ts'
import type { FactName } from '../../../core/labels/posture.ts'
import type { Finding, PostureFacts } from '../../../decoding/toolkit/posture.ts'

/** Findings by their identity. */
export type FindingsByKey = ReadonlyMap<string, Finding>

/** A finding that opened, closed or changed its severity. */
export interface FindingChange {
  readonly finding: Finding
  readonly from: Severity | 'closed'
  readonly to: Severity | 'closed'
}

/** A value of a fact that is not what it was. */
export interface FactChange {
  readonly fact: FactName
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** Closed ones first, each in the order of its side. */
export function findingChanges(before: FindingsByKey, after: FindingsByKey): readonly FindingChange[] {
  const changes: FindingChange[] = []
  for (const [key, finding] of before) {
    if (!after.has(key)) changes.push({ finding, from: finding.severity, to: 'closed' })
  }
  for (const [key, finding] of after) {
    const from = before.get(key)?.severity ?? 'closed'
    if (from !== finding.severity) changes.push({ finding, from, to: finding.severity })
  }
  return changes
}

/** What a producer reports otherwise than in its snapshot before; a fact that only one of them has is no change. */
export function factChanges(before: PostureFacts, after: PostureFacts): readonly FactChange[] {
  return (Object.keys(after) as FactName[]).flatMap(fact => {
    const [from, to] = [before[fact], after[fact] as readonly string[]]
    if (from === undefined || areEqual(from, to)) return []
    return [{ fact, from, to }]
  })
}

const areEqual = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, index) => value === other[index])
