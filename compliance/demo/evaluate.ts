import type { EpochMs } from '../../core/clock.ts'
import { SECOND_MS } from '../../core/clock.ts'
import { Fault } from '../../core/errors.ts'
import type { MetricSeries } from '../evidence/stores.ts'
import type { Aggregation, Comparison, Expression, Matcher, Range, Selector } from './promql.ts'

type Labels = Readonly<Record<string, string>>

/** A series of the model: it has a value at the times at which it is scraped. */
export interface ModelSeries {
  /** With `__name__`. */
  readonly labels: Labels
  /** Undefined where it is not there. */
  at(scrape: EpochMs): number | undefined
}

/** Every series is scraped at the multiples of this. A window of three minutes holds one scrape. */
export const SCRAPE_MS = 180 * SECOND_MS

/** Values of one series at some times. */
interface Row {
  readonly labels: Labels
  readonly values: readonly (number | undefined)[]
}

/** Evaluates an expression over a model at some times, in order. What is not there at a time is left out. */
export function evaluate(
  expression: Expression,
  model: ReadonlyMap<string, readonly ModelSeries[]>,
  times: readonly EpochMs[],
): readonly MetricSeries[] {
  return rowsOf(expression, { model, times }).flatMap(({ labels, values }) => {
    const samples = times.flatMap((time, index) => {
      const value = values[index]
      return value === undefined ? [] : [[time, value] as const]
    })
    return samples.length === 0 ? [] : [{ labels, samples }]
  })
}

/** The samples of a range selector that ends at a time. */
export function samplesOf(
  { of, length }: Range,
  model: ReadonlyMap<string, readonly ModelSeries[]>,
  end: EpochMs,
): readonly MetricSeries[] {
  if (of.kind !== 'selector') throw new Fault('the synthetic store of the demo gives samples of a selector only')
  return selected(of, model).flatMap(series => {
    const samples: [EpochMs, number][] = []
    for (const scrape of scrapes(end - length, end)) {
      const value = series.at(scrape)
      if (value !== undefined) samples.push([scrape, value])
    }
    return samples.length === 0 ? [] : [{ labels: series.labels, samples }]
  })
}

interface Scope {
  readonly model: ReadonlyMap<string, readonly ModelSeries[]>
  readonly times: readonly EpochMs[]
}

function rowsOf(expression: Expression, scope: Scope): readonly Row[] {
  switch (expression.kind) {
    case 'number':
      return [{ labels: {}, values: scope.times.map(() => expression.value) }]
    case 'selector':
      return selected(expression, scope.model).map(series => ({
        labels: series.labels,
        values: scope.times.map(time => series.at(scrapeBefore(time))),
      }))
    case 'aggregation':
      return aggregated(expression, scope)
    case 'comparison':
      return compared(expression, scope)
    case 'call':
      return called(expression.name, expression.argument, scope)
    case 'range':
      throw new Fault('the synthetic store of the demo knows a range only within a function')
  }
}

/** Functions of the samples in a range, oldest first. */
const overTime: Readonly<Record<string, (samples: readonly number[]) => number>> = {
  avg_over_time: samples => samples.reduce((sum, value) => sum + value, 0) / samples.length,
  count_over_time: samples => samples.length,
  last_over_time: samples => samples.at(-1) ?? 0,
  max_over_time: samples => samples.reduce((most, value) => Math.max(most, value)),
  min_over_time: samples => samples.reduce((least, value) => Math.min(least, value)),
  resets: samples => samples.filter((value, index) => index > 0 && value < (samples[index - 1] ?? 0)).length,
  sum_over_time: samples => samples.reduce((sum, value) => sum + value, 0),
}

function called(name: string, argument: Expression, scope: Scope): readonly Row[] {
  if (name === 'timestamp' && argument.kind === 'selector') {
    return rowsOf(argument, scope).map(({ labels, values }) => ({
      labels: unnamed(labels),
      values: values.map((value, index) =>
        value === undefined ? undefined : scrapeBefore(scope.times[index] ?? 0) / SECOND_MS,
      ),
    }))
  }
  const reduce = overTime[name]
  if (reduce === undefined || argument.kind !== 'range')
    throw new Fault(`the synthetic store of the demo does not know the function ${name}`)
  const keep = name === 'last_over_time' ? (labels: Labels) => labels : unnamed
  const { of, length, step } = argument
  if (of.kind === 'selector' && step === undefined) {
    return selected(of, scope.model).map(series => ({
      labels: keep(series.labels),
      values: scope.times.map(time => reduced(series, { from: time - length, to: time }, name, reduce)),
    }))
  }
  return overSubquery(argument, scope, reduce)
}

