import { z } from 'zod'
import { parsed } from '../../core/config/schema.ts'

const HOST_NAME = /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?$/i

const hostName = () =>
  parsed({ expects: 'a host name without scheme and port, such as clawtrust.example', placeholder: '<host>' }, value =>
    HOST_NAME.test(value) && value.length <= 253 ? value : undefined,
  )

/** Section `web`: access to both services, beside the web configuration file. */
export const webSchema = z
  .strictObject({
    allowed_hosts: z
      .array(hostName())
      .prefault([])
      .describe(
        'Names of the services that requests without authentication may use as `Host`, besides IP addresses, `localhost`, the listen address, the name of the machine and the host of `remediation.external_url`; others are answered 421.',
      ),
  })
  .prefault({})
  .describe('Access to both services, in addition to their web configuration files.')

export type WebSection = z.output<typeof webSchema>
