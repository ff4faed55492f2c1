import { Histogram, Registry } from 'prom-client'
import type { RenderedMetrics } from '../../service/exposition/exposition.ts'
import { renderRegistry } from '../../service/exposition/registry.ts'
import type { Metric, MetricDefinition, SeriesStore } from '../../service/series/series.ts'

const metric = (
  type: MetricDefinition['type'],
  name: string,
  labels: readonly string[],
  help: string,
): MetricDefinition => ({ name: `clawtrust_remediation_${name}`, help, type, labels, durable: false })

/** The service's own metrics; label values come from closed sets and from the configuration. */
const definitions = {
  actions: metric('counter', 'actions_total', ['action', 'mode', 'result'], 'Actions by result.'),
  wouldBlock: metric(
    'counter',
    'would_block_total',
    ['playbook'],
    'Blocks that were not executed because of mode observe.',
  ),
  refusals: metric('counter', 'refusals_total', ['reason'], 'Refused incidents by reason.'),
  alerts: metric(
    'counter',
    'alerts_total',
    ['result'],
    'Alerts that were delivered: new, attached to an open incident, renewed (known, and decided on again), duplicate, resolved, unmatched.',
  ),
  undecided: metric(
    'counter',
    'undecided_alerts_total',
    ['reason'],
    'Firing alerts, attached and duplicate, that led to no decision, by the reason that still holds.',
  ),
  rejectedAlerts: metric(
    'counter',
    'rejected_alerts_total',
    ['reason'],
    'Alerts of a delivery that were rejected, by the key whose value is wrong; the others were taken.',
  ),
  truncated: metric(
    'counter',
    'truncated_alerts_total',
    [],
    'Alerts that the sender omitted from its messages; set max_alerts to 0.',
  ),
  requests: metric('counter', 'webhook_requests_total', ['sender', 'result'], 'Webhook requests by result.'),
  verdicts: metric('counter', 'verdicts_total', ['verdict'], 'Threat intelligence verdicts on target addresses.'),
  blocked: metric(
    'gauge',
    'blocked_addresses',
    [],
    'Addresses and networks that are blocked, or whose block waits for the firewall.',
  ),
  queue: metric('gauge', 'queue_depth', ['queue'], 'Entries that are pending: decisions, approvals, deliveries.'),
  oldestPending: metric(
    'gauge',
    'oldest_pending_seconds',
    ['queue'],
    'Age of the oldest pending decision, approval or delivery; 0 while none is pending.',
  ),
  deadLetters: metric('gauge', 'dead_letters', [], 'Deliveries that failed permanently and can be replayed.'),
  breakerOpen: metric(
    'gauge',
    'breaker_open',
    [],
    '1 while the breaker is open: a limit was reached, and playbooks in mode enforce wait for approvals.',
  ),
  drift: metric(
    'gauge',
    'firewall_drift',
    [],
    'Differences between ledger and kernel that the last comparison found and corrected; -1 while the kernel cannot be queried.',
  ),
  ledgerOk: metric('gauge', 'ledger_ok', [], '1 while the audit trail verifies and the ledger can be written.'),
  sourceUp: metric(
    'gauge',
    'intelligence_up',
    ['source'],
    '1 if the list or the GeoIP database (`geoip_file`) was read, or the provider answered, the last time; 0 if not.',
  ),
  geoIpAge: metric('gauge', 'geoip_age_seconds', [], 'Time since the GeoIP database was built.'),
  questions: metric(
    'counter',
    'intelligence_requests_total',
    ['source', 'result'],
    'Requests to providers of threat intelligence: answered, failed, over_budget (not sent).',
  ),
  listEntries: metric('gauge', 'intelligence_entries', ['list'], 'Entries of a list of threat intelligence.'),
  listAge: metric('gauge', 'intelligence_age_seconds', ['list'], 'Age of a list of threat intelligence.'),
} as const

export type RemediationMetrics = { readonly [K in keyof typeof definitions]: Metric }

export function defineMetrics(store: SeriesStore): RemediationMetrics {
  const made = Object.entries(definitions).map(([key, definition]) => [key, store.define(definition)])
  return Object.fromEntries(made) as RemediationMetrics
}

/** For the page of metrics. */
export const metricDefinitions: readonly MetricDefinition[] = Object.values(definitions)

export interface Durations extends RenderedMetrics {
  /** @param action the type of a step */
  observe(action: string, milliseconds: number): void
}

/** From the decision to the confirmation, by action; prom-client keeps it, since its labels are the closed set of step types. */
export function createDurations(): Durations {
  const registry = new Registry()
  const histogram = new Histogram({
    name: 'clawtrust_remediation_action_duration_seconds',
    help: 'From the receipt of the alert to the element in the kernel, or from the first attempt to the answer of a receiver.',
    labelNames: ['action'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60],
    registers: [registry],
  })
  return {
    observe: (action, milliseconds) => histogram.observe({ action }, milliseconds / 1_000),
    render: format => renderRegistry(registry, format),
  }
}
