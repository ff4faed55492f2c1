import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

/** A gauge of the reports over a few scrapes, selected by matchers. */
const gauge =
  (name: string, labels = '') =>
  (matchers: string): string =>
    held(selector(`clawtrust_compliance_${name}`, ...[labels, matchers].filter(Boolean)))

const due = gauge('report_due_timestamp_seconds')
const dead = (matchers: string) => `${gauge('pending_deliveries', 'state="dead"')(matchers)} > 0`
const unread = (matchers: string) => `${gauge('store_read')(matchers)} == 0`
const age = (matchers: string) => `time() - (${due(matchers)} != 0)`
const expiry = gauge('exception_expiry_timestamp_seconds')

const DAY = 86_400

/** Alerts of the reports: whether they are made, whole and delivered. */
export const compliance = ({ compliance: values }: Values): RuleGroup => ({
  name: 'clawtrust-compliance',
  dashboard: 'compliance',
  rules: [
    {
      alert: 'ClawtrustReportOverdue',
      // No report is due while the time is 0.
      expr: `${greatest('job', age(''))} > ${values.overdue_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'A scheduled compliance report was not made.',
      description: `A report has been due for {{ $value | humanizeDuration }} at ${instances(matchers => `${age(matchers)} > ${values.overdue_seconds}`)}. Read the log of clawtrust report serve; a replica that keeps the lease, a full disk and a catalogue that cannot be read are common causes. Run clawtrust report to make it by hand.`,
      controls: ['CA-7', 'AU-6'],
    },
    {
      alert: 'ClawtrustReportUndelivered',
      expr: greatest('job', dead('')),
      severity: 'warning',
      summary: 'A compliance report could not be delivered.',
      description: `${count} deliveries are dead letters at ${instances(dead)}: their recipients have no report. The report itself is in its folder. Fix the destination, then run clawtrust report redeliver.`,
      controls: ['CA-7', 'IR-6'],
    },
    {
      alert: 'ClawtrustReportIncomplete',
      expr: greatest('job, store', unread('')),
      severity: 'warning',
      summary: 'A compliance report could not read all of its evidence.',
      description: `Some of what the newest report asked of {{ $labels.store }} could not be read at ${instances(unread, 'store')}: controls that rest on it are unknown. Page one of the report names the reason. Fix the store, then run clawtrust report for the same period again: it becomes a new revision.`,
      controls: ['CA-7', 'AU-6'],
    },
    {
      alert: 'ClawtrustExceptionExpiring',
      expr: `${greatest('job, control', `${expiry('')} - time()`)} < ${values.exception_days_left} * ${DAY}`,
      severity: 'info',
      summary: 'An exception of a control ends soon.',
      description:
        'The exception of {{ $labels.control }} (job {{ $labels.job }}) ends in {{ $value | humanizeDuration }}; a negative time is since its end. From then on the control has the status that its tests give. Fix what it covers, or let its owner renew it in compliance.exceptions.',
      controls: ['CA-7', 'RA-3'],
    },
  ],
})
