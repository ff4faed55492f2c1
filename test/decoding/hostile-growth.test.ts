import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { envelopes } from '../../decoding/envelopes/registry.ts'
import { dialects } from '../../decoding/registry.ts'
import { blowsUp } from '../growth.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { damaged, damagedOf, lineOf, lines, poisoned } from './hostile.ts'
import { lineEnvelopeFixtures } from './line-envelope-fixtures.ts'

const dispatcher = createDispatcher(dialects)
const decode = (body: string | Readonly<Record<string, unknown>>) => dispatcher.decode({ id: '1', body })
type Body = Parameters<typeof decode>[0]

/** What every writer of an envelope makes of a line; some must parse it. */
const wraps: readonly ((line: string) => Body)[] = [
  ...Object.values(lineEnvelopeFixtures).flat(),
  ...envelopes.map(({ name }) => envelopeFixtures[name]).filter(wrap => wrap !== undefined),
]

/** Not of a line that the shipper itself could not parse. */
function wrapped(wrap: (line: string) => Body, line: string): Body {
  try {
    return wrap(line)
  } catch {
    return line
  }
}

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

  it('take time in proportion to their length in every envelope', () => {
    for (const wrap of wraps) for (const line of lines.slice(0, 20)) decode(wrapped(wrap, line))
    fc.assert(
      fc.property(fc.constantFrom(...wraps), fc.oneof(poisoned, damaged), (wrap, hostile) => {
        const { text } = hostile
        const inputOf = (length: number) => wrapped(wrap, lineOf(hostile, text.slice(0, length)))
        expect(blowsUp(inputOf, decode, text.length)).toBe(false)
      }),
      { numRuns: 1_500 },
    )
  })

  it('take time in proportion to their length where it is the envelope of a line that is damaged', () => {
    const inEnvelopes = Object.values(lineEnvelopeFixtures).flatMap(forms => forms.map(wrap => wrap(lines[0] ?? '')))
    fc.assert(
      fc.property(damagedOf(inEnvelopes), fc.nat({ max: 120 }), (hostile, from) => {
        const { text } = hostile
        const inputOf = (length: number) => lineOf({ ...hostile, from, to: from }, text.slice(0, length))
        expect(blowsUp(inputOf, decode, text.length)).toBe(false)
      }),
      { numRuns: 1_500 },
    )
  })

  it('take time in proportion to their length as documents of many keys', () => {
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
