import { ClawtrustError } from '../core/errors.ts'
import type { RemediationConfig } from './config.ts'

/** What only a restart can change is refused at a reload, rather than quietly kept. @throws ClawtrustError CONFIG_NEEDS_RESTART */
export function refuseFixedChanges(before: RemediationConfig, after: RemediationConfig): void {
  const fixed = (config: RemediationConfig) => ({
    listen_address: config.listen_address,
    state_dir: config.state_dir,
    web_config_file: config.web_config_file,
    'webhook.max_body': config.webhook.max_body,
    'firewall.table': config.firewall.table,
    'firewall.command': config.firewall.command,
  })
  const old: Readonly<Record<string, unknown>> = fixed(before)
  for (const [key, value] of Object.entries(fixed(after))) {
    if (JSON.stringify(old[key]) === JSON.stringify(value)) continue
    throw new ClawtrustError('CONFIG_NEEDS_RESTART', `remediation.${key} cannot change at a reload; restart clawtrust.`)
  }
}
