import { expect, it } from '@jest/globals'
import { ceilingOutputs } from '../../../../bench/anomaly/comparison/ceiling.ts'
import { corpusOf, MINUTES, seriesOf } from '../seccount/corpus-fixture.ts'

const means = new Float64Array(MINUTES).fill(2)

it('is surprised by what the true mean does not explain: an excess and a silence', () => {
  const counts = new Int32Array(MINUTES).fill(2)
  counts.fill(20, 5000, 5010)
  counts.fill(0, 7000, 7120)
  const [outputs] = ceilingOutputs(corpusOf(seriesOf([], { counts, means })))
  const at = (minute: number) => outputs?.[minute] as number
  expect(at(4999)).toBe(0)
  expect(at(5009)).toBeGreaterThan(6)
  expect(at(7119)).toBeGreaterThan(6)
})

it('leaves out minutes that were not fully observed', () => {
  const observed = new Uint8Array(MINUTES).fill(2)
  observed.fill(0, 7000, 7600)
  const counts = new Int32Array(MINUTES).fill(2)
  counts.fill(0, 7000, 7600)
  const [outputs] = ceilingOutputs(corpusOf(seriesOf([], { counts, means, observed })))
  expect(outputs?.[7599]).toBe(0)
})
