import { OPEN_METRICS_CONTENT_TYPE } from './open-metrics.ts'
import { TEXT_FORMAT_CONTENT_TYPE } from './text-format.ts'

/** The formats in which a scrape is answered: Prometheus's text format 0.0.4, and OpenMetrics 1.0.0, which has exemplars. */
export const contentTypes = { text: TEXT_FORMAT_CONTENT_TYPE, openmetrics: OPEN_METRICS_CONTENT_TYPE } as const

export type ExpositionFormat = keyof typeof contentTypes
