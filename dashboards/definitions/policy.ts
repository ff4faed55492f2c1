import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerMinute, grownInRange, perMinute } from '../promql.ts'
import { flows } from './trust-map.ts'

const pairs = (zone: string) => `label_values(${domainSelector('clawtrust_policy_decisions_total')}, ${zone})`
/** The matrix shows every pair; the panels below show the selected one. */
const ofPair = 'source_zone=~"$source_zone",destination_zone=~"$destination_zone"'
const candidateDecisions = 'clawtrust_policy_shadow_decisions_total'
const candidateLabels = 'gateway, trust_zone, policy, decision, source_zone, destination_zone'
const denied = `${ofPair},decision="deny"`

export const policy: DashboardDefinition = {
  name: 'policy',
  title: 'Policy and flows',
  description: 'Traffic between zones and the decisions of the policy engines.',
  variables: [
    ...domainVariables,
    { name: 'source_zone', label: 'From zone', query: pairs('source_zone') },
    { name: 'destination_zone', label: 'To zone', query: pairs('destination_zone') },
  ],
  panels: [
    flows,
    {
      kind: 'lines',
      title: 'Decisions',
      description:
        'Decisions per minute of the selected zones. More denials under an unchanged policy mean changed behaviour; after a policy change, they are its effect.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('policy_decisions', 'decision', ofPair), legend: '{{decision}}' }],
      overrides: [
        { matcher: { id: 'byName', options: 'allow' }, properties: [fixedColour('blue')] },
        { matcher: { id: 'byName', options: 'deny' }, properties: [fixedColour('red')] },
      ],
    },
    {
      kind: 'lines',
      title: 'Decisions of candidate policies',
      description:
        'What the candidate policies of policy.shadow would have decided on the flows of the selected zones, per minute, beside the decisions that were enforced. Unknown is neither: the record lacks what a rule needs. Nothing of it is enforced.',
      unit: 'cpm',
      span: 12,
      queries: [
        {
          expr: `sum by (policy, decision) (${perMinute(candidateLabels, domainSelector(candidateDecisions, ofPair))})`,
          legend: '{{policy}}: {{decision}}',
        },
      ],
      overrides: [
        { matcher: { id: 'byRegexp', options: '/: allow$/' }, properties: [fixedColour('blue')] },
        { matcher: { id: 'byRegexp', options: '/: deny$/' }, properties: [fixedColour('red')] },
        { matcher: { id: 'byRegexp', options: '/: unknown$/' }, properties: [fixedColour('orange')] },
      ],
      noValue: 'No candidate policy in policy.shadow, or no flows',
    },
    {
      kind: 'table',
      title: 'Candidate policies by pair of zones',
      description:
        'What the candidate policies of policy.shadow would have decided in the time range. A denial of what passes today is a missing rule, or access that no workload should have.',
      unit: 'short',
      decimals: 0,
      span: 12,
      columns: [
        { name: 'policy', title: 'Candidate' },
        { name: 'source_zone', title: 'From zone' },
        { name: 'destination_zone', title: 'To zone' },
        { name: 'decision', title: 'Would decide', width: 120 },
        { name: 'Value', title: 'Flows', width: 90, sort: 'desc' },
      ],
      queries: [
        {
          expr: `sum by (policy, decision, source_zone, destination_zone) (${grownInRange(candidateLabels, domainSelector(candidateDecisions, ofPair))})`,
        },
      ],
      noValue: 'No candidate policy in policy.shadow, or no flows',
    },
    {
      kind: 'parts',
      title: 'Denials by engine',
      description: 'Denials per minute by engine.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('policy_decisions', 'engine', denied), legend: '{{engine}}' }],
    },
    {
      kind: 'parts',
      title: 'Approvals by decision',
      description:
        'Approvals per minute: asked for, granted or denied by a person, expired without an answer, or granted without a person. Growing automatic grants mean that agents do more than an operator has agreed to.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('approvals', 'decision'), legend: '{{decision}}' }],
    },
    {
      kind: 'parts',
      title: 'Grants by delay',
      description:
        'Approvals per minute that a person granted, by the time since the request. 5 seconds are too few to read a command.',
      unit: 'cpm',
      span: 12,
      queries: [
        {
          expr: `sum by (within) (${perMinute('gateway, trust_zone, within', domainSelector('clawtrust_approval_grants_total'))})`,
          legend: '{{within}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Oldest request for an approval',
      description: 'Age of the oldest request that is not answered, at most 35 minutes. No line: no request waits.',
      unit: 's',
      span: 12,
      queries: [
        {
          expr: `time() - ${greatest('gateway, trust_zone', domainSelector('clawtrust_approval_oldest_timestamp_seconds'))}`,
          legend: '{{gateway}} {{trust_zone}}',
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Approvals by their requester',
      description:
        'Approvals per minute whose approver is the requester. A device that approves its own pairing or scopes needs no second person.',
      unit: 'cpm',
      span: 12,
      queries: [
        {
          expr: `sum by (subject) (${perMinute('gateway, trust_zone, subject', domainSelector('clawtrust_self_approvals_total'))})`,
          legend: '{{subject}}',
        },
      ],
    },
    {
      kind: 'parts',
      title: 'Would be denied, by engine',
      description:
        'Decisions `audit` per minute by engine: requests that passed because the engine or the rule only observes. They are in no alert on denials.',
      unit: 'cpm',
      span: 12,
      queries: [
        { expr: eventsPerMinute('policy_decisions', 'engine', `${ofPair},decision="audit"`), legend: '{{engine}}' },
      ],
    },
    {
      kind: 'state',
      title: 'Guards in the path',
      description:
        'Whether a guard beside the gateway is known to inspect what agents do and to enforce. Not known is not up: without agents that act, a guard that writes nothing cannot be judged.',
      unit: 'none',
      span: 12,
      queries: [
        {
          expr: greatest('gateway, guard', domainSelector('clawtrust_guard_up')),
          legend: '{{gateway}} {{guard}}',
        },
      ],
      words: { 0: { text: 'not known to be up', color: 'orange' }, 1: { text: 'up', color: 'green' } },
      noValue: 'No guard is configured or was read',
    },
    {
      kind: 'table',
      title: 'State of the guards',
      description:
        'What is known of each guard. Silent, degraded, fail_open, other_mode and other_version are alerts while agents act.',
      unit: 'short',
      decimals: 0,
      span: 24,
      height: 6,
      columns: [
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'guard', title: 'Guard' },
        { name: 'state', title: 'State' },
      ],
      hidden: ['Value'],
      queries: [
        { expr: `${greatest('gateway, trust_zone, guard, state', domainSelector('clawtrust_guard_state'))} == 1` },
      ],
      noValue: 'No guard is configured or was read',
    },
    {
      kind: 'table',
      title: 'Denials in the time range',
      description: 'Denials by policy and pair of zones. An unexpected pair is lateral movement or a missing rule.',
      unit: 'short',
      decimals: 0,
      span: 24,
      columns: [
        { name: 'source_zone', title: 'From zone' },
        { name: 'destination_zone', title: 'To zone' },
        { name: 'engine', title: 'Engine' },
        { name: 'policy', title: 'Policy' },
        { name: 'gateway', title: 'Gateway' },
        { name: 'Value', title: 'Denials', width: 110, sort: 'desc' },
      ],
      queries: [
        {
          expr: eventsInRange('policy_decisions', 'gateway, engine, policy, source_zone, destination_zone', denied),
        },
      ],
    },
  ],
}

function fixedColour(fixedColor: string) {
  return { id: 'color', value: { mode: 'fixed', fixedColor } }
}
