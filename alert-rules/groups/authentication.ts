import { greatest, grown, held } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

const offenders = (signal: string) =>
  greatest(
    'gateway, trust_zone, source_ip',
    held(`clawtrust_offender_events{signal="${signal}",source_ip!="__overflow__"}`),
  )

/** Who tries to get in, and who got in for the first time. */
export const authentication = ({ authentication: values }: Values): RuleGroup => ({
  name: 'clawtrust-authentication',
  rules: [
    {
      alert: 'ClawtrustBruteForce',
      expr: `${offenders('auth_failures')} >= ${values.failures_of_one_address}`,
      severity: 'critical',
      playbook: 'brute-force',
      summary: 'One address fails to sign in again and again.',
      description:
        '{{ $labels.source_ip }} was refused {{ $value | humanize }} times in 5 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AC-7', 'SI-4'],
    },
    {
      alert: 'ClawtrustAuthSpray',
      expr: `${offenders('auth_sprays')} >= 1`,
      severity: 'critical',
      playbook: 'brute-force',
      summary: 'One address tries many identities.',
      description:
        '{{ $labels.source_ip }} tried at least 10 identities in 15 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AC-7', 'AU-6', 'SI-4'],
    },
    {
      alert: 'ClawtrustAuthFailuresHigh',
      expr: `${greatest('gateway, trust_zone, mechanism', `sum without (reason) (${grown('clawtrust_auth_failures_total', '5m')})`)} >= ${values.failures_in_5m}`,
      severity: 'warning',
      summary: 'Authentications fail in large number.',
      description:
        '{{ $value | humanize }} authentications by {{ $labels.mechanism }} failed in 5 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AC-7', 'AU-6', 'IA-2'],
    },
    {
      alert: 'ClawtrustAuthLockouts',
      expr: `${greatest('gateway, trust_zone, mechanism', grown('clawtrust_auth_lockouts_total', '15m'))} >= ${values.lockouts_in_15m}`,
      severity: 'warning',
      summary: 'Clients are locked out.',
      description:
        '{{ $value | humanize }} attempts by {{ $labels.mechanism }} were refused by a rate limit in 15 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}; the right credential is refused too.',
      controls: ['AC-7', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirstSeenSuccess',
      expr: `${greatest('gateway, trust_zone', grown('clawtrust_first_seen_successes_total', '15m'))} > 0`,
      severity: 'warning',
      summary: 'Somebody signed in from an address that never did before.',
      description:
        'Gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, let in an address that had no success in the 30 days before.',
      controls: ['AC-2', 'AU-6', 'IA-2'],
    },
    {
      alert: 'ClawtrustNewEntities',
      expr: `${greatest('gateway, trust_zone, entity', grown('clawtrust_first_seen_entities_total{entity!="zone_pair"}', '1h'))} >= ${values.new_entities_in_1h}`,
      severity: 'warning',
      summary: 'Unusually many newcomers are seen.',
      description:
        '{{ $value | humanize }} new entities of kind {{ $labels.entity }} appeared in an hour at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AU-6', 'SI-4'],
    },
  ],
})
