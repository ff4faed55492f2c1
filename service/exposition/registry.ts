import type { Registry } from 'prom-client'
import type { ExpositionFormat } from '../series/exposition-format.ts'
import { openMetricsHeader } from '../series/open-metrics.ts'
import { samplePrefix, sampleValue } from '../series/text-format.ts'

/**
 * The metrics of a registry of prom-client. It writes one format only, and changes the names of its metrics where that is
 * OpenMetrics.
 */
export async function renderRegistry(registry: Registry, format: ExpositionFormat): Promise<string> {
  if (format === 'text') return registry.metrics()
  const lines: string[] = []
  for (const { name, help, type, values } of await registry.getMetricsAsJSON()) {
    if (values.length === 0) continue
    lines.push(openMetricsHeader(name, help, String(type)))
    for (const { value, labels, ...sample } of values) {
      const names = Object.keys(labels)
      const texts = names.map(label => (label === 'le' ? thresholdText(labels[label]) : String(labels[label])))
      const metric = 'metricName' in sample ? String(sample.metricName) : name
      lines.push(samplePrefix(metric, names, texts), sampleValue(value), '\n')
    }
  }
  return lines.join('')
}

/** The upper bound of a bucket, which OpenMetrics writes with a fraction. */
const thresholdText = (bound: unknown): string => (Number.isInteger(bound) ? `${bound}.0` : String(bound))
