import { MINUTE_MS } from '../core/clock.ts'
import { formatDuration } from '../core/time/duration.ts'
import { playbooksWithoutVerdict, policyOfConfig } from '../remediation/config.ts'
import type { Logger } from '../service/log/logger.ts'
import type { Config } from './config-schema.ts'
import type { LoadedConfig } from './load-config.ts'

/** For so long the shipped rules hold what they count. */
const RULES_HOLD_MS = 3 * MINUTE_MS

const NO_ROLES =
  'web.roles is not set: every client that is admitted may scrape, view, deliver alerts and give commands; ' +
  'set web.roles to limit that.'

/** What is valid and probably not intended, such as keys of different parts that do not fit each other: a sentence each. */
export function configWarnings({
  exporter,
  remediation,
  web,
}: Pick<Config, 'exporter' | 'remediation' | 'web'>): readonly string[] {
  const prefixes = (['ipv4_prefix', 'ipv6_prefix'] as const).flatMap(key => {
    const counted = exporter.source_networks[key]
    const least = remediation.limits[key]
    if (counted >= least) return []
    return `exporter.source_networks.${key} (${counted}) is less than remediation.limits.${key} (${least}): alerts name the hosts of such a network one by one, because the network is too wide to be blocked; set both to the same prefix.`
  })
  const range = exporter.offenders.window + RULES_HOLD_MS
  const short = policyOfConfig(remediation).playbooks.filter(
    ({ targetLabel, alertRange }) => targetLabel === 'source_ip' && alertRange < range,
  )
  const ranges = short.map(
    ({ name, alertRange }) =>
      `exporter.offenders.window (${formatDuration(exporter.offenders.window)}) and the 3m for which rules hold it are longer than alert_range (${formatDuration(alertRange)}) of the playbook ${name} in remediation.playbooks: an alert may count again what happened before a block; set alert_range to at least ${formatDuration(range)}.`,
  )
  const idle = playbooksWithoutVerdict(remediation).map(
    ({ name, conditions: { verdict = [] } }) =>
      `conditions.verdict (${verdict.join(', ')}) of the playbook ${name} in remediation.playbooks is a verdict that no source of remediation.enrichment.threat_intelligence can give: the playbook never acts; configure a source, or change the condition.`,
  )
  return [...prefixes, ...ranges, ...idle, ...(web.roles === undefined ? [NO_ROLES] : [])]
}

/** Logs the warnings of a configuration that comes into force. */
export function warnOfConfig(loaded: LoadedConfig, logger: Logger): LoadedConfig {
  for (const warning of configWarnings(loaded.config)) logger.warn(warning)
  return loaded
}
