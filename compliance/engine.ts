import type { EpochMs } from '../core/clock.ts'
import { Fault } from '../core/errors.ts'
import { type EvidenceStore, evidenceStores } from '../core/labels/compliance.ts'
import type { Json } from '../service/state/state.ts'
import { type Collected, collect, keyOf } from './collect.ts'
import { type Catalogue, type Control, controlsOf, qualifiedId } from './controls/catalogue.ts'
import { type Exception, exceptionOf, isTooLong, settleExceptions } from './controls/exceptions.ts'
import { type JudgeContext, judgeControl, judgeTest, type TestJudgement } from './controls/judge.ts'
import type { CoverageReading, ExpectedCoverage } from './evidence/coverage.ts'
import type { EvidenceContext } from './evidence/kind.ts'
import type { Period } from './evidence/period.ts'
import { readCoverage } from './evidence/read-coverage.ts'
import type { Gap } from './evidence/reading.ts'
import { evidenceKind } from './evidence/registry.ts'
import type { Stores } from './evidence/stores.ts'
import { buildReport, type Findings } from './model/build.ts'
import { digestOf } from './model/digest.ts'
import { remediationSummary } from './model/remediation.ts'
import type {
  ControlResult,
  CoverageSummary,
  EvidencePiece,
  Report,
  ReportGap,
  StoreStatus,
  TestResult,
} from './model/report.ts'

/** What a report is made from. */
export interface ReportInput {
  readonly title: string
  /** Empty if it is not configured. */
  readonly organisation: string
  /** True for the demo. */
  readonly synthetic: boolean
  /** Of the program. */
  readonly version: string
  readonly catalogue: Catalogue
  readonly exceptions: readonly Exception[]
  /** How long after the period an exception may end that covers a control, milliseconds. */
  readonly longestException: number
  readonly period: Period
  /** Written into the report; nothing else of it depends on the clock. */
  readonly generatedAt: EpochMs
  readonly stores: Stores
  /** Stores that are configured and cannot be opened, and why, in own words. */
  readonly unopened?: Readonly<Partial<Record<EvidenceStore, string>>>
  /** What has to be observed; what never was is a gap of the whole period. */
  readonly expected: ExpectedCoverage
  /** The report before; null for the first. */
  readonly previous: Report | null
  readonly signal: AbortSignal
  readonly progress?: (done: number, all: number) => void
}

/**
 * Asks the stores, judges the controls, and builds the report. A store that cannot be read never stops it: what rests on it
 * is unknown.
 */
export async function makeReport(input: ReportInput): Promise<Report> {
  const { catalogue, exceptions, period, stores, signal } = input
  const context: EvidenceContext = { period, stores, signal, expected: input.expected }
  const coverage = await readCoverage(context)
  const controls = controlsOf(catalogue)
  const requests = controls.flatMap(({ tests }) => tests.map(({ evidence }) => evidence))
  const collected = await collect(requests, context, input.progress)
  const considered = exceptions.filter(exception => !isTooLong(exception, period, input.longestException))
  const results = controls.map(control => resultOf(control, collected, considered, { period, coverage }))
  const evidence = [...collected.values()].map(one => pieceOf(one, context))
  const statuses = new Map(results.map(({ id, status }) => [id, status]))
  const findings: Findings = {
    title: input.title,
    organisation: input.organisation,
    synthetic: input.synthetic,
    period: { name: period.name, start: iso(period.start), end: iso(period.end), timeZone: period.timeZone },
    generatedAt: iso(input.generatedAt),
    generator: { name: 'clawtrust', version: input.version },
    frameworks: catalogue.frameworks.map(({ id, title, version, source, sha256 }) => {
      return { id, title, version, source, sha256 }
    }),
    stores: storesOf(input, evidence, coverage),
    coverage: coverageOf(coverage),
    controls: results,
    evidence,
    remediation: remediationOf(stores, period),
    exceptions: settleExceptions(exceptions, considered, statuses, period),
    redacted: false,
  }
  return buildReport(findings, input.previous)
}

function resultOf(
  control: Control,
  collected: ReadonlyMap<string, Collected>,
  exceptions: readonly Exception[],
  context: JudgeContext & { readonly period: Period },
): Omit<ControlResult, 'since'> {
  const id = qualifiedId(control)
  const judged = control.tests.map(test => {
    const evidence = collected.get(keyOf(test.evidence))
    if (evidence === undefined) throw new TypeError(`${id}/${test.id} is collected`)
    const judgement = judgeTest(test, evidence, context)
    return { judgement, result: testResultOf(test, judgement, evidence) }
  })
  const judgement = judgeControl(
    control,
    judged.map(one => one.judgement),
    exceptionOf(id, exceptions, context.period),
  )
  return {
    id,
    framework: control.framework,
    control: control.id,
    title: control.title,
    pillar: control.pillar,
    status: judgement.status,
    reason: judgement.reason,
    tests: judged.map(({ result }) => result),
    cannotProve: control.cannotProve,
    manual: control.manual,
    objectives: control.objectives,
    remedy: judgement.covered === 'fail' || judgement.covered === 'unknown' ? control.remedy : '',
  }
}

