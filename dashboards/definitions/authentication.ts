import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerSecond, greatest } from '../promql.ts'

export const authentication: DashboardDefinition = {
  name: 'authentication',
  title: 'Authentication',
  description: 'Who was refused, why, where from, and who got in.',
  variables: domainVariables,
  panels: [
    {
      kind: 'timeseries',
      title: 'Failures by reason',
      description:
        'Failed authentications a second. One reason that rises alone is a broken client; many at once are a search.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('auth_failures', 'reason'), legend: '{{reason}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Failures by trust zone',
      description: 'Failed authentications a second. A zone that never fails and now does is where to look.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('auth_failures', 'trust_zone'), legend: '{{trust_zone}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Lockouts by mechanism',
      description: 'Attempts a second that were refused by a limit, whether or not the credential was right.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('auth_lockouts', 'mechanism'), legend: '{{mechanism}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Successes by mechanism',
      description:
        'Successful authentications a second, where a source reports them: the security events, not the log.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('auth_successes', 'mechanism'), legend: '{{mechanism}}' }],
    },
    {
      kind: 'table',
      title: 'Failures in this time',
      description: 'Failed authentications of the shown time, by gateway, trust zone, mechanism and reason.',
      unit: 'short',
      span: 12,
      queries: [{ expr: eventsInRange('auth_failures', 'gateway, trust_zone, mechanism, reason') }],
    },
    {
      kind: 'table',
      title: 'Addresses with most refusals',
      description:
        'Refused attempts of the last window, of addresses that may be trusted. Others could be forged, and are not shown.',
      unit: 'short',
      span: 12,
      queries: [
        {
          expr: greatest(
            'gateway, trust_zone, source_ip, signal',
            domainSelector('clawtrust_offender_events', 'source_ip!="__overflow__"'),
          ),
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Refused client certificates',
      description:
        'Handshakes a second that the proxy refused, by reason. An expired certificate is renewed; an untrusted issuer is an intruder or a wrong file.',
      unit: 'cps',
      span: 12,
      queries: [{ expr: eventsPerSecond('mtls_handshake_failures', 'reason'), legend: '{{reason}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Sprays and first-seen successes',
      description: 'Addresses that began to try many identities, and successes from addresses without one in 30 days.',
      unit: 'cps',
      span: 12,
      queries: [
        { expr: eventsPerSecond('auth_sprays', 'trust_zone'), legend: 'sprays {{trust_zone}}' },
        { expr: eventsPerSecond('first_seen_successes', 'trust_zone'), legend: 'first seen {{trust_zone}}' },
      ],
    },
  ],
}
