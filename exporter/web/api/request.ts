import type { z } from 'zod'
import type { Clock } from '../../../core/clock.ts'
import { parseConfig } from '../../../core/config/parse.ts'
import type { Scoring } from '../../detection/scoring.ts'

/** Dependencies of the routes of the scorer. */
export interface ScoringRoutesOptions {
  /** The one that is running; a reload brings another. */
  readonly scoring: () => Scoring
  readonly clock: Clock
}

export type Parsed<T> = { readonly value: T } | { readonly sentence: string }

/** Parses a query or a body; the sentence is the same as for the configuration file. */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): Parsed<z.output<S>> {
  const result = parseConfig(schema, JSON.stringify(value ?? {}).replaceAll('\ufffd', '\\ufffd'), 'request')
  return result.ok ? { value: result.config } : { sentence: result.problems.map(({ sentence }) => sentence).join('; ') }
}
