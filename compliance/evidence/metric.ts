import { counterReading } from './counter-reading.ts'
import { gaugeReading } from './gauge-reading.ts'
import { defineEvidence } from './kind.ts'
import { type MetricMeasure, type MetricRequest, measureOf, metricSchema } from './metric-schema.ts'
import { measuredSeries } from './metric-series.ts'
import { metricOfState } from './metric-state.ts'
import { promqlReading } from './promql-reading.ts'
import { unread } from './unread.ts'

const measureWords: Readonly<Record<Exclude<MetricMeasure, 'share'>, string>> = {
  increase: 'Increase',
  maximum: 'Maximum',
  minimum: 'Minimum',
  last: 'Last value',
  average: 'Average',
}

/** A metric of Prometheus. */
export const metricEvidence = defineEvidence({
  type: 'metric',
  store: 'prometheus',
  otherwise: 'state',
  summary: 'a metric in Prometheus: of a signal, of clawtrust or of another program',
  schema: metricSchema,
  sentence(request) {
    const { signal, promql, above, below } = request
    if (promql !== undefined) return `Value of ${promql}`
    const measure = measureOf(request)
    const { series } = measuredSeries(request)
    const what = signal === undefined ? series : `${series} (signal ${signal})`
    if (measure !== 'share') return `${measureWords[measure]} of ${what}`
    return `Share of the time with ${what} ${above === undefined ? `below ${below}` : `above ${above}`}`
  },
  unit(request) {
    if (request.promql === undefined && measureOf(request) === 'share') return '%'
    return request.unit ?? (request.signal === undefined ? '' : 'events')
  },
  async read(request, context) {
    const { prometheus } = context.stores
    if (prometheus === undefined) return (await metricOfState(request, context)) ?? withoutPrometheus(request, context)
    if (request.promql !== undefined) return promqlReading(request.promql, prometheus, context)
    if (measureOf(request) === 'increase') return counterReading(request, prometheus, context)
    return gaugeReading(request, prometheus, context)
  },
})

function withoutPrometheus(request: MetricRequest, { period }: { readonly period: Parameters<typeof unread>[1] }) {
  const { series } = request.promql === undefined ? measuredSeries(request) : { series: request.promql }
  return unread({ store: 'prometheus', query: series, of: series, reason: 'Prometheus is not configured' }, period)
}
