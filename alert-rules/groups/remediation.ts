import { greatest, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

/** Whether what is decided is carried out. */
export const remediation = ({ remediation: values }: Values): RuleGroup => ({
  name: 'clawtrust-remediation',
  rules: [
    {
      alert: 'ClawtrustRemediationDeadLetters',
      expr: `max(${held('clawtrust_remediation_dead_letters')}) > 0`,
      severity: 'warning',
      summary: 'Messages or tickets could not be delivered.',
      description: '{{ $value | humanize }} deliveries were given up; nobody was told.',
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustRemediationBreakerOpen',
      expr: `max(${held('clawtrust_remediation_breaker_open')}) > 0`,
      severity: 'critical',
      summary: 'Remediation acts no more by itself.',
      description: 'A cap on actions was met: what would be enforced now waits for a person.',
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirewallDrift',
      expr: `max(abs(${held('clawtrust_remediation_firewall_drift')})) > 0`,
      for: '5m',
      severity: 'warning',
      summary: 'The firewall does not hold what the ledger says.',
      description: 'The comparison of ledger and kernel keeps finding differences, or the kernel cannot be asked.',
      controls: ['CM-6', 'SC-7'],
    },
    {
      alert: 'ClawtrustLedgerBroken',
      expr: 'min(max_over_time(clawtrust_remediation_ledger_ok[3m])) == 0',
      severity: 'critical',
      summary: 'The audit trail of remediation does not verify.',
      description: 'The hash chain is broken, or the ledger cannot be written: actions have no evidence.',
      controls: ['AU-9', 'AU-10'],
    },
    {
      alert: 'ClawtrustRemediationQueueDeep',
      expr: `${greatest('queue', held('clawtrust_remediation_queue_depth'))} > ${values.queue_depth}`,
      for: '5m',
      severity: 'warning',
      summary: 'Remediation does not keep up.',
      description: '{{ $value | humanize }} items wait in queue {{ $labels.queue }}.',
      controls: ['IR-4'],
    },
    {
      alert: 'ClawtrustAlertsTruncated',
      expr: 'max(increase(clawtrust_remediation_truncated_alerts_total[15m])) > 0',
      severity: 'warning',
      summary: 'Alerts were cut off before they reached remediation.',
      description: 'The sender left out {{ $value | humanize }} alerts in 15 minutes; set max_alerts to 0.',
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustThreatListStale',
      expr: `${greatest('list', held('clawtrust_remediation_intelligence_age_seconds'))} > ${values.intelligence_age_seconds}`,
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence is old.',
      description: 'List {{ $labels.list }} is {{ $value | humanizeDuration }} old; verdicts rest on it.',
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustWebhookFailing',
      expr: `${greatest('integration', 'increase(alertmanager_notifications_failed_total{integration="webhook"}[10m])')} > 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager cannot deliver to a webhook.',
      description:
        '{{ $value | humanize }} deliveries by {{ $labels.integration }} failed in 10 minutes: remediation may not hear of alerts.',
      controls: ['IR-4', 'IR-6'],
    },
  ],
})
