import type { MetricStore } from '../evidence/stores.ts'
import { evaluate, type ModelSeries, samplesOf } from './evaluate.ts'
import { parseExpression } from './promql.ts'

/** Answers as Prometheus does, from series that are computed. */
export function createDemoMetrics(series: readonly ModelSeries[], alertNames: readonly string[]): MetricStore {
  const model = Map.groupBy(series, ({ labels }) => labels.__name__ ?? '')
  return {
    address: 'synthetic Prometheus of the demo',
    async instant(expression, at) {
      const parsed = parseExpression(expression)
      return parsed.kind === 'range' ? samplesOf(parsed, model, at) : evaluate(parsed, model, [at])
    },
    async range(expression, { start, end, step }) {
      const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step)
      return evaluate(parseExpression(expression), model, times)
    },
    alertRules: async () => alertNames,
  }
}