function reduced(
  series: ModelSeries,
  { from, to }: { readonly from: EpochMs; readonly to: EpochMs },
  name: string,
  reduce: (samples: readonly number[]) => number,
): number | undefined {
  if (name === 'last_over_time') {
    for (let scrape = scrapeBefore(to); scrape > from; scrape -= SCRAPE_MS) {
      const value = series.at(scrape)
      if (value !== undefined) return value
    }
    return undefined
  }
  const samples: number[] = []
  for (const scrape of scrapes(from, to)) {
    const value = series.at(scrape)
    if (value !== undefined) samples.push(value)
  }
  return samples.length === 0 ? undefined : reduce(samples)
}

/** The inner expression is evaluated once, at every step of all ranges: steps are multiples, whatever the range. */
function overSubquery(
  { of, length, step = SCRAPE_MS }: Range,
  scope: Scope,
  reduce: (samples: readonly number[]) => number,
): readonly Row[] {
  const [first, last] = [Math.min(...scope.times) - length, Math.max(...scope.times)]
  const begin = Math.floor(first / step) * step + step
  const times = Array.from({ length: Math.max(0, Math.floor((last - begin) / step) + 1) }, (_, at) => begin + at * step)
  const index = (time: EpochMs) => Math.floor((time - begin) / step)
  return rowsOf(of, { ...scope, times }).map(({ labels, values }) => ({
    labels: unnamed(labels),
    values: scope.times.map(time => {
      const within = values.slice(Math.max(0, index(time - length) + 1), index(time) + 1)
      const samples = within.filter(value => value !== undefined)
      return samples.length === 0 ? undefined : reduce(samples)
    }),
  }))
}

const aggregations: Readonly<Record<string, (values: readonly number[]) => number>> = {
  avg: values => values.reduce((sum, value) => sum + value, 0) / values.length,
  count: values => values.length,
  max: values => values.reduce((most, value) => Math.max(most, value)),
  min: values => values.reduce((least, value) => Math.min(least, value)),
  sum: values => values.reduce((sum, value) => sum + value, 0),
}

function aggregated({ name, by, isWithout, argument }: Aggregation, scope: Scope): readonly Row[] {
  const reduce = aggregations[name] ?? aggregations.sum
  const keep = (labels: Labels): Labels =>
    Object.fromEntries(
      Object.entries(unnamed(labels))
        .filter(([label]) => by.includes(label) !== isWithout)
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    )
  const groups = Map.groupBy(rowsOf(argument, scope), ({ labels }) => JSON.stringify(keep(labels)))
  return [...groups.entries()].map(([key, members]) => ({
    labels: JSON.parse(key) as Labels,
    values: scope.times.map((_, index) => {
      const values = members.flatMap(member => member.values[index] ?? [])
      return values.length === 0 ? undefined : reduce?.(values)
    }),
  }))
}

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
}

function compared({ operator, isBool, left, right }: Comparison, scope: Scope): readonly Row[] {
  const holds = comparisons[operator] ?? (() => false)
  return rowsOf(left, scope).map(({ labels, values }) => ({
    labels: isBool ? unnamed(labels) : labels,
    values: values.map(value => {
      if (value === undefined) return undefined
      if (isBool) return holds(value, right) ? 1 : 0
      return holds(value, right) ? value : undefined
    }),
  }))
}

function selected(
  { metric, matchers }: Selector,
  model: ReadonlyMap<string, readonly ModelSeries[]>,
): readonly ModelSeries[] {
  return (model.get(metric) ?? []).filter(({ labels }) => matchers.every(matcher => fits(matcher, labels)))
}

function fits({ label, operator, value }: Matcher, labels: Labels): boolean {
  const held = labels[label] ?? ''
  if (operator === '=') return held === value
  if (operator === '!=') return held !== value
  // What evidence asks for is an alternative of texts, whose special characters are escaped.
  return new RegExp(`^(?:${value})$`).test(held) === (operator === '=~')
}

const unnamed = ({ __name__, ...labels }: Labels): Labels => labels

const scrapeBefore = (time: EpochMs): EpochMs => Math.floor(time / SCRAPE_MS) * SCRAPE_MS

/** The scrapes in (from, to]. */
function* scrapes(from: EpochMs, to: EpochMs): Generator<EpochMs> {
  for (let scrape = scrapeBefore(from) + SCRAPE_MS; scrape <= to; scrape += SCRAPE_MS) yield scrape
}
