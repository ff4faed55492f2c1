import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { eventsInRange, eventsPerSecond } from '../promql.ts'

export const policy: DashboardDefinition = {
  name: 'policy',
  title: 'Policy and flows',
  description: 'Which zone reaches for which, and what the policy engines say to it.',
  variables: domainVariables,
  panels: [
    {
      kind: 'flows',
      title: 'Decisions from zone to zone',
      description: 'Allowed and denied requests of the shown time by source and destination zone.',
      unit: 'short',
      span: 24,
      queries: [{ expr: eventsInRange('policy_decisions', 'source_zone, destination_zone, decision') }],
    },
    {
      kind: 'timeseries',
      title: 'Decisions',
      description:
        'Decisions a second. More denials with the same policy mean another behaviour; after a change, another policy.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('policy_decisions', 'decision'), legend: '{{decision}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Denials by engine',
      description: 'Denials a second by the engine that spoke them.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('policy_decisions', 'engine', 'decision="deny"'), legend: '{{engine}}' }],
    },
    {
      kind: 'table',
      title: 'Denials in this time',
      description:
        'Which policy denied what between which zones. A pair that nobody expects is lateral movement or a missing rule.',
      unit: 'short',
      span: 24,
      queries: [
        {
          expr: eventsInRange(
            'policy_decisions',
            'gateway, engine, policy, source_zone, destination_zone',
            'decision="deny"',
          ),
        },
      ],
    },
  ],
}
