import { z } from 'zod'
import { text } from '../../core/config/schema.ts'
import { severities } from '../../core/labels/event.ts'
import { postureChecks } from '../../core/labels/posture-checks.ts'
import { signalNames } from '../../core/signals.ts'
import { observers } from '../../core/zero-trust.ts'

const labels = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
  .meta({ expects: 'labels with their values, such as { mechanism: password }', placeholder: '<labels>' })
  .exactOptional()

const limit = () => z.number().meta({ expects: 'a number', placeholder: '<number>' })

const metric = z.strictObject({
  from: z.literal('metric'),
  signal: z.enum(signalNames).exactOptional(),
  metric: text().exactOptional(),
  labels,
  measure: z.enum(['increase', 'maximum', 'minimum', 'last', 'average', 'share']).exactOptional(),
  above: limit().exactOptional(),
  below: limit().exactOptional(),
  across: z.enum(['sum', 'maximum', 'minimum']).exactOptional(),
  zero_while: text().exactOptional(),
  unit: text().exactOptional(),
})

const documents = z.strictObject({
  from: z.literal('documents'),
  index: text(),
  measure: z.enum(['count', 'distinct', 'share']).prefault('count'),
  field: text().exactOptional(),
})

const alerts = z.strictObject({
  from: z.literal('alerts'),
  alertname: text(),
  measure: z.enum(['firings', 'seconds']).prefault('firings'),
})

const ledger = z.strictObject({
  from: z.literal('ledger'),
  measure: z.enum([
    'incidents',
    'undecided',
    'false_blocks',
    'chain_verified',
    'time_to_detect',
    'time_to_decide',
    'time_to_contain',
  ]),
  statistic: z.enum(['median', 'p95']).prefault('p95'),
})

const findings = z.strictObject({
  from: z.literal('findings'),
  checks: z.array(z.enum(postureChecks)).exactOptional(),
  severities: z.array(z.enum(severities)).exactOptional(),
  measure: z.enum(['open']),
})

const coverage = z.strictObject({
  from: z.literal('coverage'),
  observer: z.enum(Object.keys(observers) as (keyof typeof observers)[]).exactOptional(),
  measure: z.enum(['share', 'longest_gap', 'missing']).prefault('share'),
})

const policyShadow = z.strictObject({
  from: z.literal('policy_shadow'),
  policy: text().exactOptional(),
  measure: z.enum(['decisions', 'denied']),
})

/** What a test may ask for, by the key `from`. */
export const evidenceSchema = z.discriminatedUnion('from', [
  documents,
  metric,
  alerts,
  ledger,
  findings,
  coverage,
  policyShadow,
])

export type EvidenceRequest = z.output<typeof evidenceSchema>
