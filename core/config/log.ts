import { z } from 'zod'

/** Section `log`: what every service writes to standard error. */
export const logSchema = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .prefault('info')
      .describe('The least severe log line that is written.'),
    format: z
      .enum(['logfmt', 'json'])
      .prefault('logfmt')
      .describe('`logfmt` for people and Prometheus tools, `json` for log shippers.'),
  })
  .prefault({})
  .describe('What clawtrust itself writes to standard error.')
