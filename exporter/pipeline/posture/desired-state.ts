import type { DesiredState } from '../../../core/config/posture.ts'
import type { Severity } from '../../../core/labels/event.ts'
import type { FactName } from '../../../core/labels/posture.ts'
import type { PostureCheck } from '../../../core/labels/posture-checks.ts'
import type { TextMatcher } from '../../../core/trust-zones.ts'
import { isOlderVersion } from '../../../core/versions.ts'
import { distinctFindings, type Finding, type PostureFacts } from '../../../decoding/toolkit/posture.ts'

/** Differences in a value; the first is what is required, for people. */
type Compare = (values: readonly string[]) => readonly Difference[]

interface Difference {
  readonly check: PostureCheck
  readonly target?: string
  readonly summary: string
}

interface Requirement {
  readonly fact: FactName
  readonly compare: Compare
}

/** Of a difference; a requirement on which nothing reports may be met. */
const SEVERITY: Severity = 'high'
const UNVERIFIED_SEVERITY: Severity = 'medium'

/** The first entry for a gateway. */
export function desiredStateOf(entries: readonly DesiredState[], gateway: string): DesiredState | undefined {
  return entries.find(entry => entry.gateway === undefined || isAmong(entry.gateway, gateway))
}

/** What differs from the desired state by what valid records report; what none reports on is unverified, not good. */
export function desiredStateFindings(desired: DesiredState, facts: PostureFacts): readonly Finding[] {
  return distinctFindings(
    requirementsOf(desired).flatMap(({ fact, compare }): readonly Finding[] => {
      const values = facts[fact]
      if (values === undefined) return [unverified(fact)]
      return compare(values).map(difference => ({ target: '', severity: SEVERITY, ...difference }))
    }),
  )
}

const unverified = (fact: FactName): Finding => ({
  check: 'desired_state/unverified',
  target: fact,
  severity: UNVERIFIED_SEVERITY,
  summary: `No valid record reports ${fact}.`,
})

function requirementsOf(desired: DesiredState): readonly Requirement[] {
  const { openclaw_version, node_version, forbidden_flags, allowed_suppressions, plugins, config_hashes } = desired
  const requirements: Requirement[] = []
  const add = <T>(wanted: T | undefined, fact: FactName, compare: (wanted: T) => Compare) => {
    if (wanted !== undefined) requirements.push({ fact, compare: compare(wanted) })
  }
  add(openclaw_version, 'openclaw_version', least('desired_state/openclaw_version', 'OpenClaw'))
  add(node_version, 'node_version', least('desired_state/node_version', 'Node.js'))
  add(forbidden_flags, 'flags', forbiddenFlags)
  add(allowed_suppressions, 'suppressions', onlySuppressions)
  add(plugins, 'plugins', exactlyPlugins)
  add(config_hashes, 'config_hash', approvedHashes)
  return requirements
}

const least =
  (check: PostureCheck, program: string) =>
  (wanted: string): Compare =>
  values =>
    values
      .filter(version => isOlderVersion(version, wanted) !== false)
      .map(version => ({ check, summary: `${program} ${version} is older than ${wanted}.` }))

const forbiddenFlags =
  (forbidden: readonly TextMatcher[]): Compare =>
  values =>
    values
      .filter(flag => isAmong(forbidden, flag.split('=', 1)[0] ?? ''))
      .map(flag => ({ check: 'desired_state/forbidden_flag', target: flag, summary: `The flag ${flag} is enabled.` }))

const onlySuppressions =
  (allowed: readonly string[]): Compare =>
  values =>
    values
      .filter(check => !allowed.includes(check))
      .map(check => ({ check: 'desired_state/suppression', target: check, summary: `${check} is suppressed.` }))

const exactlyPlugins =
  (wanted: readonly string[]): Compare =>
  values => [
    ...values
      .filter(plugin => !wanted.includes(plugin))
      .map(target => ({ check: 'desired_state/plugin_unexpected', target, summary: `${target} is loaded.` }) as const),
    ...wanted
      .filter(plugin => !values.includes(plugin))
      .map(target => ({ check: 'desired_state/plugin_missing', target, summary: `${target} is not loaded.` }) as const),
  ]

const approvedHashes =
  (approved: readonly string[]): Compare =>
  values =>
    values
      .filter(hash => !approved.includes(hash))
      .map(hash => ({ check: 'desired_state/config_hash', summary: `The configuration ${hash} is not approved.` }))

const isAmong = (matchers: readonly TextMatcher[], text: string): boolean =>
  matchers.some(matcher => (typeof matcher === 'string' ? matcher === text : matcher.test(text)))
