import type { StateView } from '../../service/views/state-view.ts'
import type { CoverageReading } from './coverage.ts'
import type { EvidenceContext } from './kind.ts'

/** Coverage by the state of an exporter. */
export function stateCoverage(
  _state: StateView,
  _context: EvidenceContext,
): Promise<Pick<CoverageReading, 'sources' | 'readings'>> {
  return Promise.resolve({ sources: [], readings: [] })
}
