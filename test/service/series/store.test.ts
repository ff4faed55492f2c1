import { describe, expect, it } from '@jest/globals'
import type { SeriesValue } from '../../../service/series/series.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { commit, exposed, failures, samplesOf, score, valuesOf } from './fixtures.ts'

describe('a durable metric', () => {
  it('is exposed only as far as it was committed', async () => {
    const store = createSeriesStore()
    const series = store.define(failures).series('a', 'unauthorized')
    series.value += 2
    expect(await valuesOf(store, failures)).toEqual({})
    const changes = store.changes()
    series.value += 5
    store.publish(changes)
    expect(await valuesOf(store, failures)).toEqual({ 'a unauthorized': 2 })
    commit(store)
    expect(await valuesOf(store, failures)).toEqual({ 'a unauthorized': 7 })
  })

  it('tells each change once, a new series also at zero', () => {
    const store = createSeriesStore()
    store.define(failures).series('a', 'unauthorized')
    const change = { metric: failures.name, labels: ['a', 'unauthorized'], value: 0 }
    expect(store.changes()).toEqual([change])
    expect(store.changes()).toEqual([change])
    commit(store)
    expect(store.changes()).toEqual([])
  })

  it('never falls: not by a wrong update, not by commits published in the wrong order', async () => {
    const store = createSeriesStore()
    const series = store.define(failures).series('a', 'unauthorized')
    series.value = 5
    commit(store)
    for (const wrong of [3, Number.NaN, Number.POSITIVE_INFINITY]) {
      series.value = wrong
      expect(store.changes()).toEqual([])
    }
    series.value += 1
    const earlier = store.changes()
    series.value += 1
    commit(store)
    store.publish(earlier)
    expect(await valuesOf(store, failures)).toEqual({ 'a unauthorized': 7 })
  })

  it('keeps fractions, and takes minus zero for zero', async () => {
    const store = createSeriesStore()
    const metric = store.define(failures)
    metric.series('a', 'fraction').value += 0.5
    metric.series('a', 'zero').value = -0
    commit(store)
    expect(await valuesOf(store, failures)).toEqual({ 'a fraction': 0.5, 'a zero': 0 })
    expect(store.changes()).toEqual([])
  })
})

describe('a metric that is not durable', () => {
  it('is exposed at once and never told as a change', async () => {
    const store = createSeriesStore()
    store.define(score).series('a').value = 42
    expect(await valuesOf(store, score)).toEqual({ a: 42 })
    expect(store.changes()).toEqual([])
  })

  it('spells what is not finite as Prometheus does', async () => {
    const store = createSeriesStore()
    const metric = store.define(score)
    for (const value of [Number.NaN, Infinity, -Infinity, 1e21, 1e-7]) metric.series(`v${value}`).value = value
    const text = await exposed(store)
    for (const spelt of ['NaN', '+Inf', '-Inf', '1e+21', '1e-7']) expect(text).toContain(`"} ${spelt}\n`)
  })

  it('loses a series that is removed, and has room again', async () => {
    const store = createSeriesStore({ limit: 1 })
    const metric = store.define(score)
    metric.series('a').value = 1
    metric.remove('a')
    metric.remove('never there')
    metric.series('b').value = 2
    expect(await valuesOf(store, score)).toEqual({ b: 2 })
  })
})

