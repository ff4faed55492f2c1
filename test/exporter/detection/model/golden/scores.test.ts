import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { createGaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import { createLiteScorer } from '../../../../../exporter/detection/model/series/lite-scorer.ts'
import { createSeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { type Digests, scenarios, sha256 } from './scenarios.ts'

const scorers = { createSeriesScorer, createGaugeScorer, createLiteScorer }
const folder = join(import.meta.dirname, 'expected')
const expected: Record<string, { half: Digests; end: Digests }> = JSON.parse(
  readFileSync(join(folder, 'digests.json'), 'utf8'),
)

describe('the scorers say, to the bit, what they said when these results were written', () => {
  it.each(scenarios())('$name', ({ name, steps, start }) => {
    const run = start(scorers)
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.half)
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.end)
  })

  it.each(scenarios())('$name, taken up from a snapshot of then', ({ name, steps, start }) => {
    const snapshot = gunzipSync(readFileSync(join(folder, `${name}.snapshot.gz`)))
    expect(sha256(snapshot)).toBe(expected[name]?.half.snapshot)
    const run = start(scorers)
    run.go(steps / 2)
    expect(run.restore(snapshot)).toBeUndefined()
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.end)
  })
})
