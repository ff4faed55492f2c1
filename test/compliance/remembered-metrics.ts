import type { MetricStore } from '../../compliance/evidence/stores.ts'

type Answer = ReturnType<MetricStore['instant']>

/**
 * A store that computes its answer to a question once. For the demo, whose metrics are computed and the same whenever they are
 * asked for: the tests of a file report the same month many times.
 */
export function rememberedMetrics(metrics: MetricStore): MetricStore {
  const answers = new Map<string, Answer>()
  const once = (question: readonly unknown[], ask: () => Answer): Answer => {
    const key = JSON.stringify(question)
    const answer = answers.get(key) ?? ask()
    answers.set(key, answer)
    return answer
  }
  return {
    ...metrics,
    instant: (expression, at, signal) => once([expression, at], () => metrics.instant(expression, at, signal)),
    range: (expression, window, signal) =>
      once([expression, window.start, window.end, window.step], () => metrics.range(expression, window, signal)),
  }
}
