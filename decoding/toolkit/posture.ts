import type { Severity } from '../../core/labels/event.ts'
import type { FactName, PostureProducer } from '../../core/labels/posture.ts'
import type { PostureCheck } from '../../core/labels/posture-checks.ts'

/** One thing that is wrong with a gateway. Its identity is check and target; a snapshot has it once. */
export interface Finding {
  readonly check: PostureCheck
  /** What of the gateway it is about, where the check alone does not say it: a channel, a flag, an agent. */
  readonly target: string
  readonly severity: Severity
  /** The producer's words, for people. */
  readonly summary: string
}

/** Values that a producer reports beside its findings, sorted. A name that it does not report is absent. */
export type PostureFacts = Readonly<Partial<Record<FactName, readonly string[]>>>

/** All open findings of one producer about one gateway at one time: what is not among them is closed. */
export interface PostureSnapshot {
  readonly producer: PostureProducer
  readonly findings: readonly Finding[]
  readonly facts: PostureFacts
}

/**
 * A change of a configuration file. One that was not made by OpenClaw is an `edit`; OpenClaw's watcher reports its own
 * writes as edits too, some seconds later and with the same hash.
 */
export interface ConfigurationChange {
  readonly path: string
  /** Of the file after the change. */
  readonly hash: string
  readonly by: 'write' | 'edit'
  /** OpenClaw's log has a line of the same change: it counts there. */
  readonly isLogged: boolean
  readonly severity: Severity
}

/** Findings that are kept of one snapshot; OpenClaw has about 150 checks. */
export const MAX_FINDINGS = 500
/** Values that are kept of one fact. */
const MAX_VALUES = 200

/** Each finding once, in the producer's order; of several without a target of their own, the further ones are numbered. */
export function distinctFindings(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= FEW && areDistinct(findings)) return findings
  const distinct = new Map<string, Finding>()
  const repeats = new Map<string, number>()
  for (const finding of findings) {
    if (distinct.size === MAX_FINDINGS) break
    const key = findingKey(finding)
    const repeat = (repeats.get(key) ?? 0) + 1
    repeats.set(key, repeat)
    const one = repeat === 1 ? finding : { ...finding, target: `${finding.target}#${repeat}` }
    distinct.set(findingKey(one), one)
  }
  return [...distinct.values()]
}

/** So few are compared with each other in less time than keys are made of them. Most snapshots have no more. */
const FEW = 16

function areDistinct(findings: readonly Finding[]): boolean {
  for (let index = 1; index < findings.length; index++) {
    const { check, target } = findings[index] as Finding
    for (let before = 0; before < index; before++) {
      const other = findings[before] as Finding
      if (other.check === check && other.target === target) return false
    }
  }
  return true
}

/** The identity of a finding; no check contains a space. */
export const findingKey = ({ check, target }: Pick<Finding, 'check' | 'target'>): string => `${check} ${target}`

/** The values of a fact: texts, each once, sorted. */
export function factValues(values: readonly string[]): readonly string[] {
  return values.length < 2 ? [...values] : [...new Set(values)].sort().slice(0, MAX_VALUES)
}
