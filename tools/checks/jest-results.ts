import type { Skip, Tally } from './tally.ts'

/** The part of jest's `--json` output that is read here. */
export interface JestResults {
  readonly testResults: readonly {
    readonly name: string
    /** `failed` without a failed assertion: the file could not be loaded. */
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

const REASON = /\[skipped: ([^\]]+)\]/

/**
 * Counts jest's results. Failures are also: a file that could not be loaded, a skipped test whose title gives no reason
 * (`[skipped: REASON]`, see test/requirements.ts), a run without a test, and a `todo`.
 */
export function tallyOfJest(results: JestResults): Tally {
  let passed = 0
  let failed = 0
  const skips: Skip[] = []
  for (const file of results.testResults) {
    if (file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed')) failed += 1
    for (const test of file.assertionResults) {
      const reason = REASON.exec(test.fullName)?.[1]
      if (test.status === 'passed') passed += 1
      else if (test.status === 'pending' && reason !== undefined) skips.push({ test: test.fullName, reason })
      else failed += 1
    }
  }
  if (passed + failed === 0) failed = 1
  return { passed, failed, skips }
}
