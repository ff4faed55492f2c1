import type { Json } from '../../service/state/state.ts'
import { canonical } from '../model/digest.ts'
import { type Conclusions, judgeAgain } from '../model/judge-again.ts'
import type { Report } from '../model/report.ts'
import { REPORT_FILE } from '../render/data/json.ts'
import { type Check, problem } from './check.ts'
import { jsonDifferences } from './differences.ts'

/**
 * Judges every control again from the evidence, the coverage, the thresholds and the exceptions in the report: who makes all
 * files again with another status has to change what the status rests on, too. Where report.json is known to be changed, what
 * follows from the change would only hide it.
 */
export function checkJudgement(check: Check, report: Report): void {
  const isKnownChanged = check.problems.some(({ file }) => file === REPORT_FILE)
  // What the judge looks at is replaced in a redacted report.
  if (report.redacted || isKnownChanged) return
  const { controls, exceptions, risks, trend } = report
  const found: Conclusions = { controls, exceptions, risks, trend: trend.slice(-1) }
  const differences = jsonDifferences(inOneOrder(judgeAgain(report)), inOneOrder(found))
  const { version } = report.generator
  if (version !== check.options.version) {
    if (differences.length > 0) check.limits.push(limitOfVersion(version, check.options.version))
    return
  }
  for (const difference of differences) {
    problem(check, 'judgement', REPORT_FILE, 'it does not follow from the evidence in the report', difference)
  }
}

/** A report that was read has the order of its file. */
const inOneOrder = (conclusions: Conclusions): unknown => JSON.parse(canonical(conclusions as unknown as Json))

const limitOfVersion = (made: string, verifies: string): string =>
  `The report was judged by version ${made}, and version ${verifies} judges its evidence differently: its statuses could not be compared. Verify with the version that made it.`
