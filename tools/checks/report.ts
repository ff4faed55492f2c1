import type { Outcome } from './run-check.ts'
import { closingLine, sumTallies } from './tally.ts'

/**
 * The end of a run: one line for each check with its duration, every skipped test with its reason, and the last line.
 */
export function report(outcomes: readonly Outcome[]): string {
  const total = sumTallies(outcomes.map(outcome => outcome.tally))
  const skips = total.skips.map(skip => `skipped: ${skip.test}`)
  return ['', ...outcomes.map(describeOutcome), ...skips, '', closingLine(total), ''].join('\n')
}

function describeOutcome({ check, tally, seconds, overran }: Outcome): string {
  const line = `${check.name.padEnd(14)}${seconds.toFixed(1).padStart(7)} s  ${closingLine(tally)}`
  if (overran) return `${line}  ended: it ran over its limit`
  return seconds > check.limitMinutes * 60 ? `${line}  slower than its ${check.limitMinutes} minutes` : line
}
