import type { ControlStatus } from '../../core/labels/compliance.ts'
import { formatDuration, span } from '../../core/time/duration.ts'
import type { Observer } from '../../core/zero-trust.ts'
import { timestamp } from '../../service/page/words.ts'
import type { SourceCoverage } from '../evidence/coverage.ts'
import type { Period } from '../evidence/period.ts'
import type { Gap, Reading } from '../evidence/reading.ts'
import type { Control, ControlTest } from './catalogue.ts'
import type { Exception } from './exceptions.ts'
import { measured, percent, thresholdWords } from './measure-words.ts'

/** What of a test is judged: what a report holds of it, so that its reader can judge it again. */
export type JudgedTest = Omit<ControlTest, 'id' | 'evidence'> & {
  readonly evidence: { readonly from: string }
}

/** What was read for a test. */
export interface TestEvidence {
  /** Null where the store could not be read. */
  readonly reading: Pick<Reading, 'value' | 'newest' | 'gaps'> | null
  /** Why it could not be read, a clause in own words; empty if it was. */
  readonly fault: string
  /** Unit of the value: `events`, `%`. */
  readonly unit: string
}

export interface TestJudgement {
  readonly outcome: 'pass' | 'fail' | 'unknown'
  /** One sentence, with the numbers. */
  readonly reason: string
  /** `at most 5 events`. */
  readonly expected: string
  readonly value: number | null
  /** Share of the period in which each observer was read; null where nothing tells. */
  readonly telemetry: readonly { readonly observer: Observer; readonly share: number | null }[]
}

export interface ControlJudgement {
  readonly status: ControlStatus
  /** One sentence. */
  readonly reason: string
  /** What the status would be without the exception; the status itself where there is none. */
  readonly covered: ControlStatus
}

/** The period of a report, and what was observed in it. */
export interface JudgeContext {
  readonly period: Pick<Period, 'start' | 'end'>
  readonly coverage: { readonly sources: readonly JudgedSource[] }
}

type JudgedSource = Pick<SourceCoverage, 'observers' | 'share' | 'gaps'>

/**
 * Judges a test. Unknown is never pass: it passes only with a value within its threshold that is fresh, and with its
 * telemetry read for long enough. A violation that was seen is a fail, whatever else is missing; a value that is only too
 * small is none while data is missing, because the rest may be in what is missing.
 */
export function judgeTest(test: JudgedTest, evidence: TestEvidence, context: JudgeContext): TestJudgement {
  const { threshold } = test
  const { reading, unit } = evidence
  const value = finite(reading?.value ?? null)
  const telemetry = test.telemetry.map(observer => ({ observer, share: observedShare(observer, evidence, context) }))
  const doubt = doubtOf(test, evidence, telemetry, context)
  const isWithin =
    value !== null && (threshold.bound === 'at_most' ? value <= threshold.value : value >= threshold.value)
  const isSeen = value !== null && !isWithin && (threshold.bound === 'at_most' || doubt === undefined || isOfGaps(test))
  const expected = thresholdWords(threshold, unit)
  const result = (outcome: TestJudgement['outcome'], why: string): TestJudgement => {
    return { outcome, reason: `${test.title}: ${why}.`, expected, value, telemetry }
  }
  if (value === null || (doubt !== undefined && !isSeen)) return result('unknown', `unknown, because ${doubt}`)
  return result(isSeen ? 'fail' : 'pass', `${measured(value, unit, threshold.value)} (required: ${expected})`)
}

/** What of a control is judged besides its tests: what a person has to look at, and how many tests there are. */
type JudgedControl = Pick<Control, 'manual'> & { readonly tests: { readonly length: number } }

/** Judges a control by its tests. An exception covers what does not hold or is not known, and nothing else. */
export function judgeControl(
  control: JudgedControl,
  tests: readonly TestJudgement[],
  exception?: Exception,
): ControlJudgement {
  const own = ownJudgement(control, tests)
  if (exception === undefined || (own.status !== 'fail' && own.status !== 'unknown')) {
    return { ...own, covered: own.status }
  }
  const { owner, expires, reason } = exception
  return {
    status: 'exception',
    reason: `Accepted by ${owner} until ${expires} (${reason}); without the exception ${own.status.toUpperCase()}: ${own.reason}`,
    covered: own.status,
  }
}

function ownJudgement(
  { manual, tests }: JudgedControl,
  judged: readonly TestJudgement[],
): Pick<ControlJudgement, 'status' | 'reason'> {
  if (tests.length === 0) return { status: 'manual', reason: `No telemetry shows it; a person has to look: ${manual}` }
  const failed = judged.filter(({ outcome }) => outcome === 'fail')
  if (failed.length > 0) return { status: 'fail', reason: reasonOf(failed, 'fail') }
  const unknown = judged.filter(({ outcome }) => outcome !== 'pass')
  if (unknown.length > 0) return { status: 'unknown', reason: reasonOf(unknown, 'are unknown') }
  if (judged.length < tests.length) return { status: 'unknown', reason: 'Not all of its tests were judged.' }
  return {
    status: 'pass',
    reason: judged.length === 1 ? String(judged[0]?.reason) : `All ${judged.length} tests pass.`,
  }
}

