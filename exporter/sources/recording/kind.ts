import { z } from 'zod'
import { text, wholeNumber } from '../../../core/config/schema.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'

const schema = z.strictObject({
  ...sourceKeys({
    type: 'recording',
    about: 'A bundled recording, for a trial without a gateway.',
    durable: false,
  }),
  recording: z
    .enum(['capture', 'demo'])
    .describe('`capture`: a log of a real OpenClaw, with times moved to now. `demo`: synthetic, with one attack day.'),
  gateway: text().exactOptional().describe('The gateway of the records; without it, the gateway in the record.'),
  attack_days_ago: wholeNumber(0, 14)
    .exactOptional()
    .describe(
      'Number of days between the attack day of the `demo` and the start (UTC); 0: the day of the start. Default: 2.',
    ),
})

/** Bundled recordings. */
export const recordingSource = defineSource({
  type: 'recording',
  durable: false,
  schema,
  backlogUnit: 'bytes',
  resolvePaths: config => config,
  async create({ name, gateway, recording, attack_days_ago: attackDaysAgo }, { clock, sleep }) {
    const create =
      recording === 'demo'
        ? (await import('./demo.ts')).createDemoSource
        : (await import('./capture.ts')).createCaptureSource
    const options = {
      name,
      ...(gateway === undefined ? {} : { gateway }),
      ...(attackDaysAgo === undefined ? {} : { attackDaysAgo }),
    }
    return create(options, { clock, ...(sleep === undefined ? {} : { sleep }) })
  },
})
