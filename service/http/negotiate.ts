import type { ExpositionFormat } from '../series/exposition-format.ts'
import { type Weighted, weightedList } from './weighted-list.ts'

const OPEN_METRICS = 'application/openmetrics-text'

/** Ranges that include the text format 0.0.4, the most specific first: it decides. */
const textRanges = ['text/plain', 'text/*', '*/*'] as const

/**
 * The format of an answer by the header `Accept`: OpenMetrics where it is named with a version that is served and no
 * other is preferred. What accepts anything, and what accepts neither, is given the text format.
 */
export function negotiateFormat(accept: string | undefined): ExpositionFormat {
  const entries = weightedList(accept)
  const openMetrics = greatestWeight(entries, OPEN_METRICS, '1.0.0') ?? 0
  const text = textRanges.map(range => greatestWeight(entries, range, '0.0.4')).find(weight => weight !== undefined)
  return openMetrics > 0 && openMetrics >= (text ?? 0) ? 'openmetrics' : 'text'
}

/** True if the header `Accept-Encoding` lists gzip (or `*`) with a weight above 0. */
export function acceptsGzip(acceptEncoding: string | readonly string[] | undefined): boolean {
  const weights = new Map(weightedList(acceptEncoding).map(({ name, weight }) => [name, weight]))
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0
}

/** Of the entries with this name and version, or without a version; undefined where there is none. */
function greatestWeight(entries: readonly Weighted[], range: string, version: string): number | undefined {
  const matching = entries.filter(
    ({ name, parameters }) => name === range && (parameters.get('version') ?? version) === version,
  )
  return matching.length === 0 ? undefined : Math.max(...matching.map(({ weight }) => weight))
}
