import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, text } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { templateNames } from './templates/names.ts'

const SECOND_MS = 1_000

/** A destination of deliveries: one item of `remediation.destinations`. */
export const destinationSchema = z
  .strictObject({
    name: text().describe('Unique among the destinations.'),
    template: z.enum(templateNames).describe('What is sent, and how.'),
    ...secretKeys('url', 'The address, which may itself be the secret, as with Slack.'),
    ...secretKeys('token', 'What proves who we are; the template says in which header it goes.'),
    fields: z
      .record(z.string(), text())
      .prefault({})
      .describe('What the template asks for beside: a chat, a project, a repository.'),
    timeout: duration(SECOND_MS, MINUTE_MS).prefault('10s').describe('How long an answer is awaited.'),
    give_up_after: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1d')
      .describe('How long is tried, ever more rarely, before it is a dead letter that can be replayed.'),
  })
  .superRefine(refuseBothSecretKeys('url'))
  .superRefine(refuseBothSecretKeys('token'))

export type DestinationConfig = z.output<typeof destinationSchema>
