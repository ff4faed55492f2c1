import type { Observer } from '../../core/zero-trust.ts'
import { exceptionOf, settleExceptions } from '../controls/exceptions.ts'
import { type JudgedTest, judgeControl, judgeTest, type TestEvidence } from '../controls/judge.ts'
import type { Gap } from '../evidence/reading.ts'
import { countsOf } from './build.ts'
import type { ControlResult, EvidencePiece, Report, ReportGap, TestResult } from './report.ts'
import { risksOf } from './risks.ts'

/** What of a report follows from its evidence, its coverage, its thresholds and its exceptions. */
export type Conclusions = Pick<Report, 'controls' | 'exceptions' | 'risks'> & {
  /** The last point only: how many controls have each status. */
  readonly trend: Report['trend']
}

/** Pure: the conclusions that the judge draws from what a report holds. Those of a report that was not changed are its own. */
export function judgeAgain(report: Report): Conclusions {
  const period = { ...report.period, start: Date.parse(report.period.start), end: Date.parse(report.period.end) }
  const evidence = new Map(report.evidence.map(piece => [piece.id, piece]))
  const sources = report.coverage.sources.map(({ name, observer, share }) => ({
    observers: observer.split(', ') as Observer[],
    share,
    gaps: report.coverage.gaps.filter(({ of }) => of === name).map(gapOf),
  }))
  const context = { period, coverage: { sources } }
  const exceptions = report.exceptions.map(({ state, ...exception }) => ({ state, exception }))
  const considered = exceptions.filter(({ state }) => state !== 'too_long').map(({ exception }) => exception)

  const judged = report.controls.map((control): ControlResult => {
    const judgements = control.tests.map(test => {
      const [judgedTest, read] = judgedFrom(test, evidence.get(test.evidence))
      return judgeTest(judgedTest, read, context)
    })
    const tests = control.tests.map((test, index): TestResult => ({ ...test, ...judgements[index] }))
    const { status, reason } = judgeControl(control, judgements, exceptionOf(control.id, considered, period))
    return { ...control, status, reason, tests }
  })
  const statuses = new Map(judged.map(({ id, status }) => [id, status]))
  return {
    controls: judged,
    exceptions: settleExceptions(
      exceptions.map(({ exception }) => exception),
      considered,
      statuses,
      period,
    ),
    risks: risksOf(judged, report.period.name),
    trend: [{ period: report.period.name, counts: countsOf(judged), coverage: report.coverage.share }],
  }
}

/** What the judge was given for a test. A piece of evidence that is missing was not read. */
function judgedFrom(
  { title, threshold, parameter, freshness, telemetry, telemetryShare, unit }: TestResult,
  piece: EvidencePiece | undefined,
): readonly [JudgedTest, TestEvidence] {
  const test: JudgedTest = {
    title,
    threshold: { ...threshold, parameter },
    freshness,
    telemetry: telemetry.map(({ observer }) => observer as Observer),
    telemetryShare,
    evidence: { from: piece?.kind ?? '' },
  }
  if (piece === undefined || piece.fault !== '') return [test, { reading: null, fault: piece?.fault ?? '', unit }]
  const { value, newest, gaps } = piece
  const reading = { value, newest: newest === null ? null : Date.parse(newest), gaps: gaps.map(gapOf) }
  return [test, { reading, fault: '', unit }]
}

const gapOf = ({ of, start, end, reason }: ReportGap): Gap => ({
  of,
  start: Date.parse(start),
  end: Date.parse(end),
  reason,
})
