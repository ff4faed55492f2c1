import { greatest, grown } from '../promql.ts'
import type { RuleGroup } from '../rule.ts'
import type { Values } from '../values.ts'

const UPGRADES = 'role_upgrade|scope_upgrade'
const INTEGRITY = 'integrity_drift|config_anomaly'

const drifts = (labels: string, matchers: string) =>
  `${greatest(labels, `sum without (severity) (${grown(`clawtrust_posture_drifts_total{${matchers}}`, '15m')})`)} > 0`

/** What changed about configuration, devices and rights, what was denied, and who spoke to whom for the first time. */
export const posture = ({ policy }: Values): RuleGroup => ({
  name: 'clawtrust-posture-and-policy',
  rules: [
    {
      alert: 'ClawtrustPrivilegeUpgrade',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${UPGRADES}"`),
      severity: 'critical',
      summary: 'A known device asks for more rights.',
      description:
        'A device asked for a {{ $labels.kind }} at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AC-6', 'IA-3'],
    },
    {
      alert: 'ClawtrustIntegrityDrift',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${INTEGRITY}"`),
      severity: 'critical',
      summary: 'Something was changed that should not change.',
      description: 'Gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, reports {{ $labels.kind }}.',
      controls: ['CM-3', 'SI-7'],
    },
    {
      alert: 'ClawtrustPostureDrift',
      expr: drifts('gateway, trust_zone, kind', `severity=~"high|critical",kind!~"${UPGRADES}|${INTEGRITY}"`),
      severity: 'warning',
      summary: 'The security posture of a gateway has changed.',
      description:
        'Gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}, reports a grave change of kind {{ $labels.kind }}.',
      controls: ['CM-3', 'CM-6'],
    },
    {
      alert: 'ClawtrustPolicyDenials',
      expr: `${greatest('gateway, trust_zone, engine', `sum without (policy, source_zone, destination_zone) (${grown('clawtrust_policy_decisions_total{decision="deny"}', '5m')})`)} >= ${policy.denials_in_5m}`,
      severity: 'warning',
      summary: 'A policy engine denies in large number.',
      description:
        '{{ $labels.engine }} denied {{ $value | humanize }} requests in 5 minutes at gateway {{ $labels.gateway }}, trust zone {{ $labels.trust_zone }}.',
      controls: ['AC-3', 'AC-4', 'AC-6'],
    },
    {
      alert: 'ClawtrustZonePairFirstSeen',
      expr: `${greatest('gateway, trust_zone', grown('clawtrust_first_seen_entities_total{entity="zone_pair"}', '15m'))} > 0`,
      severity: 'info',
      summary: 'Two trust zones met for the first time.',
      description:
        'At gateway {{ $labels.gateway }}, a trust zone reached {{ $labels.trust_zone }} that had not in the 30 days before.',
      controls: ['AC-4', 'SC-7'],
    },
  ],
})
