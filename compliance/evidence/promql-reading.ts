import { Fault } from '../../core/errors.ts'
import { formatDuration } from '../../core/time/duration.ts'
import { parseQuery } from '../../promql/read.ts'
import type { EvidenceContext } from './kind.ts'
import { named, newestSample } from './measured.ts'
import type { Reading } from './reading.ts'
import { recordedQueries } from './recorded-queries.ts'
import { PERIOD } from './schema.ts'
import { rounded } from './series.ts'
import type { MetricStore } from './stores.ts'
import { unread } from './unread.ts'

/**
 * The value of an expression at the end of a period. As new as the metric in it that is the oldest: an expression gives a
 * value for a time after its last sample too.
 */
export async function promqlReading(
  promql: string,
  prometheus: MetricStore,
  { period, signal }: EvidenceContext,
): Promise<Reading> {
  const { store, queries } = recordedQueries(prometheus)
  const expression = promql.replaceAll(PERIOD, formatDuration(period.end - period.start))
  const found = await store.instant(expression, period.end, signal)
  const times: (number | null)[] = []
  for (const { text } of parseQuery(expression).selectors) times.push(await newestSample(store, text, period, signal))
  const about = { address: store.address, query: queries() }
  const missing = parseQuery(expression).selectors.find((_, index) => times[index] === null)
  const [only, ...more] = found
  if (missing !== undefined || only === undefined) {
    const reason =
      missing === undefined ? 'the expression gives no value' : 'Prometheus holds no sample of it in the period'
    return unread({ store: 'prometheus', ...about, of: missing?.text ?? expression, reason }, period)
  }
  if (more.length > 0) {
    throw new Fault(
      `the expression gives ${found.length} series where one value is needed; aggregate them, for instance by sum(…)`,
    )
  }
  const value = rounded(only.samples[0]?.[1] ?? 0)
  const newest = times.reduce((oldest, time) => Math.min(oldest ?? Number.POSITIVE_INFINITY, time ?? 0), null)
  return {
    store: 'prometheus',
    ...about,
    result: { value, labels: named(only.labels), newest: newest === null ? null : new Date(newest).toISOString() },
    count: 1,
    value,
    newest,
  }
}
