import type { AnomalyConfig } from './config.ts'
import { feedbackOf } from './feedback/feedback.ts'
import { Scoring, type ScoringOptions } from './scoring.ts'

export interface ScoringParts extends Pick<ScoringOptions, 'store' | 'clock' | 'logger' | 'seed'> {
  readonly config: AnomalyConfig
  /** How long minutes are retained, milliseconds. */
  readonly retention: number
}

/** The scoring that a configuration asks for. */
export function createScoring({ config, retention, ...parts }: ScoringParts): Scoring {
  const { preset, series_limit, entity_tables, entities_per_table, feedback } = config
  return new Scoring({
    ...parts,
    preset,
    seriesLimit: series_limit,
    entityTables: entity_tables,
    entitiesPerTable: entities_per_table,
    feedback: feedback.map(feedbackOf),
    retention: retention / 1000,
  })
}
