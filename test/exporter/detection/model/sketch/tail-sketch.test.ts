import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { TailSketch } from '../../../../../exporter/detection/model/sketch/tail-sketch.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { type Alone, alone } from '../alone.ts'

const create = (habituation: number) => alone(layout => new TailSketch(layout, habituation))

const step = ({ part, state }: Alone<TailSketch>, value: number) => part.step(state, value)
const score = ({ part, state }: Alone<TailSketch>, value: number) => part.score(state, value)

function exponential(steps: number, habituation: number): Alone<TailSketch> {
  const random = new Random(1)
  const sketch = create(habituation)
  for (let i = 0; i < steps; i++) step(sketch, -Math.log(1 - random.uniform()))
  return sketch
}

describe('TailSketch', () => {
  it('gives the published surprises after 10,000 exponential values', () => {
    const sketch = exponential(10_000, 3)
    expect(sketch.part.frame(sketch.state).centre).toBe(0)
    expect(sketch.part.frame(sketch.state).scale).toBeCloseTo(0.00832355, 8)
    expect(sketch.part.weight(sketch.state)).toBe(6076)
    const published = [
      [0.5, 0.22172],
      [1, 0.43704],
      [2, 0.88223],
      [3, 1.29163],
      [5, 1.90246],
      [8, 2.65855],
      [12, 3.66667],
      [20, 5.68291],
      [100, 25.84531],
    ]
    for (const [value, surprise] of published) expect(score(sketch, value as number)).toBeCloseTo(surprise as number, 4)
  })

  it('comes near the true surprise v/ln 10 of an exponential without habituation', () => {
    const sketch = exponential(7000, 1)
    for (const value of [1, 2, 4, 6]) expect(Math.abs(score(sketch, value) - value / Math.LN10)).toBeLessThan(0.15)
  })

  it('never finds a larger value less surprising beyond its tail', () => {
    const sketch = exponential(5000, 3)
    for (let value = 4; value < 1000; value *= 1.1) {
      expect(score(sketch, value * 1.1)).toBeGreaterThanOrEqual(score(sketch, value))
    }
  })

  it('is less surprised by a repetition', () => {
    const sketch = exponential(3000, 3)
    const first = step(sketch, 50)
    for (let i = 0; i < 20; i++) step(sketch, 50)
    expect(score(sketch, 50)).toBeLessThan(first - 1)
  })

  it('says nothing before 50 of weight', () => {
    const sketch = create(3)
    const surprises = Array.from({ length: 51 }, (_, i) => step(sketch, i % 7))
    expect(surprises.slice(0, 50).every(surprise => surprise === 0)).toBe(true)
    expect(surprises[50]).toBeGreaterThan(0)
  })

  it('waits for values that are not all equal, and then scores', () => {
    const sketch = create(3)
    for (let i = 0; i < 1000; i++) expect(step(sketch, 5)).toBe(0)
    for (let i = 0; i < 100; i++) step(sketch, i % 2)
    expect(sketch.part.frame(sketch.state).scale).toBeGreaterThan(0)
    expect(score(sketch, 1e6)).toBeGreaterThan(1)
  })

  it.each([1e300, 1e-300, -1e300, 5e-324])('stays finite among values of size %p', size => {
    const sketch = create(3)
    const random = new Random(3)
    for (let i = 0; i < 500; i++) expect(Number.isFinite(step(sketch, size * random.uniform()))).toBe(true)
    for (const value of [1e300, -1e300, 0]) expect(Number.isFinite(score(sketch, value))).toBe(true)
  })

  it.each([10, 40, 9000])('continues bit for bit from what it saved after %p values', steps => {
    const original = exponential(steps, 2)
    const to = new StateWriter()
    original.part.save(original.state, to)
    const restored = create(2)
    restored.part.load(restored.state, new StateReader(to.bytes()))
    const random = new Random(9)
    for (let i = 0; i < 2000; i++) {
      const value = 3 * random.gauss()
      expect(step(restored, value)).toBe(step(original, value))
    }
  })
})
