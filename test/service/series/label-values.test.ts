import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { boundLabelValue, LABEL_VALUE_LIMIT, OVERFLOW_LABEL_VALUE } from '../../../service/series/label-values.ts'
import { hostileText } from './fixtures.ts'

describe('a label value', () => {
  it.each(['unauthorized', '', 'grüße 😀', '"quoted"\n', 'nul\0', 'x'.repeat(LABEL_VALUE_LIMIT)])(
    'stays as it is: %j',
    text => {
      expect(boundLabelValue(text)).toBe(text)
    },
  )

  it('is cut at the limit and ends with the hash of the whole text', () => {
    const value = boundLabelValue('x'.repeat(10_000))
    expect(value).toHaveLength(LABEL_VALUE_LIMIT)
    expect(value).toMatch(/^x{991}~[0-9a-f]{32}$/)
    expect(boundLabelValue(`${'x'.repeat(10_000)}y`)).not.toBe(value)
  })

  it('has no lone surrogate', () => {
    expect(boundLabelValue('a\ud800b')).toMatch(/^a\ufffdb~[0-9a-f]{32}$/)
  })

  it('is not split inside a surrogate pair', () => {
    expect(boundLabelValue('x'.repeat(990) + '😀'.repeat(100)).isWellFormed()).toBe(true)
  })

  it('cannot be forged into the form of a changed one', () => {
    const changed = boundLabelValue('x'.repeat(10_000))
    expect(boundLabelValue(changed)).not.toBe(changed)
  })

  it('is never the overflow marker', () => {
    expect(boundLabelValue(OVERFLOW_LABEL_VALUE)).not.toBe(OVERFLOW_LABEL_VALUE)
  })

  it('differs where the texts differ, and is bounded and well-formed', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const values = [one, other, boundLabelValue(one)].map(boundLabelValue)
        expect(new Set(values).size).toBe(new Set([one, other, boundLabelValue(one)]).size)
        for (const value of values) {
          expect(value.length).toBeLessThanOrEqual(LABEL_VALUE_LIMIT)
          expect(value.isWellFormed()).toBe(true)
        }
      }),
    )
  })
})
