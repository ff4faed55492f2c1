import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../bench/anomaly/seccount/random.ts'
import { calibratedSurprise, peekedSurprise } from '../../../../exporter/anomaly/sketch/calibration.ts'
import { TailSketch } from '../../../../exporter/anomaly/sketch/tail-sketch.ts'

describe('calibratedSurprise', () => {
  it('lets the model speak, held down, while its sketch knows nothing', () => {
    expect(calibratedSurprise(3, new TailSketch(2))).toBeCloseTo(2.1)
    expect(calibratedSurprise(50, new TailSketch(2))).toBeCloseTo(2.8)
  })

  it('takes back the exaggeration of a model that is always wrong', () => {
    const sketch = new TailSketch(2)
    const random = new Random(5)
    for (let i = 0; i < 5000; i++) calibratedSurprise(-4 * Math.log(1 - random.uniform()), sketch)
    expect(calibratedSurprise(8, sketch)).toBeLessThan(2)
  })

  it('does not learn from a peek', () => {
    const sketch = new TailSketch(2)
    for (let i = 0; i < 400; i++) sketch.step(i % 9)
    const weight = sketch.weight
    const peeked = peekedSurprise(7, sketch)
    expect(sketch.weight).toBe(weight)
    expect(peeked).toBe(peekedSurprise(7, sketch))
  })
})
