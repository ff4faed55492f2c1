import type { DocumentStore, MetricStore, Stores } from './stores.ts'

/**
 * Stores for one report that are asked each question once: several controls rest on the same presence of an index or an
 * exporter. Of one report only, since the answers are kept.
 */
export function askedOnce({ elasticsearch, prometheus, ...rest }: Stores): Stores {
  return {
    ...rest,
    ...(elasticsearch === undefined ? {} : { elasticsearch: documentsOnce(elasticsearch) }),
    ...(prometheus === undefined ? {} : { prometheus: metricsOnce(prometheus) }),
  }
}

function documentsOnce(store: DocumentStore): DocumentStore {
  const once = remembering()
  return {
    address: store.address,
    search: (index, body, signal) => once(['search', index, body], () => store.search(index, body, signal)),
    ...(store.unmapped === undefined
      ? {}
      : {
          unmapped: (index, fields, signal) =>
            once(['unmapped', index, fields], async () => (await store.unmapped?.(index, fields, signal)) ?? []),
        }),
    ...(store.unsearched === undefined
      ? {}
      : {
          unsearched: (index, signal) =>
            once(['unsearched', index], async () => (await store.unsearched?.(index, signal)) ?? []),
        }),
  }
}

function metricsOnce(store: MetricStore): MetricStore {
  const once = remembering()
  return {
    address: store.address,
    instant: (expression, at, signal) => once([expression, at], () => store.instant(expression, at, signal)),
    range: (expression, window, signal) => once([expression, window], () => store.range(expression, window, signal)),
    ...(store.alertRules === undefined
      ? {}
      : { alertRules: signal => once(['rules'], async () => (await store.alertRules?.(signal)) ?? []) }),
  }
}

/** A question that failed is asked again. */
function remembering(): <T>(question: unknown, ask: () => Promise<T>) => Promise<T> {
  const answers = new Map<string, Promise<unknown>>()
  return <T>(question: unknown, ask: () => Promise<T>) => {
    const key = JSON.stringify(question)
    const known = answers.get(key)
    if (known !== undefined) return known as Promise<T>
    const answer = ask()
    answers.set(key, answer)
    answer.catch(() => answers.delete(key))
    return answer
  }
}
