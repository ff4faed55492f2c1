import fc from 'fast-check'

/** The halves of surrogate pairs, which are no characters. */
const SURROGATES = { first: 0xd800, count: 0x800 } as const
const LAST = 0x10ffff

/**
 * One character, any of Unicode: the values of fast-check's unit `binary`, with the same probability. That one builds a
 * table of all 1,112,064 characters in each test file, which takes more than a second of a processor.
 */
export const codePoint: fc.Arbitrary<string> = fc.nat({ max: LAST - SURROGATES.count }).map(
  place => String.fromCodePoint(place < SURROGATES.first ? place : place + SURROGATES.count),
  text => {
    // Fast-check asks this of the names of inherited properties too, which it mixes into texts.
    const [character] = typeof text === 'string' && text.isWellFormed() ? text : []
    if (character === undefined || character !== text) throw new Error('not one character')
    const place = character.codePointAt(0) ?? 0
    return place < SURROGATES.first ? place : place - SURROGATES.count
  },
)