const testResultOf = (
  { id, title, threshold, freshness, telemetryShare }: Control['tests'][number],
  { outcome, reason, expected, value, telemetry }: TestJudgement,
  { id: evidence, unit, reading }: Collected,
): TestResult => ({
  id,
  title,
  outcome,
  reason,
  evidence,
  value,
  unit,
  expected,
  threshold: { bound: threshold.bound, value: threshold.value },
  parameter: threshold.parameter,
  freshness,
  newest: isoOrNull(reading?.newest ?? null),
  telemetry,
  telemetryShare,
})

/** What could not be read has no result, and the hash of none. */
function pieceOf(
  { request, id, title, unit, reading, fault }: Collected,
  { period, stores }: EvidenceContext,
): EvidencePiece {
  const result: Json = reading?.result ?? null
  const { store, otherwise = store } = evidenceKind(request)
  return {
    id,
    kind: request.from,
    title,
    request: request as Json,
    store: reading?.store ?? (stores[store] === undefined ? otherwise : store),
    address: reading?.address ?? '',
    query: reading?.query ?? (request as Json),
    index: reading?.index ?? '',
    window: { start: iso(period.start), end: iso(period.end) },
    result,
    count: reading?.count ?? 0,
    value: reading?.value ?? null,
    unit,
    newest: isoOrNull(reading?.newest ?? null),
    byZone: reading?.byZone ?? {},
    distribution: (reading?.distribution ?? []).map(({ start, value }) => ({ start: iso(start), value })),
    samples: reading?.samples ?? [],
    gaps: (reading?.gaps ?? []).map(gapOf),
    sha256: digestOf(result),
    fault,
  }
}

/** A ledger that cannot be read is shown as a store that cannot be. */
function remediationOf({ ledger }: Stores, { start, end }: Period): Report['remediation'] {
  try {
    return ledger === undefined ? null : remediationSummary(ledger.period(start, end))
  } catch (error) {
    if (error instanceof Fault) return null
    throw error
  }
}

/** A store of which everything failed is not reachable; one of which something failed was read in part. */
function storesOf(
  { stores, unopened = {} }: ReportInput,
  evidence: readonly EvidencePiece[],
  coverage: CoverageReading,
): readonly StoreStatus[] {
  return evidenceStores.map((store): StoreStatus => {
    const closed = unopened[store]
    if (closed !== undefined) return { store, address: '', state: 'unreachable', detail: closed }
    if (stores[store] === undefined) return { store, address: '', state: 'absent', detail: '' }
    const asked = evidence.filter(piece => piece.store === store)
    // What remediation did is read from the ledger for every report.
    const isAsked = store === 'ledger' || [...asked, ...coverage.readings].some(each => each.store === store)
    const ofCoverage = coverage.faults.flatMap(({ store: of, reason }) => (of === store ? [reason] : []))
    const ofEvidence = asked.flatMap(({ fault }) => (fault === '' ? [] : [fault]))
    const faults = [...new Set([...ofEvidence, ...ofCoverage])].sort()
    const address = addressOf(stores, store)
    if (faults.length === 0) return { store, address, state: isAsked ? 'read' : 'not_asked', detail: '' }
    const state = asked.every(({ fault }) => fault !== '') ? 'unreachable' : 'partial'
    return { store, address, state, detail: faults.slice(0, 3).join('; ') }
  })
}

function addressOf({ elasticsearch, prometheus, ledger, state }: Stores, store: EvidenceStore): string {
  const addresses: Record<EvidenceStore, string | undefined> = {
    elasticsearch: elasticsearch?.address,
    prometheus: prometheus?.address,
    ledger: ledger?.path,
    state: state?.path,
  }
  return addresses[store] ?? ''
}

/** Each source weighs the same; where one is not known, the share of all is not. */
function coverageOf({ sources }: CoverageReading): CoverageSummary {
  const shares = sources.map(({ share }) => share)
  const isKnown = shares.length > 0 && shares.every(share => share !== null)
  return {
    share: isKnown ? shares.reduce<number>((sum, share) => sum + (share ?? 0), 0) / shares.length : null,
    sources: sources.map(({ source, observers, share, lastEvent, gaps }) => ({
      name: source,
      observer: observers.join(', '),
      state: share === 0 || (lastEvent === null && gaps.length > 0) ? 'never' : gaps.length > 0 ? 'gaps' : 'seen',
      share,
      lastEvent: isoOrNull(lastEvent),
    })),
    gaps: sources.flatMap(({ gaps }) => gaps.map(gapOf)),
  }
}

const gapOf = ({ of, start, end, reason }: Gap): ReportGap => ({ of, start: iso(start), end: iso(end), reason })

const iso = (time: EpochMs): string => new Date(time).toISOString()
const isoOrNull = (time: EpochMs | null): string | null => (time === null ? null : iso(time))
