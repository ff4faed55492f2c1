import { readSecret } from '../../service/secrets/read-secret.ts'
import type { Credentials } from './authentication.ts'
import type { WebhookConfig } from './config.ts'

/** Reads what senders must show. @throws ClawtrustError SECRET_UNREADABLE */
export async function readCredentials(
  webhook: WebhookConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Credentials> {
  const { bearer_token, bearer_token_file, grafana_secret, grafana_secret_file } = webhook
  const at = 'remediation.webhook'
  const token = { inline: bearer_token, file: bearer_token_file }
  const bearerToken = await readSecret(`${at}.bearer_token`, token, environment)
  const shared = { inline: grafana_secret, file: grafana_secret_file }
  const secret = await readSecret(`${at}.grafana_secret`, shared, environment)
  return {
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(secret === undefined
      ? {}
      : {
          grafana: {
            secret,
            signatureHeader: webhook.grafana_signature_header,
            timestampHeader: webhook.grafana_timestamp_header,
            replayWindow: webhook.replay_window,
          },
        }),
  }
}
