import { z } from 'zod'
import { HOUR_MS, SECOND_MS } from '../../core/clock.ts'
import { byteSize, duration, text, wholeNumber } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'

/** Section `remediation.webhook`. */
export const webhookSchema = z
  .strictObject({
    ...secretKeys('bearer_token', 'Token that Alertmanager must send as `Authorization: Bearer`.'),
    ...secretKeys('grafana_secret', "The secret of Grafana's HMAC signature."),
    grafana_signature_header: text()
      .prefault('X-Grafana-Alerting-Signature')
      .describe('The header that holds the signature.'),
    grafana_timestamp_header: text()
      .prefault('X-Grafana-Alerting-Timestamp')
      .describe('The header with the time, which Grafana must be configured to send: without it a request is refused.'),
    replay_window: duration(SECOND_MS, HOUR_MS)
      .prefault('5m')
      .describe('Maximum difference between the time of a signed request and the current time.'),
    max_body: byteSize()
      .prefault('16MiB')
      .describe('Maximum size of a body; Alertmanager drops alerts of larger ones.'),
    max_waiting: wholeNumber(1, 100_000)
      .prefault(5_000)
      .describe('Maximum number of pending decisions; beyond it, the response is 503, so that the sender retries.'),
  })
  .superRefine(refuseBothSecretKeys('bearer_token'))
  .superRefine(refuseBothSecretKeys('grafana_secret'))
  .prefault({})
  .describe('Authentication of alert senders, besides client certificates of the web configuration.')

export type WebhookConfig = z.output<typeof webhookSchema>
