import type { EvidenceContext } from './kind.ts'
import type { MetricRequest } from './metric-schema.ts'
import type { Reading } from './reading.ts'

/**
 * The increase of a signal by the minutes in the state of an exporter, where Prometheus is not configured; undefined where
 * the state does not hold what is asked.
 */
export function metricOfState(_request: MetricRequest, _context: EvidenceContext): Promise<Reading | undefined> {
  return Promise.resolve(undefined)
}
