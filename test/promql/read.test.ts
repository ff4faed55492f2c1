import { expect, it } from '@jest/globals'
import { groupingLabels, parseQuery } from '../../promql/read.ts'

it.each([
  ['max by (job, source) (x) > 3', ['job', 'source']],
  ['time() - max by (job) (max_over_time(x{a="by (b)"}[3m])) > 300', ['job']],
  ['max by (outer) (sum by (inner, outer) (x))', ['outer']],
  ['max(x)', []],
  ['x > 1', []],
])('of %s the labels are %j', (expression, labels) => {
  expect(groupingLabels(expression)).toEqual(labels)
})

it('reads the selectors of an expression, each with the functions around it', () => {
  expect(parseQuery('max by (a) (rate(x{b="c"}[5m])) unless y')).toEqual({
    isValid: true,
    metrics: ['x', 'y'],
    selectors: [
      { text: 'x{b="c"}', metric: 'x', within: ['rate', 'max by (a)'] },
      { text: 'y', metric: 'y', within: [] },
    ],
  })
  expect(parseQuery('max by (a (x)').isValid).toBe(false)
})
