import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { calibratedSurprise, peekedSurprise } from '../../../../../exporter/detection/model/sketch/calibration.ts'
import { TailSketch } from '../../../../../exporter/detection/model/sketch/tail-sketch.ts'
import { alone } from '../alone.ts'

const create = () => alone(layout => new TailSketch(layout, 2))

describe('calibratedSurprise', () => {
  it('lets the model speak, held down, while its sketch knows nothing', () => {
    for (const [model, calibrated] of [
      [3, 2.1],
      [50, 2.8],
    ] as const) {
      const { part, state } = create()
      expect(calibratedSurprise(state, part, model)).toBeCloseTo(calibrated)
    }
  })

  it('takes back the exaggeration of a model that is always wrong', () => {
    const { part: sketch, state } = create()
    const random = new Random(5)
    for (let i = 0; i < 5000; i++) calibratedSurprise(state, sketch, -4 * Math.log(1 - random.uniform()))
    expect(calibratedSurprise(state, sketch, 8)).toBeLessThan(2)
  })

  it('does not learn from a peek', () => {
    const { part: sketch, state } = create()
    for (let i = 0; i < 400; i++) sketch.step(state, i % 9)
    const weight = sketch.weight(state)
    const peeked = peekedSurprise(state, sketch, 7)
    expect(sketch.weight(state)).toBe(weight)
    expect(peeked).toBe(peekedSurprise(state, sketch, 7))
  })
})
