import { expect, it } from '@jest/globals'
import { runContender } from '../../../../bench/anomaly/comparison/run.ts'
import type { Detector } from '../../../../bench/anomaly/peers/detector.ts'
import { corpusOf, MINUTES, seriesOf } from '../seccount/corpus-fixture.ts'

/** Writes down what a detector is given. */
function recorder(log: string[], gateway = 0): Detector {
  return {
    step: (time, count, completeness) => {
      if (time < 240) log.push(`${gateway}: ${time / 60} ${count} ${completeness}`)
      return count + 1
    },
    skip: time => {
      log.push(`${gateway}: ${time / 60} missing`)
    },
  }
}

it('gives each minute with its completeness, none before a gateway is there, and no count of a missing one', () => {
  const log: string[] = []
  const observed = new Uint8Array(MINUTES).fill(2)
  observed.set([2, 2, 0, 1])
  const corpus = corpusOf(seriesOf([], { since: 1, observed, counts: new Int32Array(MINUTES).fill(7) }))
  const [outputs] = runContender({ name: 'recorder', create: () => recorder(log) }, corpus)
  expect(log).toEqual(['0: 1 7 complete', '0: 2 missing', '0: 3 7 partial'])
  expect([...(outputs?.subarray(0, 5) ?? [])]).toEqual([0, 8, 0, 8, 8])
})

it('steps the gateways of a zone together, and series without a zone alone', () => {
  const log: string[] = []
  const zones: number[] = []
  const createZone = (gateways: number) => {
    zones.push(gateways)
    return Array.from({ length: gateways }, (_, gateway) => recorder(log, gateway))
  }
  const inZone = (zone: number) => seriesOf([], { zone })
  const corpus = corpusOf(inZone(0), inZone(0), inZone(1), seriesOf([]), seriesOf([]))
  const outputs = runContender({ name: 'zones', create: () => recorder(log), createZone }, corpus)
  expect(zones).toEqual([2, 1, 1, 1])
  expect(outputs).toHaveLength(5)
  expect(log.slice(0, 4)).toEqual(['0: 0 0 complete', '1: 0 0 complete', '0: 1 0 complete', '1: 1 0 complete'])
})
