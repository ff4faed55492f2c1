import type { ControlStatus, EvidenceStore, Pillar } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'
import type { ExceptionState } from '../controls/exceptions.ts'

/**
 * A report as plain data: everything that any of its forms shows. All forms are made from it and from nothing else, so that
 * they cannot differ. Times are ISO 8601 in UTC (`2026-11-30T00:00:00.000Z`); no value is undefined, so that it is JSON.
 */
export interface Report {
  readonly version: 1
  /** UUID version 5, from the content. */
  readonly id: string
  readonly title: string
  /** Whom it is about, as configured; empty if it is not. */
  readonly organisation: string
  /** True for the demo: every page says so. */
  readonly synthetic: boolean
  readonly period: ReportPeriod
  readonly generatedAt: string
  readonly generator: { readonly name: 'clawtrust'; readonly version: string }
  readonly frameworks: readonly ReportFramework[]
  readonly stores: readonly StoreStatus[]
  readonly coverage: CoverageSummary
  /** In the order of the frameworks and of their files. */
  readonly controls: readonly ControlResult[]
  readonly evidence: readonly EvidencePiece[]
  readonly changes: Changes
  /** The latest periods, this one last; at most 24. */
  readonly trend: readonly TrendPoint[]
  readonly remediation: RemediationSummary | null
  readonly exceptions: readonly ReportException[]
  /** What does not hold or is not known, the most urgent first: what to do. */
  readonly risks: readonly Risk[]
  /** The report before, whose manifest this one's manifest names; null for the first. */
  readonly previous: { readonly period: string; readonly id: string } | null
  /** True where addresses and names are replaced, for readers outside. */
  readonly redacted: boolean
}

export interface ReportPeriod {
  readonly name: string
  readonly start: string
  readonly end: string
  readonly timeZone: string
}

export interface ReportFramework {
  readonly id: string
  readonly title: string
  readonly version: string
  /** Where its text is published. */
  readonly source: string
  /** SHA-256 of its file, hexadecimal. */
  readonly sha256: string
}

/** `absent`: not configured. `partial`: some of what was asked could not be read. `not_asked`: nothing in the report rests on it. */
export type StoreState = 'read' | 'partial' | 'unreachable' | 'absent' | 'not_asked'

export interface StoreStatus {
  readonly store: EvidenceStore
  readonly address: string
  readonly state: StoreState
  /** What is wrong, in own words; empty if nothing is. */
  readonly detail: string
}

export interface CoverageSummary {
  /** Share of the period in which what is expected was observed, 0 to 1; null where nothing tells. */
  readonly share: number | null
  readonly sources: readonly CoveredSource[]
  readonly gaps: readonly ReportGap[]
}

export interface CoveredSource {
  readonly name: string
  /** Which kinds of programs it observes: keys of `observers` in core/zero-trust.ts, separated by commas; empty where that is not known. */
  readonly observer: string
  readonly state: 'seen' | 'gaps' | 'never'
  readonly share: number | null
  readonly lastEvent: string | null
}

export interface ReportGap {
  readonly of: string
  readonly start: string
  readonly end: string
  readonly reason: string
}

export interface ControlResult {
  /** `nist-sp-800-53/AC-7`: unique in the report. */
  readonly id: string
  readonly framework: string
  /** As the framework names it: `AC-7`. */
  readonly control: string
  readonly title: string
  readonly pillar: Pillar
  readonly status: ControlStatus
  /** Why, in one sentence. */
  readonly reason: string
  /** Since which period it has had this status, where earlier reports tell. */
  readonly since: string
  readonly tests: readonly TestResult[]
  /** What the evidence cannot prove; sentences. */
  readonly cannotProve: readonly string[]
  /** What a person has to look at, for `manual`; empty otherwise. */
  readonly manual: string
  /** Ids of objectives in NIST's catalogue, for OSCAL: `ac-7_obj.a`. */
  readonly objectives: readonly string[]
  /** What to do where it fails or is not known; empty where it passes. */
  readonly remedy: string
}

