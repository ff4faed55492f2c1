import { MINUTE_MS } from '../core/clock.ts'
import { formatDuration } from '../core/time/duration.ts'
import { playbooksWithoutVerdict, policyOfConfig } from '../remediation/config.ts'
import type { Logger } from '../service/log/logger.ts'
import { DEFAULT_CONFIG_FILE, type PlaceOf } from './config-file.ts'
import type { Config } from './config-schema.ts'
import type { LoadedConfig } from './load-config.ts'

/** For so long the shipped rules hold what they count. */
const RULES_HOLD_MS = 3 * MINUTE_MS

/** What is valid and probably not intended. */
export interface ConfigWarning {
  /** The key that is to be changed. */
  readonly key: string
  /** What is wrong with it, what that means, and what to do; it follows the key in a sentence. */
  readonly what: string
}

const noRoles: ConfigWarning = {
  key: 'web.roles',
  what:
    'is not set: every client that is admitted may scrape, view, deliver alerts and give commands; ' +
    'set web.roles to limit that.',
}

/** `clawtrust.yml:12: web.roles is not set: …` */
export const warningText = ({ key, what }: ConfigWarning, placeOf: PlaceOf): string => `${placeOf(key)}: ${key} ${what}`

/** Keys of different parts that do not fit each other, and the like. */
export function configWarnings({
  exporter,
  remediation,
  web,
}: Pick<Config, 'exporter' | 'remediation' | 'web'>): readonly ConfigWarning[] {
  const prefixes = (['ipv4_prefix', 'ipv6_prefix'] as const).flatMap(key => {
    const counted = exporter.source_networks[key]
    const least = remediation.limits[key]
    if (counted >= least) return []
    return {
      key: `exporter.source_networks.${key}`,
      what: `(${counted}) is less than remediation.limits.${key} (${least}): alerts name the hosts of such a network one by one, because the network is too wide to be blocked; set both to the same prefix.`,
    }
  })
  const range = exporter.offenders.window + RULES_HOLD_MS
  const short = policyOfConfig(remediation).playbooks.filter(
    ({ targetLabel, alertRange }) => targetLabel === 'source_ip' && alertRange < range,
  )
  const ranges = short.map(({ name, alertRange }) => ({
    key: 'exporter.offenders.window',
    what: `(${formatDuration(exporter.offenders.window)}) and the 3m for which rules hold it are longer than alert_range (${formatDuration(alertRange)}) of the playbook ${name} in remediation.playbooks: an alert may count again what happened before a block; set alert_range to at least ${formatDuration(range)}.`,
  }))
  const idle = playbooksWithoutVerdict(remediation).map(playbook => ({
    key: `remediation.playbooks[${remediation.playbooks.indexOf(playbook)}].conditions.verdict`,
    what: `(${(playbook.conditions.verdict ?? []).join(', ')}) of the playbook ${playbook.name} is a verdict that no source of remediation.enrichment.threat_intelligence can give: the playbook never acts; configure a source, or change the condition.`,
  }))
  return [...prefixes, ...ranges, ...idle, ...(web.roles === undefined ? [noRoles] : [])]
}

/** The same of variables of Node.js that weaken the connections of clawtrust. */
export function environmentWarnings(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return []
  return [
    'the environment variable NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is verified, and everyone on the way can read and change what is sent; unset it, and set ca_file, or NODE_EXTRA_CA_CERTS for destinations.',
  ]
}

/** Logs the warnings of a configuration that comes into force. */
export function warnOfConfig(loaded: LoadedConfig, logger: Logger): LoadedConfig {
  const { config, placeOf = () => DEFAULT_CONFIG_FILE } = loaded
  for (const warning of configWarnings(config)) logger.warn(warningText(warning, placeOf))
  for (const sentence of environmentWarnings(process.env)) logger.warn(sentence)
  return loaded
}
