import type { Outcome } from '../checks/run-check.ts'

/**
 * A step that could not run because something outside of the clone is missing: a skip with its reason; a failure with
 * CI=true, where everything must be present.
 */
export function missing(name: string, reason: string): Outcome {
  const tally =
    process.env.CI === 'true'
      ? { passed: 0, failed: 1, skips: [] }
      : { passed: 0, failed: 0, skips: [{ test: `the panel's ${name} [skipped: ${reason}]`, reason }] }
  return { check: { name, limitMinutes: 0 }, tally, seconds: 0, overran: false }
}
