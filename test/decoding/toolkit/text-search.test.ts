import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTextSearch, createTextTest } from '../../../decoding/toolkit/text-search.ts'

const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), minLength: 3, maxLength: 6 })
const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '{'), maxLength: 30 })

describe('the search for wanted texts', () => {
  it('finds the first of them, as looking for each alone does', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), line, (texts, text) => {
        const bytes = Buffer.from(text)
        const alone = texts.map(wanted => bytes.indexOf(wanted)).filter(index => index >= 0)
        expect(createTextSearch(texts)(bytes, 0, bytes.length)).toBe(Math.min(bytes.length, ...alone))
      }),
    )
  })

  it('refuses a text that is too short to search for', () => {
    expect(() => createTextSearch(['ab'])).toThrow(RangeError)
  })

  it('tells of one line after another whether one of them is in it, whatever the line before contained', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), fc.array(line), (texts, lines) => {
        const test = createTextTest(texts)
        for (const each of lines) expect(test(each)).toBe(texts.some(wanted => each.includes(wanted)))
      }),
    )
  })
})
