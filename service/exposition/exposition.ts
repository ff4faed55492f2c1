import type { ExpositionFormat } from '../series/exposition-format.ts'
import { OPEN_METRICS_END } from '../series/open-metrics.ts'
import type { SeriesStore } from '../series/series.ts'

/** Metrics that prom-client keeps. */
export interface RenderedMetrics {
  render(format: ExpositionFormat): Promise<string>
}

/** One scrape: the domain series as published at its start, then the process metrics. */
export async function* renderExposition(
  series: Pick<SeriesStore, 'render'>,
  process: RenderedMetrics,
  format: ExpositionFormat = 'text',
): AsyncGenerator<Buffer, void, void> {
  yield* series.render(format)
  yield Buffer.from(await process.render(format))
  if (format === 'openmetrics') yield Buffer.from(OPEN_METRICS_END)
}
