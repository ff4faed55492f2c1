import type { EpochMs } from '../../core/clock.ts'
import { type Severity, severities } from '../../core/labels/event.ts'
import { type FactName, isScheduled, type PostureProducer } from '../../core/labels/posture.ts'
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

/** What of a finding decides whether two are the same one. */
export type FindingIdentity = Pick<Finding, 'target' | 'severity'> & { readonly check: string }

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
export const findingKey = ({ check, target }: Pick<FindingIdentity, 'check' | 'target'>): string => `${check} ${target}`

const isMoreSevere = (one: FindingIdentity, other: FindingIdentity): boolean =>
  severities.indexOf(one.severity) > severities.indexOf(other.severity)

/** What is open by some snapshots: each finding once, with the greatest severity that one of its producers gives it. */
export function openFindings<F extends FindingIdentity>(
  snapshots: Iterable<{ readonly findings: readonly F[] }>,
): ReadonlyMap<string, F> {
  const open = new Map<string, F>()
  for (const { findings } of snapshots) {
    for (const finding of findings) {
      const key = findingKey(finding)
      const held = open.get(key)
      if (held === undefined || isMoreSevere(finding, held)) open.set(key, finding)
    }
  }
  return open
}

/** Whether what a snapshot says may be taken as what holds now. */
export const isValidAt = (
  { producer, time }: { readonly producer: PostureProducer; readonly time: EpochMs },
  now: EpochMs,
  maxAge: number,
): boolean => !isScheduled(producer) || now - time <= maxAge

/** The values of a fact: texts, each once, sorted. */
export function factValues(values: readonly string[]): readonly string[] {
  const distinct = areAscending(values) ? values : [...new Set(values)].sort()
  return distinct.slice(0, MAX_VALUES)
}

/** As most producers write them: to sort takes much longer than to look. */
function areAscending(values: readonly string[]): boolean {
  for (let index = 1; index < values.length; index++) {
    if ((values[index - 1] as string) >= (values[index] as string)) return false
  }
  return true
}
