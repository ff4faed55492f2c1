import { describe, expect, it } from '@jest/globals'
import { Random } from '../../../../../bench/anomaly/seccount/random.ts'
import { Silence } from '../../../../../exporter/detection/model/count/silence.ts'
import { type Alone, alone } from '../alone.ts'

const create = () => alone(layout => new Silence(layout))

function accustomed(): Alone<Silence> {
  const silence = create()
  const random = new Random(21)
  for (let i = 0; i < 6000; i++) silence.part.step(silence.state, random.negativeBinomial(2, 0.3), 2, 0.3, true)
  silence.part.step(silence.state, 1, 2, 0.3, true)
  return silence
}

describe('Silence', () => {
  it('grows while the run is new and ends with an event', () => {
    const silence = accustomed()
    const run = Array.from({ length: 60 }, () => silence.part.step(silence.state, 0, 2, 0.3, true))
    expect(run[14]).toBeGreaterThan(run[2] as number)
    expect(Math.max(...run)).toBeGreaterThan(3)
    expect(silence.part.run(silence.state).minutes).toBe(60)
    expect(silence.part.run(silence.state).missed).toBeCloseTo(120)
    expect(silence.part.step(silence.state, 1, 2, 0.3, true)).toBe(0)
    expect(silence.part.run(silence.state).minutes).toBe(0)
  })

  it('adds up to −log10 of the chance of all those zeros', () => {
    const silence = create()
    const minutes = 20
    for (let i = 0; i < minutes - 1; i++) silence.part.step(silence.state, 0, 3, 0.5, false)
    const surprise = (minutes * Math.log1p(0.5 * 3)) / 0.5 / Math.LN10
    expect(silence.part.step(silence.state, 0, 3, 0.5, true)).toBeCloseTo(0.7 * Math.min(4, surprise))
  })

  it('says nothing where nothing is expected', () => {
    const silence = create()
    for (let i = 0; i < 5000; i++) expect(silence.part.step(silence.state, 0, 0.0001, 0.3, true)).toBe(0)
  })

  it('is suspended by partial minutes: they neither lengthen nor end the run', () => {
    const silence = accustomed()
    for (let i = 0; i < 20; i++) silence.part.step(silence.state, 0, 2, 0.3, true)
    for (let i = 0; i < 500; i++) silence.part.stepPartial(silence.state, 0)
    expect(silence.part.run(silence.state).minutes).toBe(20)
    silence.part.step(silence.state, 0, 2, 0.3, true)
    expect(silence.part.run(silence.state).minutes).toBe(21)
    silence.part.stepPartial(silence.state, 3)
    expect(silence.part.run(silence.state).minutes).toBe(0)
  })
})
