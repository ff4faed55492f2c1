import { greatest, grown, held } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, mostFrom, place } from '../text.ts'
import type { Values } from '../values.ts'
import { OF_CERTIFICATES, OF_TUNNELS } from './transport.ts'

const UPGRADES = 'role_upgrade|scope_upgrade'
/** Drifts that a guard beside the gateway reports of itself. */
const OF_GUARDS = 'guard_.+'
/** States of a guard in which it does not do what it is there for. */
const NOT_IN_PATH = 'silent|degraded|fail_open|other_mode|other_version'
const OF_GUARD = 'gateway, trust_zone, guard'
const INTEGRITY = 'integrity_drift|config_anomaly'

const drifts = (labels: string, matchers: string) =>
  `${greatest(labels, `sum without (severity) (${grown(`clawtrust_posture_drifts_total{${matchers}}`, '15m')})`)} > 0`

const identityFindings = (checks: string) =>
  `${greatest('gateway, trust_zone, check', held(`clawtrust_posture_findings{check=~"${checks}"}`, '3m'))} > 0`

/** Changes of configuration, devices and permissions, denials, and first-seen pairs of zones. */
export const posture = ({ policy }: Values): RuleGroup => ({
  name: 'clawtrust-posture-and-policy',
  dashboard: 'posture',
  rules: [
    {
      alert: 'ClawtrustPrivilegeUpgrade',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${UPGRADES}"`),
      severity: 'critical',
      summary: 'A paired device requests more rights.',
      description: `A paired device requested a {{ $labels.kind }} ${place}. Ask its owner; if the request is not theirs, reject it and revoke the token of the device.`,
      controls: ['AC-6', 'IA-3'],
    },
    {
      alert: 'ClawtrustIntegrityDrift',
      expr: drifts('gateway, trust_zone, kind', `kind=~"${INTEGRITY}"`),
      severity: 'critical',
      summary: 'OpenClaw reports an integrity violation.',
      description: `OpenClaw reports {{ $labels.kind }} ${place}: a file differs from what OpenClaw wrote or installed. Unless your team changed it, treat the machine as compromised.`,
      controls: ['CM-3', 'SI-7'],
    },
    {
      alert: 'ClawtrustPostureDrift',
      expr: drifts(
        'gateway, trust_zone, kind',
        `severity=~"high|critical",kind!~"${UPGRADES}|${INTEGRITY}|${OF_GUARDS}|${OF_CERTIFICATES}|${OF_TUNNELS}"`,
      ),
      severity: 'warning',
      summary: 'The security posture has changed.',
      description: `A change of kind {{ $labels.kind }} and severity high or critical was reported ${place}: the gateway or the identity provider may be less secure now. Compare with the change calendar, and revert unplanned changes.`,
      controls: ['CM-3', 'CM-6'],
    },
    {
      alert: 'ClawtrustGuardDrift',
      expr: drifts('gateway, trust_zone, kind', `severity=~"high|critical",kind=~"${OF_GUARDS}"`),
      severity: 'warning',
      summary: 'A guard beside a gateway reports that it protects less.',
      description: `A guard reports {{ $labels.kind }} with severity high or critical ${place}: it runs without a part of its protection, lets requests pass without inspection, rejects its policy, or has found something. Read its own log of that minute, and correct the cause before you trust its decisions.`,
      controls: ['CM-3', 'SI-4', 'SI-7'],
    },
    {
      alert: 'ClawtrustGuardNotInPath',
      expr: `${greatest(`${OF_GUARD}, state`, held(`clawtrust_guard_state{state=~"${NOT_IN_PATH}"}`))} == 1 and on (${OF_GUARD}) ${greatest(OF_GUARD, held('clawtrust_guard_busy'))} == 1`,
      severity: 'critical',
      summary: 'Agents act without their guard.',
      description: `The agents of a gateway act while its guard {{ $labels.guard }} is {{ $labels.state }} ${place}: what they do is not inspected, or not as you expect. Stop the agents until the guard enforces again.`,
      dashboard: 'policy',
      controls: ['AC-4', 'SC-7', 'SI-4'],
    },
    {
      alert: 'ClawtrustPostureFindings',
      expr: `${greatest('gateway, trust_zone, check', held('clawtrust_posture_findings{severity="critical"}', '3m'))} > 0`,
      severity: 'warning',
      summary: 'A critical finding is open.',
      description: `The newest posture snapshot has a critical finding of the check {{ $labels.check }} ${place}. Fix it, or accept it with a reason and an end.`,
      controls: ['CM-6', 'RA-5'],
    },
    {
      alert: 'ClawtrustPostureUnknown',
      expr: `${greatest('gateway, trust_zone, producer', held('clawtrust_posture_snapshot_valid', '3m'))} == 0`,
      severity: 'warning',
      summary: 'The posture of a gateway is unknown.',
      description: `No snapshot of {{ $labels.producer }} has come for longer than posture.max_age ${place}: findings may have opened unnoticed. Check the source that runs it, or the scheduler that writes it.`,
      controls: ['CA-7', 'CM-6'],
    },
    {
      alert: 'ClawtrustDeviceUntrusted',
      expr: `${greatest('gateway, trust_zone, device', held('clawtrust_device_untrusted', '3m'))} == 1`,
      severity: 'warning',
      summary: 'A device does not meet the requirements.',
      description: `The device {{ $labels.device }}, read ${place}, does not meet posture.device_requirements. Keep it away from the agents until it does: the page shows what is missing.`,
      controls: ['CM-6', 'IA-3'],
    },
    {
      alert: 'ClawtrustIdentityTooWide',
      expr: identityFindings('identity.scope_wide|identity.unknown_role'),
      severity: 'warning',
      summary: 'An identity may do more than its role.',
      description: `${count} findings {{ $labels.check }} are open ${place}: accounts or tokens hold scopes that identity_roles does not allow, or have no role there. The page and clawtrust posture list name them; take back what they do not need.`,
      controls: ['AC-2', 'AC-6'],
    },
    {
      alert: 'ClawtrustIdentityStale',
      expr: identityFindings('identity.unused|identity.secret_old'),
      severity: 'info',
      summary: 'An identity is unused, or its secret is old.',
      description: `${count} findings {{ $labels.check }} are open ${place}: accounts or tokens that were not used for identities.unused_after, or whose secrets are older than identities.secret_max_age. The page and clawtrust posture list name them; disable them, or set new secrets.`,
      controls: ['AC-2', 'IA-5'],
    },
    {
      alert: 'ClawtrustPolicyDenials',
      expr: `${greatest('gateway, trust_zone, engine', `sum without (policy, source_zone, destination_zone) (${grown('clawtrust_policy_decisions_total{decision="deny"}', '5m')})`)} >= ${policy.denials_in_5m}`,
      severity: 'warning',
      summary: 'A policy engine denies many requests.',
      description: `{{ $labels.engine }} denied ${count} requests in 5 minutes ${place}. Hostile content controls an agent, a device probes its permissions, or the policy is too strict: find the session and stop it.${mostFrom('policy_decisions')}`,
      dashboard: 'policy',
      controls: ['AC-3', 'AC-4', 'AC-6'],
    },
    {
      alert: 'ClawtrustZonePairFirstSeen',
      expr: `${greatest('gateway, trust_zone', grown('clawtrust_first_seen_entities_total{entity="zone_pair"}', '15m'))} > 0`,
      severity: 'info',
      summary: 'A first-seen pair of trust zones.',
      description: `Two zones communicated for the first time in 30 days ${place}: the cause is a new integration or lateral movement. The dashboard shows the pair and the decision.`,
      dashboard: 'policy',
      controls: ['AC-4', 'SC-7'],
    },
  ],
})
