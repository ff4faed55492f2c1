import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import type { PanelDefinition } from '../panel.ts'
import { grownInRange, ofJob, perMinute } from '../promql.ts'
import { intelligenceSteps, neutral, oneIsGood, type Step, zeroIsGood } from '../steps.ts'
import type { Column } from '../table.ts'

const metric = (name: string) => `clawtrust_remediation_${name}{${ofJob}}`
const state = (title: string, description: string, name: string, steps: readonly Step[]): PanelDefinition => ({
  kind: 'stat',
  title,
  description,
  unit: 'none',
  span: 4,
  steps,
  queries: [{ expr: `max(${metric(name)})` }],
})
/** @param legend names every label that the parts have, as in `{{sender}}: {{result}}` */
const eachMinute = (title: string, description: string, name: string, legend: string, span = 12): PanelDefinition => ({
  kind: 'parts',
  title,
  description,
  unit: 'cpm',
  span,
  queries: [{ expr: perMinute(labelsIn(legend), metric(name)), legend }],
  renames: [{ regex: '/_/g', renamePattern: ' ' }],
})
const labelsIn = (legend: string): string => [...legend.matchAll(/{{(\w+)}}/g)].map(([, label]) => label).join(', ')

/** The result of mode observe, as words. */
const WOULD = 'recorded only'

/** Steps that belong to no decision of a playbook have no mode. */
const actions: PanelDefinition = {
  ...eachMinute('Actions', 'Actions per minute by result.', 'actions_total', '{{action}}: {{result}} (mode {{mode}})'),
  renames: [
    { regex: '/ \\(mode \\)$/', renamePattern: '' },
    { regex: '/: would\\b/', renamePattern: `: ${WOULD}` },
  ],
}

const waiting = (title: string, description: string, name: string, unit: string): PanelDefinition => ({
  kind: 'lines',
  title,
  description,
  unit,
  span: 8,
  queries: [{ expr: greatest('queue', metric(name)), legend: '{{queue}}' }],
})

/** Increases of counters in the time range, highest first. */
const totals = (
  title: string,
  description: string,
  name: string,
  columns: Readonly<Record<string, Omit<Column, 'name'>>>,
): PanelDefinition => ({
  kind: 'table',
  title,
  description,
  unit: 'short',
  decimals: 0,
  span: Object.keys(columns).length > 1 ? 10 : 7,
  columns: [
    ...Object.entries(columns).map(([name, column]) => ({ name, ...column })),
    { name: 'Value', title: 'Count', width: 110, sort: 'desc' },
  ],
  queries: [{ expr: grownInRange(Object.keys(columns).join(', '), metric(name)) }],
})

export const remediation: DashboardDefinition = {
  name: 'remediation',
  title: 'Remediation',
  description: 'Actions, queues, deliveries and safeguards.',
  variables: [jobVariable],
  panels: [
    {
      ...state(
        'Audit trail',
        'Intact while the audit trail verifies and can be written. While it is broken, nothing is blocked: see the log.',
        'ledger_ok',
        oneIsGood,
      ),
      words: { 0: { text: 'broken', color: 'red' }, 1: { text: 'intact', color: 'green' } },
      queries: [{ expr: `min(${metric('ledger_ok')})` }],
    },
    {
      ...state('Breaker', 'Open after a rate limit was reached; an operator must approve.', 'breaker_open', zeroIsGood),
      words: { 0: { text: 'closed', color: 'green' }, 1: { text: 'open', color: 'red' } },
    },
    {
      ...state(
        'Firewall drift',
        'Differences between ledger and kernel at the last comparison.',
        'firewall_drift',
        zeroIsGood,
      ),
      words: { [-1]: { text: 'unknown', color: 'orange' } },
    },
    state('Dead letters', 'Messages and tickets that could not be delivered; replay them.', 'dead_letters', zeroIsGood),
    state('Blocked addresses', 'Addresses and networks that are currently blocked.', 'blocked_addresses', neutral),
    {
      ...state(
        'Oldest intelligence',
        'Age of the oldest list of threat intelligence; an alert fires after two days.',
        'intelligence_age_seconds',
        intelligenceSteps,
      ),
      unit: 's',
      decimals: 0,
    },
    actions,
    eachMinute(
      'Alerts',
      'Delivered alerts per minute. Unmatched alerts call no playbook.',
      'alerts_total',
      '{{result}}',
    ),
    waiting(
      'Queue depth',
      'Pending decisions, approvals and deliveries. Approvals wait for an operator.',
      'queue_depth',
      'short',
    ),
    waiting(
      'Oldest pending',
      'Age of the oldest pending decision, approval and delivery; an alert fires after half an hour.',
      'oldest_pending_seconds',
      's',
    ),
    eachMinute(
      'Deliveries',
      'Webhook requests per minute by sender and result. Refused requests are forged or misconfigured.',
      'webhook_requests_total',
      '{{sender}}: {{result}}',
      8,
    ),
    totals('Results', 'Actions in the time range by result.', 'actions_total', {
      action: { title: 'Action' },
      mode: { title: 'Mode' },
      result: { title: 'Result', words: { would: WOULD } },
    }),
    totals(
      'Refusals',
      'Alerts in the time range without an action, by reason, such as the allowlist.',
      'refusals_total',
      { reason: { title: 'Reason' } },
    ),
    totals('Observed blocks', 'Blocks in the time range that mode observe only recorded.', 'would_block_total', {
      playbook: { title: 'Playbook' },
    }),
  ],
}
