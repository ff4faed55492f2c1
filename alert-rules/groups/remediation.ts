import { greatest, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

const deadLetters = `${held('clawtrust_remediation_dead_letters')} > 0`
const breakerOpen = `${held('clawtrust_remediation_breaker_open')} > 0`
const drift = `abs(${held('clawtrust_remediation_firewall_drift')}) > 0`
const broken = `${held('clawtrust_remediation_ledger_ok')} == 0`
const truncated = 'increase(clawtrust_remediation_truncated_alerts_total[15m]) > 0'
const depth = (matchers = '') => held(`clawtrust_remediation_queue_depth${matchers}`)
const age = (matchers = '') => held(`clawtrust_remediation_intelligence_age_seconds${matchers}`)
const entries = (window: string, matchers = '') => held(`clawtrust_remediation_intelligence_entries${matchers}`, window)
const failed = 'increase(alertmanager_notifications_failed_total{integration="webhook"}[10m]) > 0'

const OF_QUEUE = '{queue=%[1]q}'
const OF_LIST = '{list=%[1]q}'

/** Whether what is decided is carried out. */
export const remediation = ({ remediation: values }: Values): RuleGroup => ({
  name: 'clawtrust-remediation',
  dashboard: 'remediation',
  rules: [
    {
      alert: 'ClawtrustRemediationDeadLetters',
      expr: `max(${deadLetters})`,
      severity: 'warning',
      summary: 'Messages or tickets could not be delivered.',
      description: `${count} messages or tickets were given up at ${instances(deadLetters)}: nobody was told of actions that were done. Mend the destination, then run clawtrust remediation replay all.`,
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustRemediationBreakerOpen',
      expr: `max(${breakerOpen})`,
      severity: 'critical',
      summary: 'Remediation acts no more by itself.',
      description: `A cap on blocks was met at ${instances(breakerOpen)}: what would be enforced now waits for a person. Look at clawtrust remediation list before you approve: your own users may be among the targets, behind one mistake.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirewallDrift',
      expr: `max(${drift})`,
      for: '5m',
      severity: 'warning',
      summary: 'The firewall does not hold what the ledger says.',
      description: `Ledger and kernel keep differing at ${instances(drift)}, or the kernel cannot be asked: blocks may be missing, or outlive their end. Look for another program that flushes the ruleset, and for the capability CAP_NET_ADMIN.`,
      controls: ['CM-6', 'SC-7'],
    },
    {
      alert: 'ClawtrustLedgerBroken',
      expr: `min(${broken})`,
      severity: 'critical',
      summary: 'The audit trail of remediation does not verify.',
      description: `The hash chain is broken at ${instances(broken)}, or the ledger cannot be written: actions have no evidence. Keep a copy of its folder, then run clawtrust remediation verify-ledger; a full disk is the harmless reason.`,
      controls: ['AU-9', 'AU-10'],
    },
    {
      alert: 'ClawtrustRemediationQueueDeep',
      expr: `${greatest('queue', depth())} > ${values.queue_depth}`,
      for: '5m',
      severity: 'warning',
      summary: 'Remediation does not keep up.',
      description: `${count} items wait in queue {{ $labels.queue }} at ${instances(`${depth(OF_QUEUE)} > ${values.queue_depth}`, 'queue')}: responses come late. Decisions wait for slow threat intelligence, deliveries for a destination, approvals for a person.`,
      controls: ['IR-4'],
    },
    {
      alert: 'ClawtrustAlertsTruncated',
      expr: `max(${truncated})`,
      severity: 'warning',
      summary: 'Alerts were cut off before they reached remediation.',
      description: `The sender left ${count} alerts out of its messages to ${instances(truncated)} in 15 minutes: they are never acted on. Set max_alerts to 0 at its receiver.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustThreatListStale',
      expr: `${greatest('list', age())} > ${values.intelligence_age_seconds}`,
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence is old.',
      description: `List {{ $labels.list }} is {{ $value | humanizeDuration }} old at ${instances(`${age(OF_LIST)} > ${values.intelligence_age_seconds}`, 'list')}. Beyond its max_age it says nothing, and playbooks that ask for malicious stop acting. Mend its download.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustThreatListEmpty',
      expr: greatest('list', `${entries('3m')} == 0 and ${entries('1d')} > 0`),
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence has become empty.',
      description: `List {{ $labels.list }} had entries within the last day and has none now at ${instances(`${entries('3m', OF_LIST)} == 0`, 'list')}: whom it knew as malicious is unknown again. Look at what its download wrote.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustWebhookFailing',
      expr: greatest('integration', failed),
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager cannot deliver to a webhook.',
      description: `${count} deliveries by {{ $labels.integration }} of Alertmanager ${instances(failed)} failed in 10 minutes: remediation may not hear of alerts. Its log tells why: token, certificate, or a service that is not up.`,
      controls: ['IR-4', 'IR-6'],
    },
  ],
})
