import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { TailSketch } from '../../../../exporter/anomaly/sketch/tail-sketch.ts'
import { StateReader } from '../../../../exporter/anomaly/state/state-reader.ts'
import { StateWriter } from '../../../../exporter/anomaly/state/state-writer.ts'

function exponential(steps: number, habituation: number): TailSketch {
  const random = new Random(1)
  const sketch = new TailSketch(habituation)
  for (let i = 0; i < steps; i++) sketch.step(-Math.log(1 - random.uniform()))
  return sketch
}

describe('TailSketch', () => {
  it('gives the published surprises after 10,000 exponential values', () => {
    const sketch = exponential(10_000, 3)
    expect(sketch.frame.centre).toBe(0)
    expect(sketch.frame.scale).toBeCloseTo(0.00832355, 8)
    expect(sketch.weight).toBe(6076)
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
    for (const [value, surprise] of published) expect(sketch.score(value as number)).toBeCloseTo(surprise as number, 4)
  })

  it('comes near the true surprise v/ln 10 of an exponential without habituation', () => {
    const sketch = exponential(7000, 1)
    for (const value of [1, 2, 4, 6]) expect(Math.abs(sketch.score(value) - value / Math.LN10)).toBeLessThan(0.15)
  })

  it('never finds a larger value less surprising beyond its tail', () => {
    const sketch = exponential(5000, 3)
    for (let value = 4; value < 1000; value *= 1.1) {
      expect(sketch.score(value * 1.1)).toBeGreaterThanOrEqual(sketch.score(value))
    }
  })

  it('is less surprised by a repetition', () => {
    const sketch = exponential(3000, 3)
    const first = sketch.step(50)
    for (let i = 0; i < 20; i++) sketch.step(50)
    expect(sketch.score(50)).toBeLessThan(first - 1)
  })

  it('says nothing before 50 of weight', () => {
    const sketch = new TailSketch(3)
    const surprises = Array.from({ length: 51 }, (_, i) => sketch.step(i % 7))
    expect(surprises.slice(0, 50).every(surprise => surprise === 0)).toBe(true)
    expect(surprises[50]).toBeGreaterThan(0)
  })

  it('waits for values that are not all equal, and then scores', () => {
    const sketch = new TailSketch(3)
    for (let i = 0; i < 1000; i++) expect(sketch.step(5)).toBe(0)
    for (let i = 0; i < 100; i++) sketch.step(i % 2)
    expect(sketch.frame.scale).toBeGreaterThan(0)
    expect(sketch.score(1e6)).toBeGreaterThan(1)
  })

  it.each([1e300, 1e-300, -1e300, 5e-324])('stays finite among values of size %p', size => {
    const sketch = new TailSketch(3)
    const random = new Random(3)
    for (let i = 0; i < 500; i++) expect(Number.isFinite(sketch.step(size * random.uniform()))).toBe(true)
    for (const value of [1e300, -1e300, 0]) expect(Number.isFinite(sketch.score(value))).toBe(true)
  })

  it.each([10, 40, 9000])('goes on bit for bit from what it saved after %p values', steps => {
    const original = exponential(steps, 2)
    const to = new StateWriter()
    original.save(to)
    const restored = new TailSketch(2)
    restored.load(new StateReader(to.bytes()))
    const random = new Random(9)
    for (let i = 0; i < 2000; i++) {
      const value = 3 * random.gauss()
      expect(restored.step(value)).toBe(original.step(value))
    }
  })
})
