import { createHash } from 'node:crypto'
import { expect, it } from '@jest/globals'
import { drawCorpus } from '../../../../bench/anomaly/seccount/benchmark.ts'

it('draws version 1 as published, down to the last count, also with seed 777', () => {
  const { series } = drawCorpus(777)
  const digest = createHash('sha256')
  for (const { counts } of series) digest.update(Buffer.from(counts.buffer))
  expect(digest.digest('hex')).toBe('694892355408d9fe148c70c233c1125c117d1336c0363d42a55b708410ba2f04')
  expect(series.flatMap(({ attacks }) => attacks)).toHaveLength(276)
}, 120_000)
