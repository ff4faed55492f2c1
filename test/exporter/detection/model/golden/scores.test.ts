import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { createGaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import { createLiteScorer } from '../../../../../exporter/detection/model/series/lite-scorer.ts'
import { createSeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { type GoldenDigests, scenarios } from './scenarios.ts'

const scorers = { createSeriesScorer, createGaugeScorer, createLiteScorer }
const folder = join(import.meta.dirname, 'expected')
const expected: Record<string, GoldenDigests> = JSON.parse(readFileSync(join(folder, 'digests.json'), 'utf8'))

describe('the scorers say, to the bit, what is recorded', () => {
  it.each(scenarios())('$name', ({ name, steps, start }) => {
    const run = start(scorers)
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.half)
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.end)
  })

  it.each(scenarios())('$name, resumed from a snapshot of version 0.1.0', ({ name, steps, start }) => {
    const snapshot = gunzipSync(readFileSync(join(folder, `${name}.snapshot.gz`)))
    const run = start(scorers)
    run.go(steps / 2)
    expect(run.restore(snapshot)).toBeUndefined()
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.resumed)
  })

  it.each(scenarios())('$name, resumed from a snapshot of its own', ({ name, steps, start }) => {
    const run = start(scorers)
    run.go(steps / 2)
    expect(run.restore(run.snapshot())).toBeUndefined()
    run.go(steps / 2)
    expect(run.digests()).toEqual(expected[name]?.end)
  })
})
