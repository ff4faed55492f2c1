import { greatest, selector } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerMinute, ofJob } from '../promql.ts'

const offenders = domainSelector('clawtrust_offender_events', 'source_ip!="__overflow__"')
const OF_OFFENDER = 'gateway, trust_zone, source_ip, signal'
const refusals = `topk(50, ${greatest(OF_OFFENDER, `max_over_time(${offenders}[$__range])`)} > 0)`

/** Labels that are known of an address, and the series that has them. */
interface KnownLabels {
  readonly labels: string
  readonly selected: string
}

const info: KnownLabels = {
  labels: 'country, asn, as_organization',
  selected: selector('clawtrust_offender_info', ofJob, 'source_ip!="__overflow__"'),
}
const listed: KnownLabels = {
  labels: 'list',
  selected: selector('clawtrust_offender_threat_list', ofJob, 'verdict="malicious"', 'source_ip!="__overflow__"'),
}

/** Rows with these labels of their address, where it has some; of several, by replicas or lists, one. */
function withKnown(rows: string, { labels, selected }: KnownLabels): string {
  const known = greatest(`source_ip, ${labels}`, `last_over_time(${selected}[$__range])`)
  return `(${rows}) * on (source_ip) group_left (${labels}) topk by (source_ip) (1, ${known}) or on (${OF_OFFENDER}) (${rows})`
}

export const authentication: DashboardDefinition = {
  name: 'authentication',
  title: 'Authentication',
  description: 'Failures by reason, trust zone and address, lockouts and successes.',
  variables: domainVariables,
  panels: [
    {
      kind: 'parts',
      title: 'Failures by reason',
      description:
        'Failed authentications per minute. A rise of one reason is a broken client; a rise of many is an attack.',
      unit: 'cpm',
      span: 12,
      height: 9,
      queries: [{ expr: eventsPerMinute('auth_failures', 'reason'), legend: '{{reason}}' }],
    },
    {
      kind: 'parts',
      title: 'Failures by trust zone',
      description: 'Failed authentications per minute. Check zones that had no failures before.',
      unit: 'cpm',
      span: 12,
      height: 9,
      queries: [
        { expr: eventsPerMinute('auth_failures', 'trust_zone, mechanism'), legend: '{{trust_zone}} {{mechanism}}' },
      ],
    },
    {
      kind: 'lines',
      title: 'Lockouts by mechanism',
      description: 'Attempts per minute that a rate limit refused, whether or not the credential was valid.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('auth_lockouts', 'mechanism'), legend: '{{mechanism}}' }],
    },
    {
      kind: 'lines',
      title: 'Successes by mechanism',
      description:
        'Successful authentications per minute, where a source reports them: security events and identity providers, not the log.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('auth_successes', 'mechanism'), legend: '{{mechanism}}' }],
    },
    {
      kind: 'table',
      title: 'Failures in the time range',
      description: 'Failed authentications in the time range, by gateway, trust zone, mechanism and reason.',
      unit: 'short',
      decimals: 0,
      span: 12,
      height: 9,
      columns: [
        { name: 'gateway', title: 'Gateway', width: 130 },
        { name: 'trust_zone', title: 'Trust zone', width: 120 },
        { name: 'mechanism', title: 'Mechanism', width: 120 },
        { name: 'reason', title: 'Reason' },
        { name: 'Value', title: 'Failures', width: 90, sort: 'desc' },
      ],
      queries: [{ expr: eventsInRange('auth_failures', 'gateway, trust_zone, mechanism, reason') }],
    },
    {
      kind: 'lines',
      title: 'Refused client certificates',
      description:
        'Handshakes per minute that the proxy refused, by reason. Renew an expired certificate; an untrusted issuer is an intruder or a wrong file.',
      unit: 'cpm',
      span: 12,
      height: 9,
      queries: [{ expr: eventsPerMinute('mtls_handshake_failures', 'reason'), legend: '{{reason}}' }],
    },
    {
      kind: 'table',
      title: 'Addresses with the most refusals',
      description:
        'Refused attempts in the worst window of the time range, of trusted addresses. Other addresses may be forged and are not shown. Country, autonomous system and one threat list by the files of exporter.enrichment; a network has those of its first address.',
      unit: 'short',
      decimals: 0,
      span: 24,
      height: 9,
      columns: [
        { name: 'source_ip', title: 'Address', width: 170 },
        { name: 'country', title: 'Country', width: 80 },
        { name: 'asn', title: 'AS', width: 90 },
        { name: 'as_organization', title: 'AS organization' },
        { name: 'list', title: 'Threat list', width: 140 },
        { name: 'signal', title: 'Signal', minWidth: 190 },
        { name: 'trust_zone', title: 'Trust zone', width: 140 },
        { name: 'gateway', title: 'Gateway', width: 140 },
        { name: 'Value', title: 'Refusals', width: 90, sort: 'desc' },
      ],
      queries: [
        {
          expr: withKnown(withKnown(refusals, listed), info),
        },
      ],
    },
    {
      kind: 'lines',
      title: 'Sprays and first-seen successes',
      description:
        'Addresses per minute that began to try many identities, and successes from first-seen addresses. Both close together suggest a compromised account.',
      unit: 'cpm',
      span: 24,
      queries: [
        { expr: eventsPerMinute('auth_sprays', 'trust_zone'), legend: 'sprays {{trust_zone}}' },
        { expr: eventsPerMinute('first_seen_successes', 'trust_zone'), legend: 'first-seen successes {{trust_zone}}' },
      ],
    },
  ],
}
