import { z } from 'zod'

/** Section `log`: what every service writes to standard error. */
export const logSchema = z
  .strictObject({
    level: z.enum(['debug', 'info', 'warn', 'error']).prefault('info').describe('Minimum level of log lines.'),
    format: z.enum(['logfmt', 'json']).prefault('logfmt').describe('`logfmt` for reading, `json` for log shippers.'),
  })
  .prefault({})
  .describe('The log of clawtrust, on standard error.')
