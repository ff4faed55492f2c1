import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { duration, text } from '../../../core/config/schema.ts'
import { sleepUntilAborted } from '../../../service/event-loop/sleep.ts'
import { defineSource, sourceKeys } from '../../contracts/source-kind.ts'

const schema = z.strictObject({
  ...sourceKeys({
    type: 'otlp',
    about: 'Log records that senders deliver to `POST /v1/logs` of the exporter, by OTLP over HTTP.',
    durable: true,
  }),
  gateway: text().exactOptional().describe('The gateway of the records; without it, the gateway in the record.'),
  lateness: duration(1_000, HOUR_MS)
    .prefault('1m')
    .describe(
      'How far the watermark follows the clock: the time that a record takes from its event to the exporter, with the pauses of the sender. Events that arrive later are late.',
    ),
  horizon: duration(5 * MINUTE_MS, DAY_MS)
    .prefault('1h')
    .describe(
      'Period in which a record that is sent again does not count again. Costs about 15 bytes of memory per record; at most 5,000,000 records.',
    ),
})

/** Log records by OTLP/HTTP. */
export const otlpSource = defineSource({
  type: 'otlp',
  durable: true,
  schema,
  backlogUnit: 'records',
  resolvePaths: config => config,
  async create({ name, gateway, lateness, horizon }, { clock, logger, sleep = sleepUntilAborted }) {
    const { createOtlpSourceFrom } = await import('./create.ts')
    return createOtlpSourceFrom(
      { name, ...(gateway === undefined ? {} : { gateway }), lateness, horizon },
      { clock, logger, sleep },
    )
  },
})
