import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { matcher, selector } from '../../promql/build.ts'
import { parseQuery } from '../../promql/read.ts'
import { codePoint } from '../code-point.ts'

describe('a matcher', () => {
  it('compares with one value, or with any of several', () => {
    expect(matcher('gateway', 'alpha')).toBe('gateway="alpha"')
    expect(matcher('gateway', ['alpha', 'b.c'])).toBe('gateway=~"alpha|b\\\\.c"')
  })

  it('keeps whatever a value holds within its text', () => {
    expect(matcher('a', '"} or vector(1) #\n\\')).toBe('a="\\"} or vector(1) #\\n\\\\"')
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), fc.string(), (one, other) => {
        for (const each of [matcher('a', one), matcher('a', [one, other])]) {
          const text = selector('up', each)
          const { isValid, selectors } = parseQuery(text)
          expect([isValid, selectors.map(found => found.text)]).toEqual([true, [text]])
        }
      }),
    )
  })
})
