import { describe, expect, it } from '@jest/globals'
import { withNodeNames } from '../../../../compliance/render/pdf/node-names.ts'

const named = (...numbers: readonly number[]): Buffer =>
  Buffer.from(numbers.map(number => `/ID (node${String(number).padStart(8, '0')})\n`).join(''), 'latin1')

describe('the names of the elements of a PDF', () => {
  it('are the same whichever numbers Chromium gave its nodes', () => {
    const [one, other] = [named(144, 146, 144, 150), named(145, 147, 145, 153)].map(withNodeNames)
    expect(one).toEqual(other)
    expect(one).toEqual(named(1, 2, 1, 3))
  })

  it('leave every other byte as it is, and its place', () => {
    const bytes = Buffer.from([0, 255, 128, 40, 110, ...named(7), 226, 227])
    expect(withNodeNames(bytes)).toEqual(Buffer.from([0, 255, 128, 40, 110, ...named(1), 226, 227]))
  })
})
