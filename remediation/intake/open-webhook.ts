import { ClawtrustError } from '../../core/errors.ts'
import { isAuthenticated } from '../../service/http/web-config.ts'
import { loadWebConfig } from '../../service/http/web-config-file.ts'
import type { RemediationConfig } from '../config.ts'
import { policyOf, touchesFirewall } from '../decision/policy.ts'

/** Nobody may make the service act by an alert that anybody could have sent. @throws ClawtrustError WEBHOOK_UNAUTHENTICATED */
export async function refuseOpenWebhook(config: RemediationConfig): Promise<void> {
  const { webhook, web_config_file: file } = config
  const given = [webhook.bearer_token, webhook.bearer_token_file, webhook.grafana_secret, webhook.grafana_secret_file]
  if (given.some(value => value !== undefined) || !touchesFirewall(policyOf(config))) return
  const web = file === undefined ? undefined : await loadWebConfig(file)
  if (web !== undefined && isAuthenticated(web.config)) return
  throw new ClawtrustError(
    'WEBHOOK_UNAUTHENTICATED',
    'A playbook may block, but anybody could send it alerts: set remediation.webhook.bearer_token_file, or demand ' +
      'client certificates or users in the web configuration, or use mode observe.',
  )
}
