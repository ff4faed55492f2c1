import type { Outcome } from '../checks/run-check.ts'

/**
 * A step that could not be run for lack of something outside the clone: a skip with its reason; with CI=true, where
 * everything must be there, a failure.
 */
export function missing(name: string, reason: string): Outcome {
  const tally =
    process.env.CI === 'true'
      ? { passed: 0, failed: 1, skips: [] }
      : { passed: 0, failed: 0, skips: [{ test: `the panel's ${name} [skipped: ${reason}]`, reason }] }
  return { check: { name, limitMinutes: 0 }, tally, seconds: 0, overran: false }
}
