import type { ExporterConfig } from '../config.ts'
import { feedbackOf } from './feedback.ts'
import { Scoring, type ScoringOptions } from './scoring.ts'

export interface ScoringParts extends Pick<ScoringOptions, 'store' | 'clock' | 'logger' | 'seed'> {
  readonly config: Pick<ExporterConfig, 'anomaly' | 'minutes'>
}

/** The scoring that a configuration asks for. */
export function createScoring({ config, ...parts }: ScoringParts): Scoring {
  const { preset, series_limit, entity_tables, entities_per_table, feedback } = config.anomaly
  return new Scoring({
    ...parts,
    preset,
    seriesLimit: series_limit,
    entityTables: entity_tables,
    entitiesPerTable: entities_per_table,
    feedback: feedback.map(feedbackOf),
    retention: config.minutes.retention / 1000,
  })
}
