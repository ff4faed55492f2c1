import { z } from 'zod'
import { wholeNumber } from '../../core/config/schema.ts'
import { feedbackSchema } from './feedback/feedback.ts'
import { type AlertPresetName, alertPresets } from './model/series/alert-presets.ts'

const presetNames = Object.keys(alertPresets) as AlertPresetName[]
const entries = Object.entries(alertPresets).map(
  ([name, { enter }], index) => `\`${name}\` ${index === 0 ? 'from a score of ' : ''}${enter}`,
)

/** Section `exporter.anomaly`. */
export const anomalySchema = z
  .strictObject({
    preset: z
      .enum(presetNames)
      .prefault('default')
      .describe(`When a series becomes active: ${entries.join(', ')}.`),
    series_limit: wholeNumber(1, 100_000)
      .prefault(10_000)
      .describe(
        'Maximum number of scored series (gateway, trust zone, signal), 40 KB each; others are counted, not scored.',
      ),
    entity_tables: wholeNumber(0, 10_000)
      .prefault(200)
      .describe(
        'Maximum number of entity tables (one for each series and kind: identity, address, device, pair of zones).',
      ),
    entities_per_table: wholeNumber(100, 1_000_000)
      .prefault(2_000)
      .describe('Maximum number of entities in one table, about 40 bytes each.'),
    feedback: z
      .array(feedbackSchema)
      .max(1_000)
      .prefault([])
      .describe('Operator feedback on series and periods; more can be posted to /api/v1/feedback.'),
  })
  .prefault({})
  .describe('The anomaly scorer.')
export type AnomalyConfig = z.output<typeof anomalySchema>
