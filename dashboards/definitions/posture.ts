import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerSecond, greatest } from '../promql.ts'

export const posture: DashboardDefinition = {
  name: 'posture',
  title: 'Posture',
  description: 'What changed in configuration, devices, plugins and certificates.',
  variables: domainVariables,
  panels: [
    {
      kind: 'timeseries',
      title: 'Drifts by kind',
      description: 'Changes a second. A change that nobody planned is a finding.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('posture_drifts', 'kind'), legend: '{{kind}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Drifts by severity',
      description: 'Changes a second by how grave they are; high and critical ones weaken the gateway.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('posture_drifts', 'severity'), legend: '{{severity}}' }],
    },
    {
      kind: 'table',
      title: 'Drifts in this time',
      description: 'Changes of the shown time: compare them with the list of what was planned.',
      unit: 'short',
      span: 24,
      queries: [{ expr: eventsInRange('posture_drifts', 'gateway, trust_zone, kind, severity') }],
    },
    {
      kind: 'table',
      title: 'Certificates until they expire',
      description:
        'Time left of the certificates that clients showed to the proxy. Renew what has less than two weeks.',
      unit: 's',
      span: 12,
      queries: [
        {
          expr: `${greatest('gateway, trust_zone, subject', domainSelector('clawtrust_certificate_expiry_timestamp_seconds'))} - time()`,
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'First-seen entities',
      description: 'Addresses, identities, devices and pairs of zones a second that a gateway had not seen in 30 days.',
      unit: 'cps',
      span: 12,
      queries: [
        {
          expr: `sum by (entity) (${greatest('gateway, trust_zone, entity', `rate(${domainSelector('clawtrust_first_seen_entities_total')}[$__rate_interval])`)})`,
          legend: '{{entity}}',
        },
      ],
    },
  ],
}
