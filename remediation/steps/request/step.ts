import { z } from 'zod'
import { text } from '../../../core/config/schema.ts'
import type { StepKind } from '../../contracts/step.ts'

const schema = z.strictObject({
  type: z.literal('request').describe('Sends one HTTP request for each incident: a message, a ticket, a hook.'),
  destination: text().describe('Name of a destination.'),
})

export interface RequestPlan {
  readonly destination: string
}

/** Sends one request for each incident to a destination. */
export const request = {
  type: 'request',
  schema,
  stage: 'notify',
  blocksTarget: false,
  repeatable: true,
  states: { pending: 'requested', done: 'requested', undone: 'requested' },
  results: { started: 'applied', done: 'sent', failed: 'dead' },
  describe: ({ destination }) => `request to ${destination}`,
  check: ({ destination }, { destinations }) =>
    destinations.includes(destination)
      ? undefined
      : {
          key: 'destination',
          message: `is not a configured destination; configured destinations: ${destinations.join(', ') || 'none'}`,
        },
  plan: ({ destination }) => ({ destination }),
  words: ({ destination }) => ({
    intent: `send a request to ${destination}`,
    effect: `a request is sent to ${destination}`,
    past: `sent a request to ${destination}`,
  }),
  audit: ({ destination }, { state }) =>
    state === 'done'
      ? { activity: 'other', disposition: 'logged', status: 'success', message: `${destination} was notified` }
      : { activity: 'other', disposition: 'error', status: 'failure', message: `${destination} could not be notified` },
} as const satisfies StepKind<z.output<typeof schema>, RequestPlan>
