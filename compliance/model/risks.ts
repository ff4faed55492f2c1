import type { ControlResult, Risk } from './report.ts'

/** How urgent: what fails before what is not known, and what has failed for longest first. */
const RANKS = { fail: 0, unknown: 1 } as const
const SEVERITIES = ['high', 'medium', 'low'] as const

/**
 * What does not hold or is not known, the most urgent first. A control that fails in the period before as well is of high
 * severity, one that begins to fail is of medium, one that is not known is of low severity.
 */
export function risksOf(controls: readonly ControlResult[], period: string): readonly Risk[] {
  return controls
    .flatMap((control): Risk[] => {
      const { id, title, status, reason, remedy, since } = control
      if (status !== 'fail' && status !== 'unknown') return []
      const severity = status === 'unknown' ? 'low' : since === period ? 'medium' : 'high'
      return [{ control: id, title, status, severity, statement: reason, remedy, since }]
    })
    .map((risk, index) => ({ risk, index }))
    .sort(
      (a, b) =>
        RANKS[a.risk.status] - RANKS[b.risk.status] ||
        SEVERITIES.indexOf(a.risk.severity) - SEVERITIES.indexOf(b.risk.severity) ||
        a.index - b.index,
    )
    .map(({ risk }) => risk)
}
