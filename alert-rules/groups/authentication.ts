import { greatest, grown, held } from '../../promql/build.ts'
import type { RuleGroup } from '../rule.ts'
import { count, knownOfAddress, mostFrom, offender, place } from '../text.ts'
import type { Values } from '../values.ts'

const offenders = (signal: string) =>
  greatest(
    'gateway, trust_zone, source_ip',
    held(`clawtrust_offender_events{signal="${signal}",source_ip!="__overflow__"}`),
  )

/** Failed authentications, and successes of first-seen entities. */
export const authentication = ({ authentication: values }: Values): RuleGroup => ({
  name: 'clawtrust-authentication',
  dashboard: 'authentication',
  rules: [
    {
      alert: 'ClawtrustBruteForce',
      expr: `${offenders('auth_failures')} >= ${values.failures_of_one_address}`,
      severity: 'critical',
      playbook: 'brute-force',
      summary: 'One address fails to sign in repeatedly.',
      description: `${offender} was refused ${count} times in 5 minutes ${place}.${knownOfAddress} The playbook brute-force decides on a block: run clawtrust remediation list, and check whether an attempt succeeded. A client of your own with an outdated secret looks the same.`,
      controls: ['AC-7', 'SI-4'],
    },
    {
      alert: 'ClawtrustAuthSpray',
      expr: `${offenders('auth_sprays')} >= 1`,
      severity: 'critical',
      playbook: 'brute-force',
      summary: 'One address tries many identities.',
      description: `${offender} tried at least 10 identities in 15 minutes ${place}.${knownOfAddress} The playbook brute-force decides on a block: run clawtrust remediation list, and check whether one of the identities signed in.`,
      controls: ['AC-7', 'AU-6', 'SI-4'],
    },
    {
      alert: 'ClawtrustAddressUnknown',
      expr: `${greatest('gateway, trust_zone, reason', `sum without (signal) (${grown('clawtrust_unknown_address_events_total', '15m')})`)} >= ${values.unknown_addresses_in_15m}`,
      severity: 'warning',
      summary: 'Refused clients have no source address.',
      description: `${count} attempts were refused in 15 minutes ${place} from clients whose address is unknown ({{ $labels.reason }}): they are not among the offenders, and no playbook can block them. Have the proxy overwrite X-Forwarded-For, and look for the client in the log of the proxy; for console_text, set logging.consoleStyle to json at the gateway; for forgeable_text, have Keycloak log as JSON.`,
      controls: ['AC-7', 'AU-3', 'SI-4'],
    },
    {
      alert: 'ClawtrustAuthFailuresHigh',
      expr: `${greatest('gateway, trust_zone, mechanism', `sum without (reason) (${grown('clawtrust_auth_failures_total', '5m')})`)} >= ${values.failures_in_5m}`,
      severity: 'warning',
      summary: 'Many authentications fail.',
      description: `${count} authentications by {{ $labels.mechanism }} failed in 5 minutes ${place}. If no single address dominates, the cause is a distributed attack or a roll-out that broke clients: check the last change first.${mostFrom('auth_failures')}`,
      controls: ['AC-7', 'AU-6', 'IA-2'],
    },
    {
      alert: 'ClawtrustAuthLockouts',
      expr: `${greatest('gateway, trust_zone, mechanism', grown('clawtrust_auth_lockouts_total', '15m'))} >= ${values.lockouts_in_15m}`,
      severity: 'warning',
      summary: 'Clients are locked out.',
      description: `${count} attempts by {{ $labels.mechanism }} were refused by a rate limit or a lockout in 15 minutes ${place}; a valid credential is refused too. Find the client that retries before you raise the limit.${mostFrom('auth_lockouts')}`,
      controls: ['AC-7', 'SI-4'],
    },
    {
      alert: 'ClawtrustFirstSeenSuccess',
      expr: `${greatest('gateway, trust_zone', grown('clawtrust_first_seen_successes_total', '15m'))} > 0`,
      severity: 'warning',
      summary: 'A first-seen address has signed in.',
      description: `A sign-in ${place} came from an address without a success in the preceding 30 days. Ask the owner of the account; if the sign-in is not theirs, revoke the session and rotate the secret.`,
      controls: ['AC-2', 'AU-6', 'IA-2'],
    },
    {
      alert: 'ClawtrustNewEntities',
      expr: `${greatest('gateway, trust_zone, entity', grown('clawtrust_first_seen_entities_total{entity!="zone_pair"}', '1h'))} >= ${values.new_entities_in_1h}`,
      severity: 'warning',
      summary: 'Many first-seen entities.',
      description: `${count} entities of kind {{ $labels.entity }} were first seen in 1 hour ${place}. If all of them fail to sign in, it is an attack; if they succeed, a roll-out.`,
      dashboard: 'posture',
      controls: ['AU-6', 'SI-4'],
    },
  ],
})