export interface TestResult {
  /** Unique in its control. */
  readonly id: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'unknown'
  readonly reason: string
  /** The evidence, by its id. */
  readonly evidence: string
  readonly value: number | null
  readonly unit: string
  /** `at most 5`, in words; empty if there is no threshold. */
  readonly expected: string
  /** The same as a number, by which a reader can judge again. */
  readonly threshold: { readonly bound: 'at_most' | 'at_least'; readonly value: number }
  /** Organization-defined parameter of SP 800-53 that the threshold sets: `ac-07_odp.01`; empty if there is none. */
  readonly parameter: string
  /** How old the newest datum may be at the end of the period, milliseconds; null where age does not matter. */
  readonly freshness: number | null
  readonly newest: string | null
  /** What has to be observed for a pass, and whether it was. */
  readonly telemetry: readonly { readonly observer: string; readonly share: number | null }[]
  /** Share of the period in which each of these has to be observed, 0 to 1. */
  readonly telemetryShare: number
}

export interface EvidencePiece {
  /** From the request, the store and the window; unique in the report. */
  readonly id: string
  /** Type of its kind: `documents`. */
  readonly kind: string
  /** What was asked, in words. */
  readonly title: string
  /** What was asked, as the catalogue has it: to ask again. */
  readonly request: Json
  readonly store: EvidenceStore
  readonly address: string
  readonly query: Json
  /** Empty where the store has none. */
  readonly index: string
  readonly window: { readonly start: string; readonly end: string }
  readonly result: Json
  readonly count: number
  readonly value: number | null
  readonly unit: string
  readonly newest: string | null
  readonly byZone: Readonly<Record<string, number>>
  readonly distribution: readonly { readonly start: string; readonly value: number | null }[]
  readonly samples: readonly string[]
  readonly gaps: readonly ReportGap[]
  /** SHA-256 of the result in the canonical form of RFC 8785, hexadecimal. */
  readonly sha256: string
  /** Why it could not be read, in own words; empty if it was. */
  readonly fault: string
}

/** Compared with the previous report; all empty for the first. Ids of controls. */
export interface Changes {
  readonly newlyFailing: readonly string[]
  readonly fixed: readonly string[]
  readonly stillFailing: readonly string[]
  readonly newlyUnknown: readonly string[]
  readonly newlyKnown: readonly string[]
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Values that differ most by trust zone. */
  readonly byZone: readonly {
    readonly trustZone: string
    readonly title: string
    readonly before: number
    readonly now: number
  }[]
}

export interface TrendPoint {
  readonly period: string
  readonly counts: Readonly<Record<ControlStatus, number>>
  readonly coverage: number | null
}

/** From the ledger. Times are milliseconds, medians and 95th percentiles; null where there was nothing to measure. */
export interface RemediationSummary {
  readonly incidents: number
  readonly proposed: number
  readonly enforced: number
  readonly observed: number
  readonly expired: number
  readonly rolledBack: number
  readonly falseBlocks: number
  readonly timeToDetect: Spread | null
  readonly timeToDecide: Spread | null
  readonly timeToContain: Spread | null
  /** Whether the hash chain of the audit trail was verified, and its head. */
  readonly chain: {
    readonly verified: boolean
    readonly head: string
    readonly records: number
    readonly detail: string
  }
}

export interface Spread {
  readonly median: number
  readonly p95: number
  readonly count: number
}

export interface ReportException {
  readonly control: string
  readonly owner: string
  readonly reason: string
  readonly expires: string
  readonly state: ExceptionState
}

export interface Risk {
  /** The control. */
  readonly control: string
  readonly title: string
  readonly status: 'fail' | 'unknown'
  readonly severity: 'low' | 'medium' | 'high'
  readonly statement: string
  readonly remedy: string
  readonly since: string
}
