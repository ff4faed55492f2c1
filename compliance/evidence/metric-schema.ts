import { z } from 'zod'
import { text } from '../../core/config/schema.ts'
import { type SignalName, signalNames, signals } from '../../core/signals.ts'
import { labelName, labelValues, metricName, promqlExpression } from './schema.ts'

const limit = () => z.number().meta({ expects: 'a number', placeholder: '<number>' })

export const metricMeasures = ['increase', 'maximum', 'minimum', 'last', 'average', 'share'] as const
export type MetricMeasure = (typeof metricMeasures)[number]

/** How the values of several series become one. */
export const acrossSeries = ['sum', 'maximum', 'minimum'] as const
export type AcrossSeries = (typeof acrossSeries)[number]

/** Where a test does not say it: what was counted is added, of what was measured the worst value counts. */
export const acrossByDefault: Readonly<Record<MetricMeasure, AcrossSeries>> = {
  increase: 'sum',
  maximum: 'maximum',
  minimum: 'minimum',
  last: 'sum',
  average: 'maximum',
  share: 'maximum',
}

/** A request of the kind `metric`. */
export const metricSchema = z
  .strictObject({
    from: z.literal('metric'),
    signal: z.enum(signalNames).exactOptional().describe('The counter of a signal (docs/metrics.md).'),
    metric: metricName().exactOptional().describe('Any other metric.'),
    promql: promqlExpression()
      .exactOptional()
      .describe(
        'An expression with one value at the end of the period, instead of `signal` and `metric`; `$period` in it is the length of the period, as in `increase(errors_total[$period])`.',
      ),
    labels: labelValues().exactOptional().describe('Only series with these values of their labels.'),
    measure: z
      .enum(metricMeasures)
      .exactOptional()
      .describe(
        'What is measured over the period; `increase` for a signal. `share` is the share of the time `above` or `below` a value, in percent.',
      ),
    above: limit().exactOptional().describe('For `share`: the time in which the value is greater.'),
    below: limit().exactOptional().describe('For `share`: the time in which the value is less.'),
    across: z
      .enum(acrossSeries)
      .exactOptional()
      .describe(
        'How the values of several series become one. Default: `sum` for increase and last, `minimum` for minimum, else `maximum`.',
      ),
    by: z
      .array(labelName())
      .min(1)
      .exactOptional()
      .describe(
        'Labels that identify what is measured: of series that differ in others, which replicas expose, the greatest counts. Default: the labels of the signal; for other metrics of clawtrust all but those of the target; for metrics of others every label.',
      ),
    zero_while: metricName()
      .exactOptional()
      .describe(
        'A metric that the same service always exposes. While it is there, no series means zero; without it, no series means unknown. For a signal: `clawtrust_source_up`.',
      ),
    unit: text().exactOptional().describe('Unit of the value, a word: `connections`.'),
  })
  .superRefine((value, context) => {
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const given = (['signal', 'metric', 'promql'] as const).filter(key => value[key] !== undefined)
    if (given.length === 0) complain('signal', 'is missing; name a signal, a metric or an expression (promql)')
    if (given.length > 1) complain(given[1] as string, `conflicts with ${given[0]}; remove one of the two`)
    if (value.promql !== undefined) {
      const useless = (['labels', 'measure', 'above', 'below', 'across', 'by', 'zero_while'] as const).find(
        key => value[key] !== undefined,
      )
      if (useless !== undefined) complain(useless, 'has no effect on promql; write it in the expression')
      return
    }
    if (value.metric !== undefined && value.measure === undefined)
      complain('measure', `is missing; it must be one of ${metricMeasures.join(', ')}`)
    const limits = (['above', 'below'] as const).filter(key => value[key] !== undefined)
    if (value.measure === 'share' && limits.length !== 1)
      complain('measure', 'is share, which needs one of above and below')
    if (value.measure !== 'share' && limits[0] !== undefined) complain(limits[0], 'needs measure: share')
    if (value.signal !== undefined) {
      for (const key of ['by', 'zero_while'] as const)
        if (value[key] !== undefined) complain(key, 'conflicts with signal, which defines it')
      for (const { label, message } of unknownLabels(value.signal, value.labels ?? {}))
        context.addIssue({ code: 'custom', path: ['labels', label], message })
    }
  })

export type MetricRequest = z.output<typeof metricSchema>

/** Labels of each signal, in addition to its own. */
export const SHARED_LABELS = ['gateway', 'trust_zone'] as const

/** A label or a value that a signal never has selects nothing, which would be counted as zero. */
function* unknownLabels(
  signal: SignalName,
  labels: Readonly<Record<string, string | readonly string[]>>,
): Generator<{ readonly label: string; readonly message: string }> {
  const own: Readonly<Record<string, readonly string[] | null>> = signals[signal].labels
  for (const [label, values] of Object.entries(labels)) {
    if ((SHARED_LABELS as readonly string[]).includes(label)) continue
    if (!Object.hasOwn(own, label)) {
      const known = [...SHARED_LABELS, ...Object.keys(own)].join(', ')
      yield { label, message: `is no label of ${signal}; its labels are ${known}` }
      continue
    }
    const wrong = [values].flat().find(value => own[label]?.includes(value) === false)
    if (wrong !== undefined) {
      yield { label, message: `is "${wrong}", which is no value of this label of ${signal}; see docs/metrics.md` }
    }
  }
}

export const measureOf = ({ measure = 'increase' }: MetricRequest): MetricMeasure => measure

export const acrossOf = (request: MetricRequest): AcrossSeries => request.across ?? acrossByDefault[measureOf(request)]
