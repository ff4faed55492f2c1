import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { anomalyConstants } from '../../../../../exporter/detection/model/constants.ts'
import { createGaugeScorer, type GaugeScorer } from '../../../../../exporter/detection/model/series/gauge-scorer.ts'
import { createLiteScorer, type LiteScorer } from '../../../../../exporter/detection/model/series/lite-scorer.ts'
import { createSeriesScorer } from '../../../../../exporter/detection/model/series/series-scorer.ts'
import { openSnapshot, wrapSnapshot } from '../../../../../exporter/detection/model/state/snapshot.ts'
import { StateReader } from '../../../../../exporter/detection/model/state/state-reader.ts'
import { StateWriter } from '../../../../../exporter/detection/model/state/state-writer.ts'
import { codePoint } from '../../../../code-point.ts'

describe('state as bytes', () => {
  it('brings back every number and every text as it was', () => {
    const content = fc.array(fc.tuple(fc.double(), fc.string({ unit: codePoint }), fc.nat()))
    fc.assert(
      fc.property(content, rows => {
        const to = new StateWriter()
        for (const [float, text, whole] of rows) {
          to.f64(float)
          to.text(text)
          to.u32(whole)
        }
        const from = new StateReader(to.bytes())
        for (const [float, text, whole] of rows) {
          expect(from.f64()).toBe(float)
          expect(from.text()).toBe(text)
          expect(from.u32()).toBe(whole)
        }
      }),
    )
  })
})

const HEADER_BYTES = 20
/** Behind a flag, the time and the count of the last minute. */
const COMPLETENESS_AT = 20

describe('a snapshot', () => {
  const snapshot = wrapSnapshot('series', new Uint8Array([1, 2, 3, 4]))
  const changed = (at: number) => snapshot.map((byte, i) => (i === at ? byte ^ 1 : byte))

  it('opens where nothing has changed', () => {
    expect(openSnapshot('series', snapshot).state?.u32()).toBe(0x04030201)
  })

  it.each([
    ['of another layout', changed(4), 'version'],
    ['of other constants', changed(8), 'constants'],
    ['of another kind of scorer', changed(12), 'kind'],
    ['with a wrong bit', changed(22), 'damaged'],
    ['cut short', snapshot.subarray(0, 22), 'damaged'],
    ['without content', new Uint8Array(), 'damaged'],
  ])('%s is refused', (_name, bytes, reason) => {
    expect(openSnapshot('series', bytes).refused).toBe(reason)
  })

  it('that is refused leaves the scorer as it was', () => {
    const scorer = createSeriesScorer({ series: 's' })
    scorer.step(600, 1)
    const before = scorer.snapshot()
    expect(scorer.restore(changed(8))).toBe('constants')
    expect(scorer.restore(before.subarray(0, 500))).toBe('damaged')
    expect(scorer.snapshot()).toEqual(before)
  })

  it('that is cut or has an impossible number is refused too where its checksum fits', () => {
    const scorer = createSeriesScorer({ series: 's' })
    scorer.step(600, 1, 'complete', { address: new Map([['203.0.113.9', 1]]) })
    const before = scorer.snapshot()
    const content = before.subarray(HEADER_BYTES)
    for (let length = 0; length < content.length; length += 97) {
      expect(scorer.restore(wrapSnapshot('series', content.subarray(0, length)))).toBe('damaged')
    }
    const otherCompleteness = content.slice()
    otherCompleteness[COMPLETENESS_AT] = 2
    expect(scorer.restore(wrapSnapshot('series', otherCompleteness))).toBe('damaged')
    expect(scorer.snapshot()).toEqual(before)
  })

  it.each([
    ['gauge', createGaugeScorer({ series: 's' }), (scorer: GaugeScorer) => scorer.step(600, 1)],
    [
      'lite 100000',
      createLiteScorer({ series: 's' }),
      (scorer: LiteScorer) => scorer.step(600, new Map([['a', 1]]), 1),
    ],
  ] as const)('of kind %s that is cut is refused and changes nothing', (kind, scorer, step) => {
    step(scorer as GaugeScorer & LiteScorer)
    const before = scorer.snapshot()
    const content = before.subarray(HEADER_BYTES)
    for (let part = 0; part < 50; part++) {
      const cut = content.subarray(0, Math.floor((part / 50) * content.length))
      expect(scorer.restore(wrapSnapshot(kind, cut))).toBe('damaged')
    }
    expect(scorer.snapshot()).toEqual(before)
  })

  it('carries the version that the constants name', () => {
    expect(new StateReader(snapshot.subarray(4)).u32()).toBe(anomalyConstants.snapshotVersion)
  })
})
