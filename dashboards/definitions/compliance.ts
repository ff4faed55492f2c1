import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import type { PanelDefinition } from '../panel.ts'
import { grownInRange, ofJob } from '../promql.ts'
import { coverageSteps, expirySteps, neutral, overdueSteps, type Step, zeroIsBetter, zeroIsGood } from '../steps.ts'

const metric = (name: string, labels = '') =>
  `clawtrust_compliance_${name}{${[ofJob, labels].filter(Boolean).join(',')}}`

const due = metric('report_due_timestamp_seconds')

/** Controls of all frameworks with a status. */
const controls = (title: string, description: string, status: string, steps: readonly Step[]): PanelDefinition => ({
  kind: 'stat',
  title,
  description,
  unit: 'none',
  span: 4,
  steps,
  queries: [{ expr: `sum(${greatest('framework', metric('controls', `status="${status}"`))})` }],
})

/** A report is made a few times a month: its events are counted, since a rate per minute would be 0 nearly always. */
const counts = (title: string, description: string, label: string, counter: string): PanelDefinition => ({
  kind: 'table',
  title,
  description,
  unit: 'short',
  decimals: 0,
  span: 12,
  columns: [
    { name: label, title: label === 'outcome' ? 'Outcome' : 'Result' },
    { name: 'Value', title: 'Count', width: 110, sort: 'desc' },
  ],
  queries: [{ expr: grownInRange(label, metric(counter)) }],
})

export const compliance: DashboardDefinition = {
  name: 'compliance',
  title: 'Compliance',
  description:
    'The newest report: controls by status, coverage, exceptions, and whether reports are made and delivered.',
  variables: [jobVariable],
  panels: [
    controls('Pass', 'Controls whose tests all pass, with fresh evidence and covered telemetry.', 'pass', neutral),
    controls('Fail', 'Controls with a violation that was seen.', 'fail', zeroIsGood),
    controls('Unknown', 'Controls without enough evidence. Unknown is never a pass.', 'unknown', zeroIsBetter),
    controls('Manual', 'Controls that no telemetry can show; a person has to look.', 'manual', neutral),
    controls('Exception', 'Controls that do not hold and are accepted until a day.', 'exception', neutral),
    {
      kind: 'stat',
      title: 'Coverage',
      description:
        'Share of the period of the newest report in which what is expected was observed. Without data where that is not known.',
      unit: 'percentunit',
      decimals: 1,
      span: 4,
      steps: coverageSteps,
      queries: [{ expr: `max(${metric('coverage_ratio')})` }],
    },
    {
      kind: 'table',
      title: 'Controls by framework',
      description: 'Controls of the newest report by framework and status, without those that are 0.',
      unit: 'short',
      decimals: 0,
      span: 12,
      height: 14,
      columns: [
        { name: 'framework', title: 'Framework', sort: 'asc' },
        { name: 'status', title: 'Status', width: 120 },
        { name: 'Value', title: 'Controls', width: 110 },
      ],
      queries: [{ expr: `${greatest('framework, status', metric('controls'))} > 0` }],
    },
    {
      kind: 'lines',
      title: 'Failing and unknown',
      description: 'Controls that fail or are unknown, by framework, as reports are made.',
      unit: 'short',
      span: 12,
      height: 14,
      queries: [
        {
          expr: greatest('framework, status', metric('controls', 'status=~"fail|unknown"')),
          legend: '{{framework}}: {{status}}',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'Age of the report',
      description: 'Time since the newest report was made.',
      unit: 's',
      decimals: 0,
      span: 8,
      steps: neutral,
      queries: [{ expr: `time() - max(${metric('report_timestamp_seconds')})` }],
    },
    {
      kind: 'stat',
      title: 'Overdue',
      description: 'How long a report has been due that is not made; an alert fires after six hours.',
      unit: 's',
      decimals: 0,
      span: 8,
      steps: overdueSteps,
      queries: [{ expr: `(time() - max(${due})) * (max(${due}) > bool 0)` }],
    },
    {
      kind: 'stat',
      title: 'Dead letters',
      description: 'Reports that could not be delivered; fix the destination and deliver them again.',
      unit: 'none',
      span: 8,
      steps: zeroIsGood,
      queries: [{ expr: `max(${metric('pending_deliveries', 'state="dead"')})` }],
    },
    {
      kind: 'table',
      title: 'Evidence stores',
      description: 'Whether the newest report could read all that it asked of a store.',
      unit: 'none',
      span: 12,
      columns: [
        { name: 'store', title: 'Store', sort: 'asc' },
        { name: 'Value', title: 'Read', width: 110, words: { 0: 'in part', 1: 'whole' } },
      ],
      queries: [{ expr: `min by (store) (${metric('store_read')})` }],
    },
    {
      kind: 'table',
      title: 'Exceptions',
      description: 'Time until each exception of a control ends; an alert fires two weeks before.',
      unit: 's',
      decimals: 0,
      span: 12,
      steps: expirySteps,
      noValue: 'No exceptions',
      columns: [
        { name: 'control', title: 'Control' },
        { name: 'Value', title: 'Ends in', width: 140, sort: 'asc', coloured: 'threshold' },
      ],
      queries: [{ expr: `max by (control) (${metric('exception_expiry_timestamp_seconds')}) - time()` }],
    },
    counts('Deliveries', 'Attempts to deliver a report in the time range.', 'outcome', 'deliveries_total'),
    counts(
      'Runs',
      'Runs of the schedule in the time range: made, failed, or made by another replica.',
      'result',
      'reports_total',
    ),
  ],
}