/** The first reason; with others, how many there are. */
function reasonOf([first, ...others]: readonly TestJudgement[], what: string): string {
  if (first === undefined) return ''
  return others.length === 0 ? first.reason : `${others.length + 1} tests ${what}; the first one: ${first.reason}`
}

function nothingRead({ gaps = [] }: Pick<Reading, 'gaps'>): string {
  const [reason] = gaps.map(gap => gap.reason).filter(Boolean)
  return reason === undefined ? 'there was nothing to measure' : `there was nothing to measure: ${reason}`
}

/** Whether its value is what gaps leave of the period: a gap then lowers it, and is no reason to doubt that it is low. */
const isOfGaps = ({ evidence }: JudgedTest): boolean => evidence.from === 'coverage'

/** Why a value is not believed, a clause; undefined if it is. */
function doubtOf(
  test: JudgedTest,
  evidence: TestEvidence,
  telemetry: TestJudgement['telemetry'],
  { period, coverage }: JudgeContext,
): string | undefined {
  const { freshness, telemetryShare } = test
  const { reading, fault } = evidence
  if (fault !== '' || reading === null) return `its evidence could not be read: ${fault === '' ? 'no reading' : fault}`
  const missing = telemetry.find(({ share }) => share === null)
  if (missing !== undefined) return absence(missing.observer, coverage)
  if (finite(reading.value) === null) return nothingRead(reading)
  const low = telemetry.find(({ share }) => share !== null && share < telemetryShare)
  if (low !== undefined) {
    return `the observer ${low.observer} was read for ${percent(low.share ?? 0)} of the period, and ${percent(telemetryShare)} is needed`
  }
  const { gaps = [] } = reading
  const share = isOfGaps(test) ? 1 : 1 - missingShare(gaps, period)
  if (share < telemetryShare) {
    return `its evidence has gaps: it covers ${percent(share)} of the period, and ${percent(telemetryShare)} is needed (${longest(gaps)?.reason})`
  }
  return freshness === null ? undefined : staleness(reading.newest, freshness, period)
}

function absence(observer: Observer, { sources }: JudgeContext['coverage']): string {
  const source = sources.find(({ observers }) => observers.includes(observer))
  if (source === undefined) return `no source reports for the observer ${observer}`
  return `it is not known for how long a source of the observer ${observer} was read`
}

function staleness(newest: number | null, freshness: number, { end }: JudgeContext['period']): string | undefined {
  if (newest === null) return 'there is no datum whose age can be checked'
  const age = end - newest
  if (age <= freshness) return undefined
  return `the newest datum is of ${timestamp(newest)}, ${span(age)} before the end of the period, and ${formatDuration(freshness)} is allowed`
}

/** The least share of the sources that report for an observer; null where none says. */
function observedShare(
  observer: Observer,
  { reading }: TestEvidence,
  { coverage, period }: JudgeContext,
): number | null {
  const sources = coverage.sources.filter(({ observers }) => observers.includes(observer))
  const shares = sources.map(source => shareOf(source, reading?.gaps ?? [], period))
  if (shares.length === 0 || shares.includes(null)) return null
  return Math.min(...shares.filter(share => share !== null))
}

/** What a source itself says, or what its gaps and those of the evidence leave, whichever is less. */
function shareOf(
  { share, gaps }: JudgedSource,
  ofEvidence: readonly Gap[],
  period: JudgeContext['period'],
): number | null {
  if (share === null || !Number.isFinite(share)) return null
  return Math.min(share, 1 - missingShare([...gaps, ...ofEvidence], period))
}

/** The share of the period in at least one of the gaps, 0 to 1. */
function missingShare(gaps: readonly Gap[], { start, end }: JudgeContext['period']): number {
  const clipped = gaps
    .map(gap => ({ start: Math.max(gap.start, start), end: Math.min(gap.end, end) }))
    .filter(gap => gap.end > gap.start)
    .sort((a, b) => a.start - b.start)
  let missing = 0
  let until = start
  for (const gap of clipped) {
    missing += Math.max(0, gap.end - Math.max(gap.start, until))
    until = Math.max(until, gap.end)
  }
  return end > start ? missing / (end - start) : 1
}

const longest = (gaps: readonly Gap[]): Gap | undefined =>
  gaps.toSorted((one, other) => other.end - other.start - (one.end - one.start))[0]

const finite = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null)
