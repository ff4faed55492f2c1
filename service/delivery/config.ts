import { z } from 'zod'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import { duration, text } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { templateNames } from './templates/names.ts'

/** A destination of deliveries: one item of `remediation.destinations`. */
export const destinationSchema = z
  .strictObject({
    name: text().describe('Unique name of the destination.'),
    template: z.enum(templateNames).describe('The template of the request.'),
    ...secretKeys('url', 'The address, which may itself be the secret, as with Slack.'),
    ...secretKeys('token', 'The token of the receiver; the template defines its header.'),
    fields: z
      .record(z.string(), text())
      .prefault({})
      .describe('Further fields of the template: a chat, a project, a repository.'),
    timeout: duration(SECOND_MS, MINUTE_MS).prefault('10s').describe('Timeout of a request.'),
    give_up_after: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1d')
      .describe(
        'How long a delivery is retried, with growing pauses, before it is a dead letter, which can be replayed.',
      ),
  })
  .superRefine(refuseBothSecretKeys('url'))
  .superRefine(refuseBothSecretKeys('token'))

export type DestinationConfig = z.output<typeof destinationSchema>
