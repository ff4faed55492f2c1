import { ClawtrustError } from '../../core/errors.ts'
import { isAuthenticated } from '../../service/http/web-config.ts'
import { loadWebConfig } from '../../service/http/web-config-file.ts'
import type { WebhookConfig } from './config.ts'

export interface WebhookExposure {
  readonly webhook: WebhookConfig
  readonly webConfigFile: string | undefined
  /** True where some alert could make the service act. */
  readonly acts: boolean
}

/** Refuses a service that would act by an alert that anybody could have sent. @throws ClawtrustError WEBHOOK_UNAUTHENTICATED */
export async function refuseOpenWebhook({ webhook, webConfigFile, acts }: WebhookExposure): Promise<void> {
  const given = [webhook.bearer_token, webhook.bearer_token_file, webhook.grafana_secret, webhook.grafana_secret_file]
  if (given.some(value => value !== undefined) || !acts) return
  const web = webConfigFile === undefined ? undefined : await loadWebConfig(webConfigFile)
  if (web !== undefined && isAuthenticated(web.config)) return
  throw new ClawtrustError(
    'WEBHOOK_UNAUTHENTICATED',
    'A playbook may act, but the webhook accepts alerts without authentication: set remediation.webhook.bearer_token_file, or demand ' +
      'client certificates or users in the web configuration, or use mode observe.',
  )
}
