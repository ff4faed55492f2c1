import { type Severity, severities } from '../../../core/labels/event.ts'
import type { FactName } from '../../../core/labels/posture.ts'
import { type Finding, findingKey, type PostureFacts, type PostureSnapshot } from '../../../decoding/toolkit/posture.ts'

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

const isMoreSevere = (one: Finding, other: Finding): boolean =>
  severities.indexOf(one.severity) > severities.indexOf(other.severity)

/** What is open by some snapshots: each finding once, with the greatest severity that one of its producers gives it. */
export function openFindings(snapshots: Iterable<Pick<PostureSnapshot, 'findings'>>): FindingsByKey {
  const open = new Map<string, Finding>()
  for (const { findings } of snapshots) {
    for (const finding of findings) {
      const key = findingKey(finding)
      const held = open.get(key)
      if (held === undefined || isMoreSevere(finding, held)) open.set(key, finding)
    }
  }
  return open
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
