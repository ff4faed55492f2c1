/** A skipped test, and the reason. */
export interface Skip {
  readonly test: string
  readonly reason: string
}

/** The result of a check. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  readonly skips: readonly Skip[]
}

/** The result of a check that is one command. */
export const tallyOfExit = (ok: boolean): Tally => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skips: [] })

export function sumTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    skips: tallies.flatMap(tally => tally.skips),
  }
}

/** The last line of a run: `12 passed, 0 failed, 1 skipped`. */
export function closingLine(tally: Tally): string {
  const skipped = tally.skips.length > 0 ? `, ${tally.skips.length} skipped` : ''
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`
}
