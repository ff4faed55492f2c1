import { greatest } from '../../promql/build.ts'
import { type DashboardDefinition, domainVariables } from '../dashboard.ts'
import { domainSelector, eventsInRange, eventsPerMinute, perMinute } from '../promql.ts'
import { expirySteps, severityColours } from '../steps.ts'

export const posture: DashboardDefinition = {
  name: 'posture',
  title: 'Posture',
  description: 'Changes of configuration, devices, plugins and certificates.',
  variables: domainVariables,
  panels: [
    {
      kind: 'parts',
      title: 'Drifts by severity',
      description: 'Changes per minute by severity; changes of severity high and critical weaken the gateway.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('posture_drifts', 'severity'), legend: '{{severity}}' }],
      overrides: Object.entries(severityColours).map(([severity, fixedColor]) => ({
        matcher: { id: 'byName', options: severity },
        properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
      })),
    },
    {
      kind: 'parts',
      title: 'Drifts by kind',
      description: 'Changes per minute by kind. An unplanned change is a finding.',
      unit: 'cpm',
      span: 12,
      queries: [{ expr: eventsPerMinute('posture_drifts', 'kind'), legend: '{{kind}}' }],
    },
    {
      kind: 'table',
      title: 'Drifts in the time range',
      description: 'Changes in the time range: compare them with the planned changes.',
      unit: 'short',
      decimals: 0,
      span: 24,
      height: 9,
      columns: [
        { name: 'severity', title: 'Severity', width: 100, coloured: 'severity' },
        { name: 'kind', title: 'Kind' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'gateway', title: 'Gateway' },
        { name: 'Value', title: 'Changes', width: 110, sort: 'desc' },
      ],
      queries: [{ expr: eventsInRange('posture_drifts', 'gateway, trust_zone, kind, severity') }],
    },
    {
      kind: 'table',
      title: 'Open findings',
      description:
        'Findings of the newest valid posture snapshots. None is good only where the snapshots beside are valid.',
      unit: 'short',
      decimals: 0,
      span: 12,
      columns: [
        { name: 'severity', title: 'Severity', width: 100, coloured: 'severity' },
        { name: 'check', title: 'Check' },
        { name: 'gateway', title: 'Gateway', width: 120 },
        { name: 'trust_zone', title: 'Trust zone', width: 120 },
        { name: 'Value', title: 'Findings', width: 90, sort: 'desc' },
      ],
      queries: [
        { expr: greatest('gateway, trust_zone, check, severity', domainSelector('clawtrust_posture_findings')) },
      ],
    },
    {
      kind: 'table',
      title: 'Posture snapshots',
      description: 'Time since the newest snapshot of each producer. A posture without a valid snapshot is unknown.',
      unit: 's',
      span: 12,
      columns: [
        { name: 'producer', title: 'Producer' },
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'Value', title: 'Age', width: 140, sort: 'desc' },
      ],
      queries: [
        {
          expr: `time() - ${greatest('gateway, trust_zone, producer', domainSelector('clawtrust_posture_snapshot_timestamp_seconds'))}`,
        },
      ],
    },
    {
      kind: 'table',
      title: 'Identities',
      description:
        'Accounts of identity providers and tokens of devices, by whether they are in use. Unknown: no record proves either.',
      unit: 'short',
      span: 12,
      columns: [
        { name: 'kind', title: 'Kind' },
        { name: 'usage', title: 'Usage' },
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'Value', title: 'Identities', width: 110, sort: 'desc' },
      ],
      queries: [
        { expr: `${greatest('gateway, trust_zone, kind, usage', domainSelector('clawtrust_identities'))} > 0` },
      ],
    },
    {
      kind: 'table',
      title: 'Certificate expiry',
      description:
        'Time until certificates expire that clients presented to the proxy, or that are watched in a place, shortest first. Renew those with less than two weeks.',
      unit: 's',
      span: 12,
      steps: expirySteps,
      columns: [
        { name: 'subject', title: 'Subject' },
        { name: 'place', title: 'Place' },
        { name: 'gateway', title: 'Gateway', width: 120 },
        { name: 'trust_zone', title: 'Trust zone', width: 120 },
        { name: 'Value', title: 'Time left', width: 120, sort: 'asc', coloured: 'threshold' },
      ],
      queries: [
        {
          expr: `${greatest('gateway, trust_zone, subject, place', domainSelector('clawtrust_certificate_expiry_timestamp_seconds'))} - time()`,
        },
      ],
    },
    {
      kind: 'table',
      title: 'Tunnels',
      description:
        'Time since the last handshake of each WireGuard peer, longest first. With traffic it is at most two minutes; a peer without anything to send makes none.',
      unit: 's',
      span: 12,
      columns: [
        { name: 'peer', title: 'Peer' },
        { name: 'gateway', title: 'Gateway' },
        { name: 'trust_zone', title: 'Trust zone' },
        { name: 'Value', title: 'Since', width: 120, sort: 'desc' },
      ],
      queries: [
        {
          expr: `time() - ${greatest('gateway, trust_zone, peer', domainSelector('clawtrust_tunnel_last_handshake_timestamp_seconds'))}`,
        },
      ],
    },
    {
      kind: 'lines',
      title: 'First-seen entities',
      description:
        'Addresses, identities, devices and pairs of zones per minute that a gateway had not seen in the 30 days before.',
      unit: 'cpm',
      span: 12,
      queries: [
        {
          expr: `sum by (entity) (${perMinute('gateway, trust_zone, entity', domainSelector('clawtrust_first_seen_entities_total'))})`,
          legend: '{{entity}}',
        },
      ],
    },
  ],
}
