import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { boundLabelValue } from '../../../service/series/label-values.ts'
import type { MetricDefinition } from '../../../service/series/series.ts'
import { createSeriesStore } from '../../../service/series/store.ts'
import { withCommands } from '../../requirements.ts'
import { commit, exposed, failures, hostileText, samplesOf, score, slicesOf } from './fixtures.ts'
import { parseExposition } from './strict-parser.ts'

const tuples = fc.uniqueArray(fc.tuple(hostileText, hostileText), {
  selector: ([one, other]) => JSON.stringify([one, other]),
  maxLength: 30,
})

async function hostileStore(labels: readonly (readonly [string, string])[]) {
  const store = createSeriesStore()
  const metric = store.define(failures)
  for (const [index, tuple] of labels.entries()) metric.series(...tuple).value += index + 1
  commit(store)
  return store
}

describe('the exposition', () => {
  it('gives each label tuple its own series, whatever an attacker writes', async () => {
    await fc.assert(
      fc.asyncProperty(tuples, async labels => {
        const samples = await samplesOf(await hostileStore(labels), failures)
        expect(samples.map(({ labels, value }) => [labels.get('gateway'), labels.get('reason'), value])).toEqual(
          labels.map(([one, other], index) => [boundLabelValue(one), boundLabelValue(other), index + 1]),
        )
        expect(new Set(samples.map(({ labels }) => JSON.stringify([...labels])))).toHaveProperty('size', labels.length)
      }),
    )
  })

  withCommands('promtool').it('is taken by promtool with hostile values in it', async () => {
    const labels = fc.sample(tuples, { numRuns: 20, seed: 7 }).flat()
    const store = await hostileStore(labels.map(([one, other], index) => [`${one}${index}`, other]))
    store.define({ ...score, help: 'A "help" with \\ and\na newline.' }).series('a').value = Number.NaN
    expect(execFileSync('promtool', ['check', 'metrics'], { input: await exposed(store) }).toString()).toBe('')
  })

  it('has no labels in braces where the metric has none', async () => {
    const store = createSeriesStore()
    store.define({ ...score, labels: [] }).series().value = 3
    expect(await exposed(store)).toContain('# TYPE clawtrust_anomaly_score gauge\nclawtrust_anomaly_score 3\n')
  })

  it('keeps to what was published when the scrape began, while series come, go and are committed between its slices', async () => {
    const store = createSeriesStore({ limit: 20_000 })
    const metric = store.define(failures)
    const later = store.define({ ...failures, name: 'clawtrust_auth_lockouts_total' })
    const add = () => {
      for (let n = 0; n < 10_000; n++) metric.series(`gateway-${n}`, 'unauthorized').value += 1
      for (let n = 0; n < 10_000; n++) later.series(`gateway-${n}`, 'unauthorized').value += 1
      commit(store)
    }
    add()
    const first: string[] = []
    let second: Promise<string> | undefined
    for await (const slice of store.render()) {
      first.push(String(slice))
      add()
      metric.series(`new-${first.length}`, 'x').value += 1
      second ??= exposed(store)
    }
    const count = (text: string, { name }: MetricDefinition, value: number) =>
      parseExposition(text).filter(sample => sample.name === name && sample.value === value).length
    expect(first.length).toBeGreaterThan(3)
    for (const { definition } of [metric, later]) {
      expect(count(first.join(''), definition, 1)).toBe(10_000)
      expect(count((await second) ?? '', definition, 2)).toBe(10_000)
    }
  })

  it('shows a metric that is not durable as it is when its turn comes, all of it at one moment', async () => {
    const store = createSeriesStore({ limit: 20_000 })
    const gauge = store.define(score)
    for (let n = 0; n < 20_000; n++) gauge.series(`gateway-${n}`).value = 1
    const slices: string[] = []
    for await (const slice of store.render()) {
      slices.push(String(slice))
      for (let n = 0; n < 20_000; n++) gauge.series(`gateway-${n}`).value = 2
      gauge.remove(`gateway-${19_999 - slices.length}`)
    }
    const values = parseExposition(slices.join('')).filter(({ name }) => name === score.name)
    expect(slices.length).toBeGreaterThan(2)
    expect(values).toHaveLength(20_000)
    expect(new Set(values.map(({ value }) => value))).toEqual(new Set([1]))
  })

  it('lets the event loop turn between its slices', async () => {
    const store = createSeriesStore({ limit: 20_000 })
    const gauge = store.define(score)
    for (let n = 0; n < 20_000; n++) gauge.series(`gateway-${n}`)
    let turns = 0
    let rendering = true
    const turn = () => {
      turns += 1
      if (rendering) setImmediate(turn)
    }
    setImmediate(turn)
    const slices = await slicesOf(store)
    rendering = false
    expect(slices.length).toBeGreaterThan(2)
    expect(turns).toBeGreaterThanOrEqual(slices.length - 1)
    expect(Math.max(...slices.map(slice => slice.length))).toBeLessThan(270_000)
  })

  it('holds a text of any length in one slice, in UTF-8', async () => {
    const store = createSeriesStore()
    const help = 'ü€🦞'.repeat(100_000)
    store.define({ ...score, labels: [], help }).series().value = 1
    expect(await exposed(store)).toContain(
      `# HELP ${score.name} ${help}\n# TYPE ${score.name} gauge\n${score.name} 1\n`,
    )
  })
})
