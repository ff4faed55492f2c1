import type { Skip, Tally } from './tally.ts'

/** The part of the output of Playwright's `json` reporter that is read here. */
export interface PlaywrightResults {
  readonly suites: readonly PlaywrightSuite[]
  /** Errors outside of tests: a spec that could not be loaded, a limit of the whole run. */
  readonly errors: readonly unknown[]
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly projectName: string
      readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      readonly annotations: readonly { readonly type: string; readonly description?: string }[]
    }[]
  }[]
}

/**
 * Counts Playwright's results, each spec once in each project. Failures are also: a test that passed only in a retry, a
 * skipped test without a reason, an error outside the tests, and a run without a test.
 */
export function tallyOfPlaywright({ suites, errors }: PlaywrightResults): Tally {
  let passed = 0
  let failed = errors.length
  const skips: Skip[] = []
  for (const spec of suites.flatMap(specsOf)) {
    for (const test of spec.tests) {
      const reason = test.annotations.find(({ type }) => type === 'skip')?.description
      if (test.status === 'expected') passed += 1
      else if (test.status === 'skipped' && reason !== undefined)
        skips.push({ test: `${spec.title}, ${test.projectName} [skipped: ${reason}]`, reason })
      else failed += 1
    }
  }
  if (passed + failed === 0) failed = 1
  return { passed, failed, skips }
}

const specsOf = (suite: PlaywrightSuite): PlaywrightSuite['specs'] => [
  ...suite.specs,
  ...(suite.suites ?? []).flatMap(specsOf),
]
