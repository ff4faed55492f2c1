import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BIN_COUNT } from '../../../../../exporter/detection/model/sketch/bins.ts'
import { FilledBins } from '../../../../../exporter/detection/model/sketch/filled-bins.ts'
import { alone } from '../alone.ts'

const SKETCHES = 3

describe('FilledBins', () => {
  it('weighs the bins of several sketches as an array for each would', () => {
    const { part, state } = create()
    const sketch = fc.nat(SKETCHES - 1)
    const action = fc.oneof(
      { weight: 40, arbitrary: fc.tuple(sketch, fc.nat(BIN_COUNT - 1), fc.constantFrom(1, 2, 3)) },
      { weight: 2, arbitrary: fc.tuple(sketch, fc.constant('halve' as const)) },
      { weight: 1, arbitrary: fc.tuple(sketch, fc.constant('clear' as const)) },
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 400, size: 'max' }), actions => {
        for (const bins of part) bins.clear(state)
        const arrays = part.map(() => new Float32Array(BIN_COUNT))
        for (const [number, what, weight] of actions) {
          const bins = part[number] as FilledBins
          const array = arrays[number] as Float32Array
          if (what === 'halve') {
            bins.halve(state)
            array.forEach((held, bin) => {
              array[bin] = held / 2
            })
          } else if (what === 'clear') {
            bins.clear(state)
            array.fill(0)
          } else {
            bins.add(state, what, bins.place(state, what), weight as number)
            array[what] = (array[what] as number) + (weight as number)
          }
        }
        for (const [number, bins] of part.entries()) {
          const filled = [...(arrays[number] as Float32Array).entries()].filter(([, weight]) => weight > 0)
          expect([...bins.entries(state)]).toEqual(filled)
          for (const [index, [bin]] of filled.entries()) {
            const place = bins.begin(state) + index
            expect(bins.place(state, bin)).toBe(place)
            expect(bins.binAt(state, place)).toBe(bin)
          }
          expect(bins.end(state) - bins.begin(state)).toBe(filled.length)
        }
      }),
      { numRuns: 60 },
    )
  })
})

function create() {
  return alone(layout => Array.from({ length: SKETCHES }, () => new FilledBins(layout, layout.sketch())))
}
