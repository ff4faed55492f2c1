import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import type { PanelDefinition } from '../panel.ts'
import { grownInRange, ofJob, perMinute } from '../promql.ts'
import { intelligenceSteps, neutral, oneIsGood, type Step, zeroIsGood } from '../steps.ts'

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
const eachMinute = (title: string, description: string, name: string, labels: string, span = 12): PanelDefinition => ({
  kind: 'parts',
  title,
  description,
  unit: 'cpm',
  span,
  queries: [
    {
      expr: perMinute(labels, metric(name)),
      legend: labels.replace(/\w+/g, label => `{{${label}}}`).replaceAll(',', ''),
    },
  ],
})

const waiting = (title: string, description: string, name: string, unit: string): PanelDefinition => ({
  kind: 'lines',
  title,
  description,
  unit,
  span: 8,
  queries: [{ expr: greatest('queue', metric(name)), legend: '{{queue}}' }],
})

/** What counters came to in the shown time, the most first. */
const totals = (
  title: string,
  description: string,
  name: string,
  columns: Readonly<Record<string, string>>,
): PanelDefinition => ({
  kind: 'table',
  title,
  description,
  unit: 'short',
  decimals: 0,
  span: Object.keys(columns).length > 1 ? 10 : 7,
  columns: [
    ...Object.entries(columns).map(([label, heading]) => ({ name: label, title: heading })),
    { name: 'Value', title: 'In this time', width: 110, sort: 'desc' },
  ],
  queries: [{ expr: grownInRange(Object.keys(columns).join(', '), metric(name)) }],
})

export const remediation: DashboardDefinition = {
  name: 'remediation',
  title: 'Remediation',
  description: 'What was done to which alert, what waits, and whether the brakes hold.',
  variables: [jobVariable],
  panels: [
    {
      ...state(
        'Audit trail',
        'Intact while the trail verifies and can be written. When it is broken nothing is blocked: see the log.',
        'ledger_ok',
        oneIsGood,
      ),
      words: { 0: { text: 'broken', color: 'red' }, 1: { text: 'intact', color: 'green' } },
      queries: [{ expr: `min(${metric('ledger_ok')})` }],
    },
    {
      ...state('Breaker', 'Open while a cap was met and a person approves.', 'breaker_open', zeroIsGood),
      words: { 0: { text: 'closed', color: 'green' }, 1: { text: 'open', color: 'red' } },
    },
    {
      ...state('Firewall drift', 'Differences of ledger and kernel at the last look.', 'firewall_drift', zeroIsGood),
      words: { [-1]: { text: 'unknown', color: 'orange' } },
    },
    state('Dead letters', 'Messages and tickets that were given up; replay them.', 'dead_letters', zeroIsGood),
    state('Blocked addresses', 'Addresses and networks that are blocked now.', 'blocked_addresses', neutral),
    {
      ...state(
        'Oldest intelligence',
        'Age of the oldest list of threat intelligence; from two days on it is an alert.',
        'intelligence_age_seconds',
        intelligenceSteps,
      ),
      unit: 's',
      decimals: 0,
    },
    eachMinute('Actions', 'Actions a minute by what came of them.', 'actions_total', 'action, mode, result'),
    eachMinute('Alerts', 'Delivered alerts a minute. Unmatched ones call no playbook.', 'alerts_total', 'result'),
    waiting(
      'What waits',
      'Decisions, approvals and deliveries that wait. Approvals wait for a person.',
      'queue_depth',
      'short',
    ),
    waiting(
      'Longest wait',
      'Age of the oldest decision, approval and delivery that waits; from half an hour on it is an alert.',
      'oldest_pending_seconds',
      's',
    ),
    eachMinute(
      'Deliveries',
      'Requests a minute at the webhook, by sender and answer. Refused ones are forged or wrongly set up.',
      'webhook_requests_total',
      'sender, result',
      8,
    ),
    totals('What came of it', 'Actions of the shown time by what came of them.', 'actions_total', {
      action: 'Action',
      mode: 'Mode',
      result: 'Result',
    }),
    totals(
      'Refusals',
      'Alerts of the shown time that were not acted on, by reason: what must never be blocked is among them.',
      'refusals_total',
      { reason: 'Reason' },
    ),
    totals('Held back', 'Blocks of the shown time that mode observe only tells of.', 'would_block_total', {
      playbook: 'Playbook',
    }),
  ],
}
