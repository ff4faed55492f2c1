import { z } from 'zod'
import { signalNames } from '../signals.ts'
import { defaultZoneRules, type ZoneRule } from '../trust-zones.ts'
import { matchers } from './matchers.ts'
import { cidr, text } from './schema.ts'

const matchSchema = z.strictObject({
  gateway: matchers('Gateways.'),
  host: matchers('Hosts that wrote the record.'),
  service: matchers('Services.'),
  namespace: matchers('Kubernetes namespaces.'),
  labels: z
    .record(z.string(), matchers('Values of this label.').unwrap())
    .exactOptional()
    .describe(
      'Workload labels; each must have one of its values. The reserved identities of Cilium are the label `cilium:reserved`, such as `world` or `host`.',
    ),
  cidr: z
    .array(cidr())
    .min(1)
    .exactOptional()
    .describe('Networks of the source address, if the address is trusted; of a flow, of the address of each end.'),
  signal: z.array(z.enum(signalNames)).min(1).exactOptional().describe('Signals, as in docs/metrics.md.'),
  subsystem: matchers('Subsystems of OpenClaw that wrote the line, such as `gateway/ws`.'),
  route: matchers('Routes of the gateway, such as `~/hooks(/.*)?`.'),
  realm: matchers('Realms of Keycloak, tenants of Entra ID.'),
})

const ruleSchema = z.strictObject({
  zone: text().describe('The trust zone of the events that match.'),
  match: matchSchema.describe(
    'Each key must match by one of its values; without keys, all events match. The source and the destination of a flow have one zone each, by the rules with `service`, `namespace`, `labels` or `cidr`.',
  ),
})

/** Section `trust_zones`: the user's map. */
export const trustZonesSchema = z
  .strictObject({
    rules: z.array(ruleSchema).prefault([]).describe('Rules; the first one that matches an event sets its trust zone.'),
    default_map: z
      .boolean()
      .prefault(true)
      .describe(
        'Whether the built-in map (agent-control, management-api, data-ingest, analytics) applies after the rules. An event that matches nothing is `unattributed`.',
      ),
  })
  .prefault({})
  .describe('Assignment of events to trust zones.')

export type TrustZonesConfig = z.output<typeof trustZonesSchema>

/** The rules to compile: the user's, then the built-in ones. */
export function zoneRules({ rules, default_map }: TrustZonesConfig): readonly ZoneRule[] {
  const own = rules.map(({ zone, match: { labels, ...match } }): ZoneRule => {
    return { zone, match: labels === undefined ? match : { ...match, workloadLabels: labels } }
  })
  return default_map ? [...own, ...defaultZoneRules] : own
}
