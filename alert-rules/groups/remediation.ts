import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

/** A gauge of remediation over a few scrapes, of what matchers choose. */
const gauge =
  (name: string, window = '3m') =>
  (matchers: string): string =>
    held(selector(`clawtrust_remediation_${name}`, matchers), window)

const depth = gauge('queue_depth')
const pending = gauge('oldest_pending_seconds')
const age = gauge('intelligence_age_seconds')
const entries = gauge('intelligence_entries')

const deadLetters = (matchers: string) => `${gauge('dead_letters')(matchers)} > 0`
const breakerOpen = (matchers: string) => `${gauge('breaker_open')(matchers)} > 0`
const drift = (matchers: string) => `abs(${gauge('firewall_drift')(matchers)}) > 0`
const broken = (matchers: string) => `${gauge('ledger_ok')(matchers)} == 0`
const truncated = (matchers: string) =>
  `increase(${selector('clawtrust_remediation_truncated_alerts_total', matchers)}[15m]) > 0`

/** Whether what is decided is carried out. */
export const remediation = ({ remediation: values }: Values): RuleGroup => ({
  name: 'clawtrust-remediation',
  dashboard: 'remediation',
  rules: [
    {
      alert: 'ClawtrustRemediationDeadLetters',
      expr: greatest('job', deadLetters('')),
      severity: 'warning',
      summary: 'Messages or tickets could not be delivered.',
      description: `${count} messages or tickets were given up at ${instances(deadLetters)}: nobody was told of actions that were done. Mend the destination, then run clawtrust remediation replay all.`,
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustRemediationBreakerOpen',
      expr: greatest('job', breakerOpen('')),
      severity: 'critical',
      summary: 'Remediation acts no more by itself.',
      description: `A cap on blocks was met at ${instances(breakerOpen)}: what would be enforced now waits for a person. Look at clawtrust remediation list before you approve: your own users may be among the targets, behind one mistake.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirewallDrift',
      expr: greatest('job', drift('')),
      for: '5m',
      severity: 'warning',
      summary: 'The firewall does not hold what the ledger says.',
      description: `Ledger and kernel keep differing at ${instances(drift)}, or the kernel cannot be asked: blocks may be missing, or outlive their end. Look for another program that flushes the ruleset, and for the capability CAP_NET_ADMIN.`,
      controls: ['CM-6', 'SC-7'],
    },
    {
      alert: 'ClawtrustLedgerBroken',
      expr: greatest('job', broken('')),
      severity: 'critical',
      summary: 'The audit trail of remediation does not verify.',
      description: `The hash chain is broken at ${instances(broken)}, or the ledger cannot be written: actions have no evidence. Keep a copy of its folder, then run clawtrust remediation verify-ledger; a full disk is the harmless reason.`,
      controls: ['AU-9', 'AU-10'],
    },
    {
      alert: 'ClawtrustRemediationQueueDeep',
      expr: `${greatest('job, queue', depth(''))} > ${values.queue_depth}`,
      for: '5m',
      severity: 'warning',
      summary: 'Remediation does not keep up.',
      description: `${count} items wait in queue {{ $labels.queue }} at ${instances(matchers => `${depth(matchers)} > ${values.queue_depth}`, 'queue')}: responses come late. Decisions wait for slow threat intelligence, deliveries for a destination, approvals for a person.`,
      controls: ['IR-4'],
    },
    {
      alert: 'ClawtrustRemediationPendingOld',
      expr: `${greatest('job, queue', pending(''))} > ${values.pending_age_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'Something has waited in remediation for long.',
      description: `The oldest item in queue {{ $labels.queue }} has waited for {{ $value | humanizeDuration }} at ${instances(matchers => `${pending(matchers)} > ${values.pending_age_seconds}`, 'queue')}. Approvals wait for a person and lapse unanswered; deliveries wait for a destination that does not take them, and become dead letters. clawtrust remediation list proposed, and the log, name them.`,
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustAlertsTruncated',
      expr: greatest('job', truncated('')),
      severity: 'warning',
      summary: 'Alerts were cut off before they reached remediation.',
      description: `The sender left ${count} alerts out of its messages to ${instances(truncated)} in 15 minutes: they are never acted on. Set max_alerts to 0 at its receiver.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustThreatListStale',
      expr: `${greatest('job, list', age(''))} > ${values.intelligence_age_seconds}`,
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence is old.',
      description: `List {{ $labels.list }} is {{ $value | humanizeDuration }} old at ${instances(matchers => `${age(matchers)} > ${values.intelligence_age_seconds}`, 'list')}. Beyond its max_age it says nothing, and playbooks that ask for malicious stop acting. Mend its download.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustThreatListEmpty',
      expr: greatest('job, list', `${entries('')} == 0 and ${gauge('intelligence_entries', '1d')('')} > 0`),
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence has become empty.',
      description: `List {{ $labels.list }} had entries within the last day and has none now at ${instances(matchers => `${entries(matchers)} == 0`, 'list')}: whom it knew as malicious is unknown again. Look at what its download wrote.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustWebhookFailing',
      expr: `${greatest('integration', 'increase(alertmanager_notifications_failed_total{integration="webhook"}[10m])')} > 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager cannot deliver to a webhook.',
      description: `${count} deliveries by {{ $labels.integration }} failed in 10 minutes: remediation may not hear of alerts. The log of Alertmanager tells why: token, certificate, or a service that is not up.`,
      controls: ['IR-4', 'IR-6'],
    },
  ],
})
