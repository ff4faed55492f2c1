import type { PolicyAnswer } from '../../core/labels/policy.ts'
import type { AccessEnd, RequestPart } from '../model/request.ts'
import type { HistoryGap } from './history.ts'

/**
 * What a policy would have decided on a history: plain data, as `--format json` prints it. Times are ISO 8601 in UTC. Texts of
 * ends are those of records: data of others.
 */
export interface ShadowReport {
  readonly schema: 'clawtrust-policy-shadow/1'
  readonly policy: string
  /** The policy that it is compared with; null where that is what the logs say was enforced. */
  readonly against: string | null
  readonly window: Period
  /** Day as of which rules have expired, `2026-11-30`: that of the end of the window. */
  readonly today: string
  readonly verdict: Verdict
  readonly evidence: Evidence
  readonly totals: Readonly<Record<PolicyAnswer, Amount>>
  readonly changes: Changes
  /** In the order of the policy. */
  readonly rules: readonly RuleReport[]
  /** Names of rules that match nothing; those that have expired are among them. */
  readonly unusedRules: readonly string[]
  readonly unknown: readonly UnknownGroup[]
  readonly zones: readonly ZoneCell[]
  readonly coverage: CoverageReport
  readonly gaps: readonly HistoryGap[]
}

interface Period {
  readonly since: string
  readonly until: string
}

/** What may be said of enforcing the policy, never more than the evidence allows. */
export interface Verdict {
  readonly decision: 'nothing_would_be_denied' | 'would_deny' | 'not_enough_evidence'
  /** Sentences; not empty unless nothing would be denied. */
  readonly reasons: readonly string[]
}

export interface Evidence {
  /** Days with a record, in the time zone of the policy. */
  readonly days: number
  readonly minimumDays: number
  readonly events: number
  readonly minimumEvents: number
  readonly flows: number
  /** Null without a flow. */
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  /** Of 100 events, how many may be unknown. */
  readonly maximumUnknownPercent: number
}

export interface Amount {
  /** Distinct flows. */
  readonly flows: number
  readonly events: number
}

/** Against the other policy, or what was enforced. */
export interface Changes {
  readonly newlyDenied: Amount
  readonly newlyAllowed: Amount
  /** Denied by both. */
  readonly stillDenied: Amount
  /** The most events first. */
  readonly denied: readonly FlowFinding[]
  readonly allowed: readonly FlowFinding[]
}

export interface FlowFinding {
  readonly source: AccessEnd
  readonly destination: AccessEnd
  readonly port: number | null
  readonly transport: string | null
  readonly devicePosture: string | null
  readonly sourceZone: string | null
  readonly destinationZone: string | null
  readonly events: number
  readonly firstSeen: string
  readonly lastSeen: string
  readonly samples: readonly string[]
  /** The rule that allows it, or the first that may. */
  readonly rule: string | null
}

export interface RuleReport extends Amount {
  readonly name: string
  readonly isExpired: boolean
  readonly firstSeen: string | null
  readonly lastSeen: string | null
  readonly newlyAllowed: Amount
  /** Flows that it may allow, and for which a part is missing. */
  readonly unknown: Amount
  /** Distinct sources, and those with the most events. */
  readonly sources: number
  readonly topSources: readonly { readonly source: string; readonly events: number }[]
  readonly samples: readonly string[]
}

/** Flows for which the same parts are missing. */
export interface UnknownGroup extends Amount {
  readonly missing: readonly RequestPart[]
  /** The most events first. */
  readonly findings: readonly FlowFinding[]
}

export interface ZoneCell {
  /** Null: in no zone. */
  readonly source: string | null
  readonly destination: string | null
  /** Events. */
  readonly allow: number
  readonly deny: number
  readonly unknown: number
}

export interface CoverageReport {
  readonly timeZone: string
  readonly sources: readonly string[]
  /** Records by weekday, from Monday on, and hour of the day. */
  readonly hoursOfWeek: readonly (readonly number[])[]
  /** Hours of the week without a record. */
  readonly emptyHours: number
}
