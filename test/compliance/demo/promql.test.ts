import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { evaluate, type ModelSeries, SCRAPE_MS, samplesOf } from '../../../compliance/demo/evaluate.ts'
import { createDemoMetrics } from '../../../compliance/demo/metric-store.ts'
import { parseExpression } from '../../../compliance/demo/promql.ts'
import { MINUTE_MS } from '../../../core/clock.ts'
import { parseQuery } from '../../../promql/read.ts'

const T = Date.parse('2026-10-01T00:00:00Z')
const at = (minutes: number) => T + minutes * MINUTE_MS

/** A gauge that is the number of its scrape since T, and one that is there for ten minutes. */
const series: readonly ModelSeries[] = [
  { labels: { __name__: 'up', job: 'a', zone: 'edge' }, at: time => (time - T) / SCRAPE_MS },
  { labels: { __name__: 'up', job: 'b', zone: 'edge' }, at: () => 1 },
  { labels: { __name__: 'up', job: 'c', zone: 'lab' }, at: time => (time <= at(9) ? 7 : undefined) },
]
const model = new Map([['up', series]])

const valuesAt = (expression: string, minutes: number) =>
  evaluate(parseExpression(expression), model, [at(minutes)]).map(({ labels, samples }) => [
    Object.values(labels).join(' '),
    samples[0]?.[1],
  ])

describe('the PromQL of the demo', () => {
  it('selects series by their labels, at the scrape before', () => {
    expect(valuesAt('up', 7)).toEqual([
      ['up a edge', 2],
      ['up b edge', 1],
      ['up c lab', 7],
    ])
    expect(valuesAt('up{job="a"}', 7)).toEqual([['up a edge', 2]])
    expect(valuesAt('up{job=~"a|b", zone!="lab"}', 7)).toHaveLength(2)
    expect(valuesAt('up{job!~"a|b"}', 60)).toEqual([])
    expect(valuesAt('down', 7)).toEqual([])
  })

  it('reduces the samples of a range, whose start is not in it', () => {
    expect(valuesAt('max_over_time(up{job="a"}[9m])', 9)).toEqual([['a edge', 3]])
    expect(valuesAt('min_over_time(up{job="a"}[6m])', 9)).toEqual([['a edge', 2]])
    expect(valuesAt('avg_over_time(up{job="a"}[6m])', 9)).toEqual([['a edge', 2.5]])
    expect(valuesAt('last_over_time(up{job="c"}[1h])', 30)).toEqual([['up c lab', 7]])
    expect(valuesAt('last_over_time(up{job="c"}[1h])', 90)).toEqual([])
    expect(valuesAt('resets(up[1h]) > 0', 30)).toEqual([])
  })

  it('gives the samples of a range with their times', () => {
    const range = parseExpression('up{job="a"}[6m]')
    expect(range.kind === 'range' && samplesOf(range, model, at(9))).toEqual([
      {
        labels: { __name__: 'up', job: 'a', zone: 'edge' },
        samples: [
          [at(6), 2],
          [at(9), 3],
        ],
      },
    ])
  })

  it('aggregates over what is there', () => {
    expect(valuesAt('max by (zone) (up)', 60)).toEqual([['edge', 20]])
    expect(valuesAt('sum without (job) (up)', 9)).toEqual([
      ['edge', 4],
      ['lab', 7],
    ])
    expect(valuesAt('count(last_over_time(up[1h]))', 30)).toEqual([['', 3]])
    expect(valuesAt('max(timestamp(up{job="b"}))', 10)).toEqual([['', at(9) / 1_000]])
  })

  it('compares, as a selection or as 0 and 1', () => {
    expect(valuesAt('up > 5', 9)).toEqual([['up c lab', 7]])
    expect(valuesAt('up >= bool 3', 9)).toEqual([
      ['a edge', 1],
      ['b edge', 0],
      ['c lab', 1],
    ])
  })

  it('evaluates subqueries at multiples of their step', () => {
    expect(valuesAt('max_over_time((max by (zone) (max_over_time(up[5m])))[29m59s999ms:5m])', 60)).toEqual([
      ['edge', 20],
    ])
    expect(valuesAt('avg_over_time((min_over_time(up{job="a"}[5m]) > bool 5)[29m59s999ms:5m])', 30)).toEqual([
      ['a edge', 3 / 6],
    ])
    const range = evaluate(parseExpression('min_over_time(timestamp(up{job="c"})[1h:5m])'), model, [at(30), at(120)])
    expect(range).toEqual([{ labels: { job: 'c', zone: 'lab' }, samples: [[at(30), at(-27) / 1_000]] }])
  })

  it('answers at each step of a range, the end included', async () => {
    const store = createDemoMetrics(series, [])
    const signal = new AbortController().signal
    const window = { start: at(0), end: at(12), step: 6 * MINUTE_MS }
    const [found] = await store.range('up{job="a"}', window, signal)
    expect(found?.samples).toEqual([
      [at(0), 0],
      [at(6), 2],
      [at(12), 4],
    ])
  })

  it.each(['up +', 'up{job="a"', 'rate(up[5m])', 'up[5m', 'up offset 5m', '{job="a"}', 'up or up', ''])(
    'refuses %j with a sentence, and not with another value',
    expression => {
      expect(() => evaluate(parseExpression(expression), model, [at(9)])).toThrow('synthetic store of the demo')
    },
  )

  it('reads what Prometheus reads: an expression that it takes is valid', () => {
    const name = fc.constantFrom('up', 'clawtrust_source_up')
    const selector = fc
      .tuple(name, fc.constantFrom('', '{job="a"}', '{job=~"a|b",zone!="lab"}'))
      .map(parts => parts.join(''))
    const expression = fc.letrec<{ all: string; call: string; aggregation: string }>(tie => ({
      call: selector.map(text => `max_over_time(${text}[5m])`),
      aggregation: fc.tuple(fc.constantFrom('max by (zone)', 'sum', 'min without (job)'), tie('all')).map(parts => {
        return `${parts[0]} (${parts[1]})`
      }),
      all: fc.oneof({ maxDepth: 4 }, selector, tie('call'), tie('aggregation')),
    })).all
    fc.assert(
      fc.property(expression, text => {
        expect(parseQuery(text).isValid).toBe(true)
        expect(() => evaluate(parseExpression(text), model, [at(9)])).not.toThrow()
      }),
    )
  })
})
