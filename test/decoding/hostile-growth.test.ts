import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { blowsUp } from '../growth.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { damaged, lineOf, lines, poisoned } from './hostile.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Readonly<Record<string, unknown>>) => dispatcher.decode({ id: '1', body })
const raw = envelopeFixtures.logstash as (line: string) => Readonly<Record<string, unknown>>

describe('hostile records', () => {
  it('take time in proportion to their length, whatever a caller writes into the fields of a real line', () => {
    // Warm: it is decoding that is measured, not compiling.
    for (const line of lines) decode(line)
    fc.assert(
      fc.property(fc.oneof(poisoned, damaged), hostile => {
        const { text } = hostile
        expect(blowsUp(length => lineOf(hostile, text.slice(0, length)), decode, text.length)).toBe(false)
      }),
      { numRuns: 1_500 },
    )
  })

  it('take time in proportion to their length in an envelope, and so do documents of many keys', () => {
    fc.assert(
      fc.property(fc.oneof(poisoned, damaged), hostile => {
        const { text } = hostile
        expect(blowsUp(length => raw(lineOf(hostile, text.slice(0, length))), decode, text.length)).toBe(false)
      }),
      { numRuns: 300 },
    )
    const keys = (name: (n: number) => string) => (length: number) =>
      Object.fromEntries(Array.from({ length }, (_, n) => [name(n), n]))
    for (const name of [(n: number) => `a.b.${n}`, (n: number) => `${n}.a.b.c.d.e.f`, (n: number) => `openclaw.${n}`]) {
      expect(blowsUp(keys(name), decode, 4_096)).toBe(false)
    }
  })

  it('that take the square of their length would be noticed', () => {
    const trailing = (text: string) => /\s+$/.test(text)
    expect(blowsUp(length => `${' '.repeat(length)}x`, trailing, 4_096)).toBe(true)
  })
})
