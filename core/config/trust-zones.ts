import { z } from 'zod'
import { signalNames } from '../signals.ts'
import { cidr, text } from './schema.ts'

const oneOrMore = (description: string) => z.array(text()).min(1).optional().describe(description)

const matchSchema = z.strictObject({
  gateway: oneOrMore('Names of gateways.'),
  host: oneOrMore('Names of the hosts that wrote the record.'),
  service: oneOrMore('Names of services.'),
  namespace: oneOrMore('Kubernetes namespaces.'),
  labels: z
    .record(z.string(), text())
    .optional()
    .describe('Workload labels, all of which must be there with this value.'),
  cidr: z
    .array(cidr())
    .min(1)
    .optional()
    .describe('Networks that the source address lies in, where that address may be trusted.'),
  signal: z.array(z.enum(signalNames)).min(1).optional().describe('Signals, as docs/metrics.md names them.'),
  subsystem: oneOrMore('Subsystems of OpenClaw that wrote the line, such as `gateway/ws`.'),
  route: oneOrMore('Routes of the gateway, such as `/hooks`; what lies below a route matches too.'),
})

const ruleSchema = z.strictObject({
  zone: text().describe('The trust zone of the events that match.'),
  match: matchSchema.describe('Every key that is given must match; of the values of one key any.'),
})

/** Section `trust_zones`: the user's map. */
export const trustZonesSchema = z
  .strictObject({
    rules: z.array(ruleSchema).prefault([]).describe('The first rule that matches an event gives its trust zone.'),
    default_map: z
      .boolean()
      .prefault(true)
      .describe(
        'Whether the built-in map (agent-control, management-api, data-ingest, analytics) follows the rules; without it, what matches no rule is `unattributed`.',
      ),
  })
  .prefault({})
  .describe('Which trust zone an event belongs to.')

export type TrustZonesConfig = z.output<typeof trustZonesSchema>
export type TrustZoneRule = TrustZonesConfig['rules'][number]
