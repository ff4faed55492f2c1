import { greatest, held, selector } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, instances } from '../text.ts'
import type { Values } from '../values.ts'

/** A gauge of remediation over a few scrapes, selected by matchers. */
const gauge =
  (name: string, window = '3m') =>
  (matchers: string): string =>
    held(selector(`clawtrust_remediation_${name}`, matchers), window)

const depth = gauge('queue_depth')
const pending = gauge('oldest_pending_seconds')
const age = gauge('intelligence_age_seconds')
const entries = gauge('intelligence_entries')
const sourceFails = (matchers: string) => `${gauge('intelligence_up')(matchers)} == 0`

const deadLetters = (matchers: string) => `${gauge('dead_letters')(matchers)} > 0`
const breakerOpen = (matchers: string) => `${gauge('breaker_open')(matchers)} > 0`
const drift = (matchers: string) => `abs(${gauge('firewall_drift')(matchers)}) > 0`
const broken = (matchers: string) => `${gauge('ledger_ok')(matchers)} == 0`
const truncated = (matchers: string) =>
  `increase(${selector('clawtrust_remediation_truncated_alerts_total', matchers)}[15m]) > 0`

/** Alerts of the remediation service: whether decisions are executed. */
export const remediation = ({ remediation: values }: Values): RuleGroup => ({
  name: 'clawtrust-remediation',
  dashboard: 'remediation',
  rules: [
    {
      alert: 'ClawtrustRemediationDeadLetters',
      expr: greatest('job', deadLetters('')),
      severity: 'warning',
      summary: 'Messages or tickets could not be delivered.',
      description: `${count} messages or tickets are dead letters at ${instances(deadLetters)}: notifications of executed actions are missing. Fix the destination, then run clawtrust remediation replay all.`,
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustRemediationBreakerOpen',
      expr: greatest('job', breakerOpen('')),
      severity: 'critical',
      summary: 'Remediation does not act without approval.',
      description: `A rate limit on blocks was reached at ${instances(breakerOpen)}: decisions that would be enforced wait for an approval. Run clawtrust remediation list before you approve: one misconfiguration may have made your own users targets.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirewallDrift',
      expr: greatest('job', drift('')),
      for: '5m',
      severity: 'warning',
      summary: 'The firewall differs from the ledger.',
      description: `Ledger and kernel differ at ${instances(drift)}, or the kernel cannot be queried: blocks may be missing or last too long. Look for another program that flushes the ruleset, and check the capability CAP_NET_ADMIN.`,
      controls: ['CM-6', 'SC-7'],
    },
    {
      alert: 'ClawtrustLedgerBroken',
      expr: greatest('job', broken('')),
      severity: 'critical',
      summary: 'The audit trail of remediation does not verify.',
      description: `The hash chain is broken at ${instances(broken)}, or the ledger cannot be written: actions are not recorded. Copy its folder, then run clawtrust remediation verify-ledger; a full disk is a harmless cause.`,
      controls: ['AU-9', 'AU-10'],
    },
    {
      alert: 'ClawtrustRemediationQueueDeep',
      expr: `${greatest('job, queue', depth(''))} > ${values.queue_depth}`,
      for: '5m',
      severity: 'warning',
      summary: 'Remediation does not keep up.',
      description: `${count} items wait in queue {{ $labels.queue }} at ${instances(matchers => `${depth(matchers)} > ${values.queue_depth}`, 'queue')}: responses come late. Decisions wait for slow threat intelligence, deliveries for a destination, approvals for an operator.`,
      controls: ['IR-4'],
    },
    {
      alert: 'ClawtrustRemediationPendingOld',
      expr: `${greatest('job, queue', pending(''))} > ${values.pending_age_seconds}`,
      for: '5m',
      severity: 'warning',
      summary: 'An item in a remediation queue is old.',
      description: `The oldest item in queue {{ $labels.queue }} has waited for {{ $value | humanizeDuration }} at ${instances(matchers => `${pending(matchers)} > ${values.pending_age_seconds}`, 'queue')}. Approvals wait for an operator and expire; deliveries wait for a destination that refuses them, and become dead letters. To see them, run clawtrust remediation list proposed and read the log.`,
      controls: ['IR-4', 'IR-6'],
    },
    {
      alert: 'ClawtrustAlertsTruncated',
      expr: greatest('job', truncated('')),
      severity: 'warning',
      summary: 'Alerts were truncated before they reached remediation.',
      description: `The sender left ${count} alerts out of its messages to ${instances(truncated)} in 15 minutes: they are never acted on. Set max_alerts to 0 at its receiver.`,
      controls: ['IR-4', 'SI-4'],
    },
    {
      alert: 'ClawtrustThreatListStale',
      expr: `${greatest('job, list', age(''))} > ${values.intelligence_age_seconds}`,
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence is old.',
      description: `List {{ $labels.list }} is {{ $value | humanizeDuration }} old at ${instances(matchers => `${age(matchers)} > ${values.intelligence_age_seconds}`, 'list')}. A list older than its max_age gives no verdicts, and playbooks that require the verdict malicious stop acting. Fix its download.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustThreatListEmpty',
      expr: greatest('job, list', `${entries('')} == 0 and ${gauge('intelligence_entries', '1d')('')} > 0`),
      for: '10m',
      severity: 'warning',
      summary: 'A list of threat intelligence has become empty.',
      description: `List {{ $labels.list }} had entries within the last day and has none now at ${instances(matchers => `${entries(matchers)} == 0`, 'list')}: addresses that it listed as malicious are unknown. Check the file that its download wrote.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustThreatSourceFailing',
      expr: greatest('job, source', sourceFails('')),
      for: '10m',
      severity: 'warning',
      summary: 'A source of evidence about addresses fails.',
      description: `Source {{ $labels.source }} cannot be read or does not answer at ${instances(sourceFails, 'source')}. A list or database stays in use as it was, a list until its max_age; a provider that fails, or whose questions of a day are spent, has the verdict unknown, and playbooks that require malicious do not act. The page and the log of remediation give the reason.`,
      controls: ['RA-3', 'SI-5'],
    },
    {
      alert: 'ClawtrustWebhookFailing',
      expr: `${greatest('integration', 'increase(alertmanager_notifications_failed_total{integration="webhook"}[10m])')} > 0`,
      for: '5m',
      severity: 'critical',
      summary: 'Alertmanager cannot deliver to a webhook.',
      description: `${count} deliveries by {{ $labels.integration }} failed in 10 minutes: remediation may miss alerts. The log of Alertmanager gives the reason: token, certificate, or a service that is down.`,
      controls: ['IR-4', 'IR-6'],
    },
  ],
})
