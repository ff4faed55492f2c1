import type { SeriesStore } from '../series/series.ts'
import type { ProcessMetrics } from './process-metrics.ts'

/** One scrape: the domain series as published at its start, then the process metrics. */
export async function* renderExposition(
  series: Pick<SeriesStore, 'render'>,
  process: Pick<ProcessMetrics, 'render'>,
): AsyncGenerator<string, void, void> {
  yield* series.render()
  yield await process.render()
}
