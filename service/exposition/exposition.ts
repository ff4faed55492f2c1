import type { SeriesStore } from '../series/series.ts'
import type { ProcessMetrics } from './process-metrics.ts'

/** One scrape: the domain series as they are published when it begins, then the process's own metrics. */
export async function* renderExposition(
  series: Pick<SeriesStore, 'render'>,
  process: Pick<ProcessMetrics, 'render'>,
): AsyncGenerator<string, void, void> {
  yield* series.render()
  yield await process.render()
}
