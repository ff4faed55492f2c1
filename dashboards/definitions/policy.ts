import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerMinute } from '../promql.ts'
import { flows } from './trust-map.ts'

const pairs = (zone: string) => `label_values(${domainSelector('clawtrust_policy_decisions_total')}, ${zone})`
/** The matrix shows every pair; what stands below it follows the chosen one. */
const ofPair = 'source_zone=~"$source_zone",destination_zone=~"$destination_zone"'
const denied = `${ofPair},decision="deny"`

export const policy: DashboardDefinition = {
  name: 'policy',
  title: 'Policy and flows',
  description: 'Which zone reaches for which, and what the policy engines say to it.',
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
        'Decisions a minute of the chosen zones. More denials with the same policy mean another behaviour; after a change, another policy.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('policy_decisions', 'decision', ofPair), legend: '{{decision}}' }],
      overrides: [
        { matcher: { id: 'byName', options: 'allow' }, properties: [fixedColour('blue')] },
        { matcher: { id: 'byName', options: 'deny' }, properties: [fixedColour('red')] },
      ],
    },
    {
      kind: 'parts',
      title: 'Denials by engine',
      description: 'Denials a minute by the engine that spoke them.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('policy_decisions', 'engine', denied), legend: '{{engine}}' }],
    },
    {
      kind: 'table',
      title: 'Denials in this time',
      description:
        'Which policy denied what between which zones. A pair that nobody expects is lateral movement or a missing rule.',
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
