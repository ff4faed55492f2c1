import { type ControlStatus, controlStatuses } from '../../core/labels/compliance.ts'
import type { Json } from '../../service/state/state.ts'
import { changesSince, NO_CHANGES } from './changes.ts'
import { canonical, uuidOf } from './digest.ts'
import type { ControlResult, Report, TrendPoint } from './report.ts'
import { risksOf } from './risks.ts'

const MOST_PERIODS = 24

/** What is found for a period; the rest of a report follows from it and from the report before. */
export type Findings = Omit<Report, 'version' | 'id' | 'controls' | 'changes' | 'trend' | 'risks' | 'previous'> & {
  readonly controls: readonly Omit<ControlResult, 'since'>[]
}

/** Pure: the same findings and the same previous report give the same report. */
export function buildReport(findings: Findings, previous: Report | null): Report {
  const controls = findings.controls.map(control => ({ ...control, since: sinceWhen(control, findings, previous) }))
  const content = {
    ...findings,
    version: 1,
    controls,
    changes: previous === null ? NO_CHANGES : changesSince(previous, { controls, evidence: findings.evidence }),
    trend: trendOf(findings, previous),
    risks: risksOf(controls, findings.period.name),
    previous: previous === null ? null : { period: previous.period.name, id: previous.id },
  } as const
  return { ...content, id: uuidOf(canonical(content as unknown as Json)) }
}

/** The first of the periods in a row in which a control has its status. */
function sinceWhen(
  { id, status }: Pick<ControlResult, 'id' | 'status'>,
  { period }: Findings,
  previous: Report | null,
): string {
  const before = previous?.controls.find(control => control.id === id)
  return before?.status === status ? before.since : period.name
}

/** A period that is reported again has one point. */
function trendOf({ period, controls, coverage }: Findings, previous: Report | null): readonly TrendPoint[] {
  const earlier = (previous?.trend ?? []).filter(point => point.period !== period.name)
  return [...earlier, { period: period.name, counts: countsOf(controls), coverage: coverage.share }].slice(
    -MOST_PERIODS,
  )
}

/** How many controls have each status. */
export function countsOf(controls: readonly Pick<ControlResult, 'status'>[]): Readonly<Record<ControlStatus, number>> {
  const counts = Object.fromEntries(controlStatuses.map(status => [status, 0])) as Record<ControlStatus, number>
  for (const { status } of controls) counts[status]++
  return counts
}
