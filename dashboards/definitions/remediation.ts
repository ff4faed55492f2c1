import { type DashboardDefinition, jobVariable } from '../dashboard.ts'
import type { PanelDefinition } from '../panel.ts'
import { greatest, ofJob, perMinute } from '../promql.ts'
import { neutral, oneIsGood, type Step, zeroIsGood } from '../steps.ts'

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
const eachMinute = (title: string, description: string, name: string, labels: string): PanelDefinition => ({
  kind: 'parts',
  title,
  description,
  unit: 'cpm',
  span: 12,
  queries: [
    {
      expr: perMinute(labels, metric(name)),
      legend: labels.replace(/\w+/g, label => `{{${label}}}`).replaceAll(',', ''),
    },
  ],
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
        '1 while the trail verifies and can be written. At 0 nothing is blocked: see the log.',
        'ledger_ok',
        oneIsGood,
      ),
      queries: [{ expr: `min(${metric('ledger_ok')})` }],
    },
    state('Breaker open', '1 while a cap was met and a person approves.', 'breaker_open', zeroIsGood),
    state(
      'Firewall drift',
      'Differences of ledger and kernel at the last look; -1 where the kernel could not be asked.',
      'firewall_drift',
      zeroIsGood,
    ),
    state('Dead letters', 'Messages and tickets that were given up; replay them.', 'dead_letters', zeroIsGood),
    state('Blocked addresses', 'Addresses and networks that are blocked now.', 'blocked_addresses', neutral),
    {
      ...state(
        'Oldest intelligence',
        'Age of the oldest list of threat intelligence.',
        'intelligence_age_seconds',
        neutral,
      ),
      unit: 's',
    },
    eachMinute('Actions', 'Actions a minute by what came of them.', 'actions_total', 'action, mode, result'),
    eachMinute(
      'Refusals',
      'Alerts a minute that were not acted on, by reason: what must never be blocked is among them.',
      'refusals_total',
      'reason',
    ),
    eachMinute('Alerts', 'Delivered alerts a minute. Unmatched ones call no playbook.', 'alerts_total', 'result'),
    eachMinute(
      'Deliveries',
      'Requests a minute at the webhook, by sender and answer. Refused ones are forged or wrongly set up.',
      'webhook_requests_total',
      'sender, result',
    ),
    eachMinute('Held back', 'Blocks a minute that mode observe only tells of.', 'would_block_total', 'playbook'),
    {
      kind: 'lines',
      title: 'What waits',
      description: 'Decisions, approvals and deliveries that wait. Approvals wait for a person.',
      unit: 'short',
      span: 12,
      queries: [{ expr: greatest('queue', metric('queue_depth')), legend: '{{queue}}' }],
    },
  ],
}
