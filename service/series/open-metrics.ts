import type { EpochMs } from '../../core/clock.ts'
import type { TraceReference } from '../../core/event.ts'

/** OpenMetrics 1.0.0: what of its text differs from Prometheus's text format. Lines of samples are the same. */

export const OPEN_METRICS_CONTENT_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

/** The last line; without it a text is not complete. */
export const OPEN_METRICS_END = '# EOF\n'

/** One of the events that a counter counts, and the trace that it is part of. */
export interface Exemplar {
  readonly trace: TraceReference
  /** What the event added to the counter. */
  readonly value: number
  readonly time: EpochMs
}

/** The name of a family is its unit's, where it ends with one of these. */
const units = ['seconds', 'bytes'] as const

/** Endings that a sample has by the type of its family. No gauge may have one. */
const reservedEndings = ['total', 'created', 'bucket', 'count', 'sum', 'gcount', 'gsum'] as const

/** A family in OpenMetrics: the samples of a counter are named after it with `_total`, those of an info with `_info`. */
export interface OpenMetricsFamily {
  readonly name: string
  readonly type: string
}

export function openMetricsFamily(name: string, type: string): OpenMetricsFamily {
  if (type === 'counter') return { name: name.replace(/_total$/, ''), type }
  if (type === 'gauge' && name.endsWith('_info')) return { name: name.slice(0, -'_info'.length), type: 'info' }
  return { name, type }
}

/** Why the name is none of OpenMetrics for a metric of this type; undefined where it is. */
export function misnamed(name: string, type: 'counter' | 'gauge'): string | undefined {
  if (type === 'counter') return name.endsWith('_total') ? undefined : 'the name of a counter ends with _total'
  const ending = reservedEndings.find(each => name.endsWith(`_${each}`))
  return ending === undefined ? undefined : `the name of a gauge does not end with _${ending}`
}

/** The lines before the samples of a family. */
export function openMetricsHeader(metric: string, help: string, metricType: string): string {
  const { name, type } = openMetricsFamily(metric, metricType)
  const unit = type === 'info' ? undefined : units.find(each => name.endsWith(`_${each}`))
  const escaped = help.replace(/[\\\n"]/g, character => (character === '\n' ? '\\n' : `\\${character}`))
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n${unit === undefined ? '' : `# UNIT ${name} ${unit}\n`}`
}

/**
 * What follows the value of a sample with an exemplar. Ids have hexadecimal digits only, so that nothing is escaped; the
 * labels have 63 characters of the 128 that are allowed.
 */
export function exemplarText({ trace: { traceId, spanId }, value, time }: Exemplar): string {
  const span = spanId === undefined ? '' : `",span_id="${spanId}`
  return ` # {trace_id="${traceId}${span}"} ${value} ${time / 1_000}`
}
