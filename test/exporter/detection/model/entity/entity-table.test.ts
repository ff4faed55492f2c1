import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { EntityTable } from '../../../../../exporter/detection/model/entity/entity-table.ts'
import { ExposureHistory } from '../../../../../exporter/detection/model/entity/exposure-history.ts'
import { FrequencySketch } from '../../../../../exporter/detection/model/entity/frequency-sketch.ts'
import { hashKey } from '../../../../../exporter/detection/model/entity/key-hash.ts'
import { Largest } from '../../../../../exporter/detection/model/entity/largest.ts'

const rate = { events: 1, exposure: 1 }

describe('EntityTable', () => {
  it('gives back what it was given', () => {
    const table = new EntityTable(3)
    table.set(42, { events: 2.5, exposure: 7 }, 9)
    expect(table.get(42)).toEqual({ rate: { events: 2.5, exposure: 7 }, block: 9 })
    expect(table.get(43).block).toBe(-1)
  })

  it('keeps keys that come again from keys that come once', () => {
    const table = new EntityTable(100)
    for (let block = 0; block < 20; block++) {
      for (let key = 0; key < 100; key++) table.set(key, rate, block)
      for (let key = 0; key < 300; key++) table.set(hashKey(`${block} ${key}`, 0), rate, block)
    }
    expect(table.size).toBe(100)
    expect(table.refused).toBeGreaterThan(5900)
    const kept = Array.from({ length: 100 }, (_, key) => table.get(key).block).filter(block => block === 19)
    expect(kept.length).toBeGreaterThanOrEqual(75)
  })

  it('admits a first-seen entity that is observed again, and evicts the one not observed for longest', () => {
    const table = new EntityTable(2)
    table.set(1, rate, 0)
    table.set(2, rate, 1)
    table.set(3, rate, 2)
    expect(table.get(3).block).toBe(-1)
    table.set(3, rate, 3)
    expect(table.get(3).block).toBe(3)
    expect(table.get(1).block).toBe(-1)
    expect(table.get(2).block).toBe(1)
  })
})

describe('FrequencySketch', () => {
  it('never counts too little', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 100 }), keys => {
        const sketch = new FrequencySketch(16)
        for (const key of keys) sketch.see(key * 7_919_000_003)
        for (const key of new Set(keys)) {
          const seen = keys.filter(other => other === key).length
          expect(sketch.frequency(key * 7_919_000_003)).toBeGreaterThanOrEqual(seen)
        }
      }),
    )
  })

  it('forgets by halves', () => {
    const sketch = new FrequencySketch(16)
    for (let i = 0; i < 159; i++) sketch.see(1)
    expect(sketch.frequency(1)).toBe(159)
    sketch.see(1)
    expect(sketch.frequency(1)).toBe(80)
  })
})

describe('ExposureHistory', () => {
  it('lets an idle entity catch up as if it had lived through every block', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 1, maxLength: 900 }),
        exposures => {
          const history = new ExposureHistory()
          history.close(3)
          let lived = 3
          for (const exposure of exposures) {
            history.close(exposure)
            lived = lived * 2 ** (-20 / 10_080) + exposure
          }
          const caughtUp = history.caughtUp({ rate: { events: 8, exposure: 3 }, block: 0 })
          expect(caughtUp.exposure).toBeCloseTo(lived, 6)
          expect(caughtUp.events).toBeCloseTo(8 * 2 ** ((-20 * exposures.length) / 10_080), 9)
        },
      ),
    )
  })

  it('starts an entity again that was idle for 14 days', () => {
    const history = new ExposureHistory()
    for (let block = 0; block < 1010; block++) history.close(1)
    expect(history.caughtUp({ rate: { events: 8, exposure: 3 }, block: 0 })).toEqual({ events: 0, exposure: 0 })
  })
})

describe('Largest', () => {
  it('keeps what sorting would keep', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 8 }), (values, k) => {
        const largest = new Largest<number>(k, value => value)
        for (const value of values) largest.offer(value)
        expect(largest.items).toEqual(values.toSorted((a, b) => b - a).slice(0, k))
      }),
    )
  })
})
