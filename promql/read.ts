import type { SyntaxNodeRef } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

export interface ParsedQuery {
  /** False if Prometheus would refuse it. */
  readonly isValid: boolean
  /** The metrics that it selects. */
  readonly metrics: readonly string[]
  /** `metric{…}`, each with the functions and aggregations around it, the innermost first. */
  readonly selectors: readonly { readonly text: string; readonly metric: string; readonly within: readonly string[] }[]
}

/** The selectors of an expression without Grafana's variables, and their functions. */
export function parseQuery(expression: string): ParsedQuery {
  let isValid = true
  const selectors: { text: string; metric: string; within: readonly string[] }[] = []
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) isValid = false
      if (node.name !== 'VectorSelector') return
      const text = expression.slice(node.from, node.to)
      selectors.push({ text, metric: /^\w+/.exec(text)?.[0] ?? '', within: around(node, expression) })
    },
  })
  return { isValid, metrics: selectors.map(({ metric }) => metric), selectors }
}

/** `max by (a, b)`, `rate`: the text before the parenthesis of each call and aggregation around a node. */
function around(node: SyntaxNodeRef, expression: string): readonly string[] {
  const words: string[] = []
  for (let at = node.node.parent; at !== null; at = at.parent) {
    if (at.name !== 'FunctionCall' && at.name !== 'AggregateExpr') continue
    const body = at.getChild('FunctionCallBody')
    words.push(expression.slice(at.from, body?.from ?? at.to).trim())
  }
  return words
}

/**
 * The labels that an expression keeps: those by which its outermost aggregation groups; none if there is no
 * aggregation.
 */
export function groupingLabels(expression: string): readonly string[] {
  const labels: string[] = []
  let isFound = false
  parser.parse(expression).iterate({
    enter(node) {
      if (isFound) return false
      if (node.name !== 'AggregateExpr') return
      isFound = true
      const grouping = node.node.getChild('AggregateModifier')?.getChild('GroupingLabels')
      for (const label of grouping?.getChildren('LabelName') ?? []) labels.push(expression.slice(label.from, label.to))
    },
  })
  return labels
}
