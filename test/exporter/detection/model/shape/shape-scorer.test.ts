import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { RunningMaximum } from '../../../../../exporter/detection/model/shape/running-maximum.ts'
import { ShapeScorer } from '../../../../../exporter/detection/model/shape/shape-scorer.ts'
import { shapeViews } from '../../../../../exporter/detection/model/shape/shape-views.ts'
import { alone } from '../alone.ts'

const START = 1_736_121_600

const create = () => alone(layout => new ShapeScorer(layout))

describe('ShapeScorer', () => {
  it('gives the published values on a daily wave with a burst in it', () => {
    const published = new Map([
      [1499, [15.208115, 13.67989, 0, 0, 0.274, 0.256, 0.688, 0.899]],
      [1500, [35.265135, 13.79128, 31.5688, 31.5688, 58.808, 2.398, 28.194, 0.898]],
      [1501, [35.108501, 15.33599, 12.2402, 0, 0.274, 7.554, 3.728, 0.897]],
      [1505, [34.996438, 15.33343, 3.1351, 0, 0.274, 2.961, 2.434, 1.105]],
      [1520, [15.401245, 13.87007, 0.3705, 0, 0.274, 0.271, 0.38, 1.787]],
    ])
    const random = new Random(1)
    const { part: scorer, state } = create()
    const maximum = new RunningMaximum()
    let sum = 0
    let fires = 0
    for (let i = 0; i < 2000; i++) {
      const burst = i >= 1500 && i <= 1505 ? 20 : 0
      const value = 10 + 5 * Math.sin((2 * Math.PI * i) / 288) + (random.uniform() - 0.5) + burst
      const raw = scorer.step(state, START + 300 * i, value)
      const fire = maximum.step(state, START + 300 * i, raw)
      sum += raw
      if (fire > 0) fires++
      const surprises = [0, 1, 3, 4].map(view => scorer.surprises(state)[view] as number)
      published.get(i)?.forEach((figure, column) => {
        expect([value, scorer.band(state).expected, raw, fire, ...surprises][column]).toBeCloseTo(figure, 2)
      })
    }
    expect(sum).toBeCloseTo(275.4894, 2)
    expect(fires).toBe(14)
  })

  it.each([
    ['flat', () => 7],
    ['zero', () => 0],
    ['negative', (i: number) => -(i % 13)],
    ['huge', (i: number) => (i % 2 === 0 ? 1e300 : -1e300)],
    ['tiny', (i: number) => 1e-300 * (i % 5)],
    ['mixed', (i: number) => [1e300, 1e-300, 0, -5][i % 4] as number],
  ])('stays finite on %s values', (_name, valueAt) => {
    const { part: scorer, state } = create()
    for (let i = 0; i < 800; i++) {
      expect(Number.isFinite(scorer.step(state, START + 300 * i, valueAt(i)))).toBe(true)
      for (const figure of Object.values(scorer.band(state))) expect(Number.isFinite(figure)).toBe(true)
    }
  })

  it('never finds a flat series anomalous', () => {
    const { part: scorer, state } = create()
    for (let i = 0; i < 3000; i++) expect(scorer.step(state, START + 300 * i, 42)).toBe(0)
  })

  it('splits its surprise by view', () => {
    const { part: scorer, state } = create()
    const random = new Random(4)
    for (let i = 0; i < 1500; i++) {
      const raw = scorer.step(state, START + 300 * i, random.gauss() + (i % 400 === 399 ? 15 : 0))
      expect(scorer.terms(state).reduce((sum, term) => sum + term, 0)).toBeCloseTo(raw, 12)
    }
    expect(scorer.terms(state)).toHaveLength(shapeViews.length)
  })

  it('takes a time that runs backwards as it is', () => {
    const { part: scorer, state } = create()
    for (let i = 0; i < 400; i++) expect(Number.isFinite(scorer.step(state, START - 300 * i, i % 7))).toBe(true)
  })
})
