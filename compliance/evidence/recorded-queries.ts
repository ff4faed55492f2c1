import type { Json } from '../../service/state/state.ts'
import type { MetricStore } from './stores.ts'

export interface RecordedQueries {
  readonly store: MetricStore
  /** What was asked so far, as the parameters of the HTTP API: `query` with `time`, or with `start`, `end` and `step`. */
  queries(): Json
}

/** A store that remembers what it is asked, so that a reader of the evidence can ask the same. */
export function recordedQueries(store: MetricStore): RecordedQueries {
  const asked: Json[] = []
  const iso = (time: number) => new Date(time).toISOString()
  return {
    queries: () => [...asked],
    store: {
      ...store,
      instant(query, at, signal) {
        asked.push({ query, time: iso(at) })
        return store.instant(query, at, signal)
      },
      range(query, window, signal) {
        const { start, end, step } = window
        asked.push({ query, start: iso(start), end: iso(end), step: step / 1_000 })
        return store.range(query, window, signal)
      },
    },
  }
}
