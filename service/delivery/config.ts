import { z } from 'zod'
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../core/clock.ts'
import { duration, text } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { incidentTemplates, type TemplateName } from './templates/names.ts'

/** The keys that every destination has. */
export const destinationKeys = {
  name: text().describe('Unique name of the destination.'),
  timeout: duration(SECOND_MS, MINUTE_MS).prefault('10s').describe('Timeout of a request.'),
  give_up_after: duration(MINUTE_MS, 7 * DAY_MS)
    .prefault('1d')
    .describe(
      'How long a delivery is retried, with growing pauses, before it is a dead letter, which can be replayed.',
    ),
}

/** The keys of a destination to which HTTP requests are sent. */
export const requestKeys = <const Names extends readonly [TemplateName, ...TemplateName[]]>(templates: Names) => ({
  name: destinationKeys.name,
  template: z.enum(templates).describe('The template of the request.'),
  ...secretKeys('url', 'The address, which may itself be the secret, as with Slack.'),
  ...secretKeys('token', 'The token of the receiver; the template defines its header.'),
  fields: z
    .record(z.string(), text())
    .prefault({})
    .describe('Further fields of the template: a chat, a project, a repository.'),
  timeout: destinationKeys.timeout,
  give_up_after: destinationKeys.give_up_after,
})

/** A destination of deliveries about incidents: one item of `remediation.destinations`. */
export const destinationSchema = z
  .strictObject(requestKeys(incidentTemplates))
  .superRefine(refuseBothSecretKeys('url'))
  .superRefine(refuseBothSecretKeys('token'))

/** A destination of HTTP requests, by any template. */
export type DestinationConfig = Omit<z.output<typeof destinationSchema>, 'template'> & {
  readonly template: TemplateName
}
