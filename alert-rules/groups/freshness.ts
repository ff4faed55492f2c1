import { greatest } from '../../promql/build.ts'
import type { AlertRule, AlertSeverity, RecordingRule, RuleGroup } from '../rule.ts'
import { source } from '../text.ts'
import type { Values } from '../values.ts'

const STALE = 'clawtrust:telemetry_stale:bool'
const WINDOWS = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const
type Window = (typeof WINDOWS)[number]

const ratio = (window: Window) => `clawtrust:telemetry_stale:ratio_${window}`

/** Burn rate of the 30-day budget, over a long window and a short one. */
type Burn = readonly [long: Window, short: Window, factor: number]
const page: readonly Burn[] = [
  ['1h', '5m', 14.4],
  ['6h', '30m', 6],
]
const ticket: readonly Burn[] = [
  ['1d', '2h', 3],
  ['3d', '6h', 1],
]

/** Objective for the share of time in which a source is fresh; windows and factors from Google's SRE Workbook, chapter 5. */
export const freshness = ({ freshness: { stale_after_seconds, objective } }: Values): RuleGroup => {
  const budget = Number((1 - objective).toPrecision(12))
  const burning = (burns: readonly Burn[]) =>
    burns
      .map(([long, short, factor]) => {
        const limit = Number((factor * budget).toPrecision(12))
        return `(${ratio(long)} > ${limit} and ${ratio(short)} > ${limit})`
      })
      .join(' or ')
  const rule = (
    alert: string,
    severity: AlertSeverity,
    burns: readonly Burn[],
    summary: string,
    advice: string,
  ): AlertRule => ({
    alert,
    expr: greatest('job, source', burning(burns)),
    severity,
    summary,
    description: `Reading of ${source} was stale for {{ $value | humanizePercentage }} of the time; the objective of 30 days allows ${Number((budget * 100).toPrecision(12))}%. ${advice}`,
    controls: ['AU-5', 'SI-4'],
  })
  const records: RecordingRule[] = [
    { record: STALE, expr: `min by (job, source) (clawtrust_source_lag_seconds) > bool ${stale_after_seconds}` },
    ...WINDOWS.map(window => ({ record: ratio(window), expr: `avg_over_time(${STALE}[${window}])` })),
  ]
  return {
    name: 'clawtrust-freshness',
    dashboard: 'exporter-health',
    rules: [
      ...records,
      rule(
        'ClawtrustFreshnessBurnsFast',
        'critical',
        page,
        'The freshness objective will be missed within days.',
        'Events are reported late or not at all: find what delays the source.',
      ),
      rule(
        'ClawtrustFreshnessBurnsSlowly',
        'warning',
        ticket,
        'The freshness objective will be missed this month.',
        'The source has many short outages: schedule a fix for the next days.',
      ),
    ],
  }
}