describe('restore', () => {
  const saved: SeriesValue = { metric: failures.name, labels: ['a', 'unauthorized'], value: 40 }

  it('exposes what was saved and counts on from there', async () => {
    const store = createSeriesStore()
    const metric = store.define(failures)
    expect(store.restore([saved])).toEqual([])
    expect(await valuesOf(store, failures)).toEqual({ 'a unauthorized': 40 })
    metric.series('a', 'unauthorized').value += 1
    expect(store.changes()).toEqual([{ ...saved, value: 41 }])
  })

  it('adds what was counted before it', () => {
    const store = createSeriesStore()
    store.define(failures).series('a', 'unauthorized').value += 2
    store.restore([saved])
    expect(store.changes()).toEqual([{ ...saved, value: 42 }])
  })

  it('finds series with changed label values and the overflow series again', async () => {
    const hostile = ['x'.repeat(10_000), '\ud800'] as const
    const before = createSeriesStore({ limit: 1 })
    const counted = before.define(failures)
    counted.series(...hostile).value += 3
    counted.series('beyond', 'limit').value += 5
    const after = createSeriesStore({ limit: 1 })
    const metric = after.define(failures)
    after.restore(before.changes())
    metric.series(...hostile).value += 1
    metric.series('beyond', 'limit').value += 1
    commit(after)
    expect(Object.values(await valuesOf(after, failures))).toEqual([4, 6])
  })

  it('hands back what no durable metric with such labels is defined for', () => {
    const store = createSeriesStore()
    store.define(failures)
    store.define(score)
    const unknown = [
      { ...saved, metric: 'clawtrust_gone_total' },
      { ...saved, labels: ['a'] },
      { metric: score.name, labels: ['a'], value: 1 },
    ]
    expect(store.restore([saved, ...unknown])).toEqual(unknown)
  })

  it('keeps every saved series where the limit was lowered', async () => {
    const store = createSeriesStore({ limit: 1 })
    const metric = store.define(failures)
    store.restore(['a', 'b', 'c'].map(gateway => ({ ...saved, labels: [gateway, 'x'] })))
    metric.series('d', 'x').value += 1
    commit(store)
    expect(await valuesOf(store, failures)).toEqual({ 'a x': 40, 'b x': 40, 'c x': 40, '__overflow__ __overflow__': 1 })
  })
})

describe('the limit', () => {
  it('holds, keeps the sum right and tells how much went beyond', async () => {
    const store = createSeriesStore({ limit: 100 })
    const metric = store.define({ ...failures, limit: 3 })
    for (let n = 0; n < 10; n++) metric.series(`g${n}`, 'x').value += 1
    metric.series('g0', 'x').value += 1
    commit(store)
    const values = await valuesOf(store, failures)
    expect(values).toEqual({ 'g0 x': 2, 'g1 x': 1, 'g2 x': 1, '__overflow__ __overflow__': 7 })
    const about = async (name: string) =>
      (await samplesOf(store, { ...failures, name })).find(sample => sample.labels.get('metric') === failures.name)
        ?.value
    expect(await about('clawtrust_series')).toBe(3)
    expect(await about('clawtrust_series_dropped_total')).toBe(7)
  })

  it('is not entered by a real value that reads as the marker', async () => {
    const store = createSeriesStore({ limit: 1 })
    const metric = store.define(failures)
    metric.series('__overflow__', '__overflow__').value += 1
    metric.series('beyond', 'x').value += 1
    commit(store)
    const values = await valuesOf(store, failures)
    expect(Object.keys(values)).toHaveLength(2)
    expect(values['__overflow__ __overflow__']).toBe(1)
  })
})

describe('a definition', () => {
  it.each([
    [{ ...score, name: '1bad' }, '"1bad" is not a metric name'],
    [{ ...score, labels: ['__name__'] }, '"__name__" is not a label name'],
    [{ ...score, labels: ['a', 'a'] }, 'names a label twice'],
    [{ ...score, limit: 0 }, 'must be at least 1'],
    [{ ...score, name: 'clawtrust_series' }, 'clawtrust_series is already defined'],
  ])('is refused when it is wrong', (definition, sentence) => {
    expect(() => createSeriesStore().define(definition)).toThrow(sentence)
  })

  it('is held to its labels, and durable series stay', () => {
    const store = createSeriesStore()
    expect(() => store.define(failures).series('a')).toThrow('has 2 labels (gateway, reason), not 1')
    expect(() => store.define({ ...score, durable: true }).remove('a')).toThrow('not durable')
  })
})
