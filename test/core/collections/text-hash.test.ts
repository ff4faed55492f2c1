import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { TextHasher } from '../../../core/collections/text-hash.ts'
import { codePoint } from '../../code-point.ts'

const hash = (beginning: string, rest: string) => {
  const key = new Int32Array(4)
  new TextHasher(beginning).hash(rest, key)
  return key
}

describe('the hash of a text', () => {
  it('is that of the whole text, wherever the beginning ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), fc.string({ unit: codePoint }), (beginning, rest) => {
        expect(hash(beginning, rest)).toEqual(hash('', beginning + rest))
      }),
    )
  })

  it('gives neighbouring texts other values in every part of 24 bits', () => {
    const texts = Array.from({ length: 2_000 }, (_, n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`)
    for (const shift of [0, 8]) {
      for (let word = 0; word < 4; word++) {
        const parts = new Set(texts.map(text => ((hash('2 gw file-log ', text)[word] as number) >>> shift) & 0xffffff))
        // 2,000 of 16.7 million: an ideal hash has about a tenth of a collision.
        expect(parts.size).toBeGreaterThan(1_995)
      }
    }
  })

  it('changes about half of the bits when one character changes', () => {
    const bits = (a: Int32Array, b: Int32Array) =>
      a.reduce(
        (sum, value, index) => sum + ((value ^ (b[index] as number)) >>> 0).toString(2).replaceAll('0', '').length,
        0,
      )
    const base = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6'
    for (let at = 0; at < base.length; at++) {
      const other = `${base.slice(0, at)}x${base.slice(at + 1)}`
      const changed = bits(hash('', base), hash('', other))
      expect(changed).toBeGreaterThan(35)
      expect(changed).toBeLessThan(93)
    }
  })
})
