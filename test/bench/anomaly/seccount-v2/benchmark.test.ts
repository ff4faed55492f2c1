import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { type Corpus, observation } from '../../../../bench/anomaly/seccount/corpus.ts'
import { drawCorpus } from '../../../../bench/anomaly/seccount-v2/benchmark.ts'

/** Counts as little-endian int32, what was observed, and the causes, series after series. */
function checkSum({ series }: Corpus): string {
  const digest = createHash('sha256')
  for (const { counts, observed, causes } of series) {
    digest.update(Buffer.from(counts.buffer))
    digest.update(observed as Uint8Array)
    digest.update(causes as Uint8Array)
  }
  return digest.digest('hex')
}

describe('SecCount version 2', () => {
  let corpus: Corpus
  let other: Corpus
  beforeAll(() => {
    corpus = drawCorpus(12345)
    other = drawCorpus(777)
  }, 120_000)

  it('is drawn as published, down to the last count', () => {
    expect(checkSum(corpus)).toBe('f4155158e9111b5b2c325bbe0b2e6c6e35f00461831f892c65b6bdf635f96d1e')
    expect(checkSum(other)).toBe('1b26247470249cf07b2da92985d3267497216a0b33b25b001229f474033751e2')
    expect(corpus.series.flatMap(({ attacks }) => attacks)).toHaveLength(396)
    expect(corpus.series[0]?.attacks.map(({ type, first, last }) => `${type} ${first}–${last}`)).toEqual([
      'zonespray 28278–28448',
      'burst 41053–41058',
      'trickle 41518–43501',
      'drip 44120–44797',
      'offhours 47704–47771',
      'spray 48897–49083',
    ])
  })

  it('has 20 zones of three gateways, four of each rate, of which the last has a new gateway', () => {
    const { series } = corpus
    expect(series).toHaveLength(60)
    series.forEach(({ zone, since = 0, counts }, index) => {
      expect(zone).toBe(Math.floor(index / 3))
      expect(since > 0).toBe(index % 12 === 11)
      expect(counts.subarray(0, since).every(count => count === 0)).toBe(true)
    })
  })

  it('attacks the gateways of a zone together once, the same minutes on each', () => {
    for (let zone = 0; zone < 20; zone++) {
      const campaigns = corpus.series
        .filter(series => series.zone === zone)
        .map(({ attacks }) => attacks.filter(({ campaign }) => campaign === zone))
      expect(campaigns.map(its => its.length)).toEqual([1, 1, 1])
      expect(new Set(campaigns.flat().map(({ first, last }) => `${first}–${last}`)).size).toBe(1)
    }
  })

  it('attacks only what is observed and up, in the test period, six hours apart', () => {
    for (const { attacks, observed, causes, since = 0 } of corpus.series) {
      attacks.forEach(({ first, last }, index) => {
        const previous = attacks[index - 1]?.last ?? Number.NEGATIVE_INFINITY
        expect(first - previous).toBeGreaterThanOrEqual(360)
        expect(first).toBeGreaterThanOrEqual(Math.max(corpus.testFrom, since + 2880))
        expect(last).toBeLessThan(corpus.minutes)
        expect(observed?.subarray(first, last + 1).every(value => value === observation.complete)).toBe(true)
        expect(causes?.subarray(first, last + 1).every(cause => !isNeutral(corpus, cause))).toBe(true)
      })
    }
  })

  it('has every benign cause in the test period', () => {
    const seen = new Set<number>()
    for (const { causes } of [...corpus.series, ...other.series]) {
      for (const cause of causes?.subarray(corpus.testFrom) ?? []) seen.add(cause)
    }
    expect(seen.size).toBe(corpus.causes.length)
  })

  it('has no event in an outage, and has partial minutes', () => {
    let partial = 0
    let inOutage = 0
    for (const { counts, causes, observed } of corpus.series) {
      for (let minute = 0; minute < corpus.minutes; minute++) {
        if (observed?.[minute] === observation.partial) partial++
        if (isNeutral(corpus, causes?.[minute] ?? 0)) inOutage += counts[minute] as number
      }
    }
    expect(inOutage).toBe(0)
    expect(partial).toBeGreaterThan(0)
  })
})

function isNeutral({ causes }: Corpus, cause: number): boolean {
  return causes[cause]?.neutral === true
}
