import type { MetricSeries, MetricStore } from '../../../compliance/evidence/stores.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import { parseDuration } from '../../../core/time/duration.ts'

type Samples = MetricSeries['samples']
/** What an expression makes of one series at a time; undefined where it has no value. */
type Evaluation = (samples: Samples, time: number) => number | undefined

const LOOKBACK_MS = 5 * MINUTE_MS

/** The samples of (time − length, time]. */
const ranged = (samples: Samples, time: number, length: number): Samples =>
  samples.filter(([at]) => at > time - length && at <= time)

/**
 * A store of series in memory, for the few forms of expressions that the increase of counters and the presence of series are
 * made of. Any other one is an error: the real server is in test/stack/compliance.
 */
export function simulatedPrometheus(series: readonly MetricSeries[]): MetricStore & { readonly asked: string[] } {
  const asked: string[] = []
  const evaluate = (expression: string, time: number): readonly MetricSeries[] => {
    const raw = /^([^()]+)\[(\w+)\]$/.exec(expression)
    if (raw !== null) {
      return selected(series, raw[1] ?? '').flatMap(({ labels, samples }) => {
        const own = ranged(samples, time, parseDuration(raw[2] ?? '') ?? 0)
        return own.length === 0 ? [] : [{ labels, samples: own }]
      })
    }
    const { of, value, isCounted } = formOf(expression)
    const found = selected(series, of).flatMap(({ labels, samples }) => {
      const result = value(samples, time)
      return result === undefined ? [] : [{ labels, samples: [[time, result] as const] }]
    })
    if (isCounted === undefined || found.length === 0) return found
    return [{ labels: {}, samples: [[time, isCounted(found.map(({ samples }) => samples[0]?.[1] ?? 0))]] }]
  }
  return {
    address: 'http://prometheus.test',
    asked,
    async instant(expression, time) {
      asked.push(expression)
      return evaluate(expression, time)
    },
    async range(expression, { start, end, step }) {
      asked.push(expression)
      const merged = new Map<string, { labels: MetricSeries['labels']; samples: (readonly [number, number])[] }>()
      for (let time = start; time <= end; time += step) {
        for (const { labels, samples } of evaluate(expression, time)) {
          const key = JSON.stringify(labels)
          const known = merged.get(key) ?? { labels, samples: [] }
          merged.set(key, known)
          known.samples.push(...samples)
        }
      }
      return [...merged.values()]
    },
  }
}

const newest: Evaluation = (samples, time) => samples.findLast(([at]) => at <= time && at > time - LOOKBACK_MS)?.[1]

const over =
  (length: string, of: (samples: Samples) => number | undefined): Evaluation =>
  (samples, time) => {
    const own = ranged(samples, time, parseDuration(length) ?? 0)
    return own.length === 0 ? undefined : of(own)
  }

const lastOver = (length: string) => over(length, own => own.at(-1)?.[1])
const most = (values: readonly number[]) => Math.max(...values)

interface Form {
  readonly of: string
  readonly value: Evaluation
  readonly isCounted?: (values: readonly number[]) => number
}

function formOf(expression: string): Form {
  const forms: readonly (readonly [RegExp, (of: string, length: string) => Omit<Form, 'of'>])[] = [
    [/^last_over_time\((.+)\[(\w+)\]\)$/, (_, length) => ({ value: lastOver(length) })],
    [/^count without \(\) \(last_over_time\((.+)\[(\w+)\]\)\)$/, (_, length) => ({ value: over(length, () => 1) })],
    [
      /^count\(last_over_time\((.+)\[(\w+)\]\)\)$/,
      (_, length) => ({ value: lastOver(length), isCounted: values => values.length }),
    ],
    [
      /^max_over_time\((.+)\[(\w+)\]\)$/,
      (_, length) => ({ value: over(length, own => most(own.map(([, each]) => each))) }),
    ],
    [
      /^resets\((.+)\[(\w+)\]\) > 0$/,
      (_, length) => ({
        value: over(
          length,
          own => own.filter(([, each], index) => each < (own[index - 1]?.[1] ?? 0)).length || undefined,
        ),
      }),
    ],
    [
      /^max\(timestamp\((.+)\)\)()$/,
      () => ({
        value: (samples, time) => {
          const at = samples.findLast(([at]) => at <= time && at > time - LOOKBACK_MS)?.[0]
          return at === undefined ? undefined : at / 1_000
        },
        isCounted: most,
      }),
    ],
    [/^([\w:]+(?:\{.*\})?)()$/, () => ({ value: newest })],
  ]
  for (const [form, make] of forms) {
    const found = form.exec(expression)
    if (found !== null) return { of: found[1] ?? '', ...make(found[1] ?? '', found[2] ?? '') }
  }
  throw new Error(`the simulated Prometheus does not know ${expression}`)
}

/** The series of `metric{label="value",…}`. */
function selected(series: readonly MetricSeries[], text: string): readonly MetricSeries[] {
  const [, name = '', matchers = ''] = /^([\w:]+)(?:\{(.*)\})?$/.exec(text) ?? []
  const wanted = [...matchers.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', value = '']) => [
    label,
    value,
  ])
  return series.filter(
    ({ labels }) => labels.__name__ === name && wanted.every(([label, value]) => (labels[label ?? ''] ?? '') === value),
  )
}
