import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { pagesOf } from '../../../../compliance/render/pdf/pages.ts'
import { Fault } from '../../../../core/errors.ts'
import { madePdf, stream, twoPages } from './made-pdf.ts'

const hashes = (objects: readonly string[]) => pagesOf(madePdf(objects)).map(({ sha256 }) => sha256)
const replaced = (at: number, object: string) => twoPages().with(at - 1, object)

describe('the pages of a PDF', () => {
  it('are read in order, with their text as their fonts map it', () => {
    expect(pagesOf(madePdf(twoPages())).map(({ number, text }) => [number, text])).toEqual([
      [1, 'Hi\n42'],
      [2, '31'],
    ])
  })

  it('separate what is apart on a line, and join what is not', () => {
    const apart = '<0014> Tj ET BT /F1 10 Tf 1 0 0 -1 60 40 Tm <0012> Tj'
    expect(pagesOf(madePdf(twoPages(apart)))[0]?.text).toBe('Hi\n4\t2')
    const beside = '<0014> Tj ET BT /F1 10 Tf 1 0 0 -1 15 40 Tm <0012> Tj'
    expect(pagesOf(madePdf(twoPages(beside)))[0]?.text).toBe('Hi\n42')
  })

  it('have the same hash whatever else of the file changes', () => {
    expect(hashes(twoPages('<0014> Tj 5 0 Td <0012> Tj', 'Other'))).toEqual(hashes(twoPages()))
  })

  it('show by their hash on which page a figure was changed', () => {
    const [first, second] = hashes(twoPages())
    expect(hashes(twoPages('<0014> Tj 5 0 Td <0013> Tj'))).toEqual([expect.not.stringMatching(first as string), second])
  })

  it.each([
    ['the characters of a font', replaced(7, stream('1 beginbfrange\n<0010> <0019> <0031>\nendbfrange'))],
    ['a font', replaced(6, '<</Type /Font /Subtype /Type0 /ToUnicode 7 0 R /W 1>>')],
  ])('show by their hash that %s was changed, which both pages have', (_, objects) => {
    const before = hashes(twoPages())
    expect(hashes(objects).filter((hash, index) => hash === before[index])).toEqual([])
  })

  const circular = replaced(6, '<</Type /Font /Descendant 6 0 R /ToUnicode 7 0 R>>')
  it('are read where an object refers to itself', () => {
    expect(pagesOf(madePdf(circular))).toHaveLength(2)
  })

  const chain = [...twoPages(), ...Array.from({ length: 5000 }, (_, at) => `<</Next ${at + 11} 0 R>>`)]
  const forms = Array.from({ length: 9 }, (_, at) =>
    stream(`/X${at} Do `.repeat(1000), `/Subtype /Form /Resources <</XObject <</X${at} ${at + 11} 0 R>>>>`),
  )
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('Hello')],
    ['half a file', madePdf(twoPages()).subarray(0, 400)],
    ['a tree of pages without an end', madePdf(replaced(3, '<</Type /Pages /Kids [3 0 R 3 0 R]>>'))],
    ['arrays in arrays', madePdf(replaced(6, `${'['.repeat(100_000)}`))],
    [
      'a stream that is longer than the file',
      madePdf(replaced(8, '<</Filter /FlateDecode /Length 99999>> stream\nxx\nendstream')),
    ],
    [
      'a stream that is not compressed as it says',
      madePdf(replaced(8, '<</Filter /FlateDecode /Length 2>> stream\nxx\nendstream')),
    ],
    ['a chain of 5,000 objects', madePdf(chain.with(5, '<</Next 10 0 R>>'))],
    [
      'forms in forms',
      madePdf([...replaced(4, '<</Type /Page /Resources <</XObject <</X0 10 0 R>>>> /Contents 10 0 R>>'), ...forms]),
    ],
  ])('are refused with a sentence: %s', (_, bytes) => {
    expect(() => pagesOf(bytes)).toThrow(Fault)
  })

  it('of a damaged file are refused with a sentence, or are others', () => {
    const good = madePdf(twoPages())
    const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(damage, changes => {
        const bytes = Buffer.from(good)
        for (const [at, value] of changes) bytes[at] = value
        try {
          for (const { text, sha256 } of pagesOf(bytes)) expect([typeof text, sha256.length]).toEqual(['string', 64])
        } catch (error) {
          expect(error).toBeInstanceOf(Fault)
        }
      }),
      { numRuns: 500 },
    )
  })
})
