import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { IdHasher } from '../../../../exporter/sources/elasticsearch/id-hash.ts'
import { IdSet } from '../../../../exporter/sources/elasticsearch/id-set.ts'

const hashId = (id: string) => new IdHasher().ofText(id)

const half = fc.oneof(fc.constantFrom(0, 1, 63, 64, -1, -(2 ** 31)), fc.integer())
const hash = fc.record({ high: half, low: half })

describe('a set of id hashes', () => {
  it('is the same as a set of texts, also for the empty hash, for many in one slot, and packed at any time', () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 400 }), fc.uniqueArray(fc.nat({ max: 400 })), (hashes, places) => {
        const packs = new Set(places)
        const set = new IdSet()
        const truth = new Set<string>()
        const told = hashes.map((one, index) => {
          if (packs.has(index)) set.pack()
          return [set.has(one), set.add(one), set.has(one), set.size]
        })
        const expected = hashes.map(({ high, low }) => {
          const known = truth.has(`${high}/${low}`)
          truth.add(`${high}/${low}`)
          return [known, !known, true, truth.size]
        })
        expect(told).toEqual(expected)
      }),
    )
  })
})

describe('the hash of an id', () => {
  it('keeps 300,000 ids apart that a shipper made of file, offset and time', () => {
    const hashes = new Set<string>()
    const lows = new Set<number>()
    for (let line = 0; line < 300_000; line++) {
      const { high, low } = hashId(`/var/log/openclaw/openclaw-2026-11-24.log-${line * 457}-2026-11-24T00:00:00.000Z`)
      hashes.add(`${high}/${low}`)
      lows.add(low)
    }
    expect(hashes.size).toBe(300_000)
    // Of 2^32 values, 300,000 random ones have about 10 collisions.
    expect(lows.size).toBeGreaterThan(300_000 - 60)
  })
})
