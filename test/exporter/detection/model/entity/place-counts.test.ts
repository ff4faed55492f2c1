import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PlaceCounts } from '../../../../../exporter/detection/model/entity/place-counts.ts'

const PLACES = 512

describe('PlaceCounts', () => {
  it('counts as an array of bytes would, from few filled places to all of them', () => {
    const action = fc.oneof(
      { weight: 30, arbitrary: fc.nat(PLACES - 1) },
      { weight: 5, arbitrary: fc.tuple(fc.nat(PLACES - 1), fc.integer({ min: 1, max: 255 })) },
      { weight: 1, arbitrary: fc.constant('halve' as const) },
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 1000, size: 'max' }), actions => {
        const counts = new PlaceCounts(PLACES)
        const bytes = new Uint8Array(PLACES)
        for (const one of actions) {
          if (one === 'halve') {
            counts.halve()
            bytes.forEach((count, place) => {
              bytes[place] = count >> 1
            })
          } else if (typeof one === 'number') {
            counts.add(one)
            bytes[one] = Math.min(255, (bytes[one] ?? 0) + 1)
          } else {
            counts.set(...one)
            bytes[one[0]] = one[1]
          }
        }
        const filled = [...bytes.entries()].filter(([, count]) => count > 0)
        expect([...counts.entries()]).toEqual(filled)
        expect(Array.from(bytes, (_, place) => counts.get(place))).toEqual([...bytes])
      }),
      { numRuns: 50 },
    )
  })

  it('counts at the last of 2^24 places', () => {
    const counts = new PlaceCounts(2 ** 24)
    counts.add(2 ** 24 - 1)
    counts.add(2 ** 24 - 1)
    expect([...counts.entries()]).toEqual([[2 ** 24 - 1, 2]])
  })
})
