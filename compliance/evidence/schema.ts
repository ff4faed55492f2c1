import { z } from 'zod'
import { parsed } from '../../core/config/schema.ts'
import { parseQuery } from '../../promql/read.ts'
import type { Json } from '../../service/state/state.ts'
import { FilterProblem, readFilter } from './document-filter.ts'

/** A filter of documents in Elasticsearch's query DSL. */
export const filter = () =>
  z
    .custom<Json>(value => typeof value === 'object' && value !== null)
    .superRefine((value, context) => {
      try {
        readFilter(value)
      } catch (problem) {
        if (!(problem instanceof FilterProblem)) throw problem
        context.addIssue({ code: 'custom', path: [...problem.path], message: problem.message })
      }
    })
    .meta({
      expects: "a filter in Elasticsearch's query DSL, such as { term: { event.outcome: failure } }",
      placeholder: '<filter>',
    })

/** Patterns of indices, data streams and aliases, separated by commas. */
export const indexPatterns = () =>
  parsed(
    {
      expects: 'an index, a data stream or a pattern such as logs-openclaw.gateway-*, several separated by commas',
      placeholder: '<index>',
      repair: text => text.toLowerCase().replace(/,\s+/g, ','),
    },
    value =>
      /^(?:[^\s,"\\<>|?#/A-Z_-][^\s,"\\<>|?#/A-Z]{0,250})(?:,[^\s"\\<>|?#/A-Z]{1,250}){0,20}$/.test(value)
        ? value
        : undefined,
  )

export const fieldName = () =>
  parsed({ expects: 'the name of a field such as user.name', placeholder: '<field>' }, value =>
    /^[^\s*\p{C}]{1,300}$/u.test(value) ? value : undefined,
  )

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/

export const labelName = () =>
  parsed({ expects: 'the name of a label such as gateway', placeholder: '<label>' }, value =>
    LABEL.test(value) ? value : undefined,
  )

export const metricName = () =>
  parsed({ expects: 'the name of a metric such as clawtrust_guard_up', placeholder: '<metric>' }, value =>
    /^[a-zA-Z_:][a-zA-Z0-9_:]{0,255}$/.test(value) ? value : undefined,
  )

/** Labels with the values that are counted: one, or any of a list. */
export const labelValues = () =>
  z
    .record(z.string(), z.union([z.string(), z.array(z.string()).min(1).max(100)]))
    .superRefine((value, context) => {
      for (const label of Object.keys(value)) {
        if (!LABEL.test(label)) context.addIssue({ code: 'custom', path: [label], message: 'is no name of a label' })
      }
    })
    .meta({ expects: 'labels with their values, such as { mechanism: password }', placeholder: '<labels>' })

/** Stands for the length of the period in an expression. */
export const PERIOD = '$period'

export const promqlExpression = () =>
  parsed(
    {
      expects: 'an expression of PromQL such as sum(increase(errors_total[$period]))',
      placeholder: '<promql>',
    },
    value => (parseQuery(value.replaceAll(PERIOD, '30d')).isValid ? value : undefined),
  )
