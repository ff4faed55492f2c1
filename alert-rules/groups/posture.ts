import { greatest, grown } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'

const UPGRADES = 'role_upgrade|scope_upgrade'
const INTEGRITY = 'integrity_drift|config_anomaly'

const drifts = (labels: string, matchers: string) =>
  `${greatest(labels, `sum without (severity) (${grown(`clawtrust_posture_drifts_total{${matchers}}`, '15m')})`)} > 0`

/** What changed about configuration, devices and rights, what was denied, and who spoke to whom for the first time. */
export const posture = ({ policy }: Values): RuleGroup => ({
  name: 'clawtrust-posture-and-policy',
  dashboard: 'posture',
  rules: [
    {
      alert: 'ClawtrustPrivilegeUpgrade',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${UPGRADES}"`),
      severity: 'critical',
      summary: 'A known device asks for more rights.',
      description: `A device that is paired asked for a {{ $labels.kind }} ${place}. Ask its owner; if it was not them, reject the request and revoke the token of the device.`,
      controls: ['AC-6', 'IA-3'],
    },
    {
      alert: 'ClawtrustIntegrityDrift',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${INTEGRITY}"`),
      severity: 'critical',
      summary: 'Something was changed that should not change.',
      description: `OpenClaw reports {{ $labels.kind }} ${place}: a file is not what it was when OpenClaw wrote or installed it. Unless a person of yours did it, treat the machine as compromised.`,
      controls: ['CM-3', 'SI-7'],
    },
    {
      alert: 'ClawtrustPostureDrift',
      expr: drifts('gateway, trust_zone, kind', `severity=~"high|critical",kind!~"${UPGRADES}|${INTEGRITY}"`),
      severity: 'warning',
      summary: 'The security posture of a gateway has changed.',
      description: `OpenClaw reports a change of kind {{ $labels.kind }} and severity high or critical ${place}: it may be weaker now. Compare with the change calendar, and undo what nobody planned.`,
      controls: ['CM-3', 'CM-6'],
    },
    {
      alert: 'ClawtrustPolicyDenials',
      expr: `${greatest('gateway, trust_zone, engine', `sum without (policy, source_zone, destination_zone) (${grown('clawtrust_policy_decisions_total{decision="deny"}', '5m')})`)} >= ${policy.denials_in_5m}`,
      severity: 'warning',
      summary: 'A policy engine denies in large number.',
      description: `{{ $labels.engine }} denied ${count} requests in 5 minutes ${place}. An agent is led by hostile content, a device probes, or the policy is too tight: find the session behind it and stop it.${mostFrom('policy_decisions')}`,
      dashboard: 'policy',
      controls: ['AC-3', 'AC-4', 'AC-6'],
    },
    {
      alert: 'ClawtrustZonePairFirstSeen',
      expr: `${greatest('gateway, trust_zone', grown('clawtrust_first_seen_entities_total{entity="zone_pair"}', '15m'))} > 0`,
      severity: 'info',
      summary: 'Two trust zones met for the first time.',
      description: `Two zones met ${place}, that had not in the 30 days before: a new integration, or somebody who moves through the network. The dashboard tells which, and whether it was allowed.`,
      dashboard: 'policy',
      controls: ['AC-4', 'SC-7'],
    },
  ],
})
