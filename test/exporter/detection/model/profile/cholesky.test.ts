import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { choleskySolution } from '../../../../../exporter/detection/model/profile/cholesky.ts'

const entry = fc.double({ min: -10, max: 10, noNaN: true })
const system = fc.integer({ min: 1, max: 15 }).chain(size =>
  fc.record({
    factor: fc.array(fc.array(entry, { minLength: size, maxLength: size }), { minLength: size, maxLength: size }),
    solution: fc.array(entry, { minLength: size, maxLength: size }),
  }),
)
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, at) => sum + x * (b[at] ?? 0), 0)

describe('choleskySolution', () => {
  it('solves random positive definite systems', () => {
    fc.assert(
      fc.property(system, ({ factor, solution }) => {
        // BBᵀ + I is positive definite whatever B is.
        const matrix = factor.map((row, i) =>
          Float64Array.from(factor, (other, j) => dot(row, other) + (i === j ? 1 : 0)),
        )
        const right = Float64Array.from(matrix, row => dot(row, solution))
        const found = choleskySolution(matrix, right)
        solution.forEach((value, at) => {
          expect(Math.abs((found[at] as number) - value)).toBeLessThan(1e-6)
        })
      }),
    )
  })

  it('reads the lower triangle only, and changes nothing that it was given', () => {
    const matrix = [Float64Array.of(4, 999), Float64Array.of(2, 3)]
    const right = Float64Array.of(8, 7)
    const [x = 0, y = 0] = choleskySolution(matrix, right)
    expect(x).toBeCloseTo(1.25, 10)
    expect(y).toBeCloseTo(1.5, 10)
    expect(matrix).toEqual([Float64Array.of(4, 999), Float64Array.of(2, 3)])
    expect(right).toEqual(Float64Array.of(8, 7))
  })

  it('moves nothing in a direction of which nothing is known', () => {
    const matrix = [Float64Array.of(0, 0), Float64Array.of(0, 2)]
    const [x, y] = choleskySolution(matrix, Float64Array.of(0, 4))
    expect(x).toBe(0)
    expect(y).toBeCloseTo(2, 10)
  })
})
