import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createOpenclawDecoders } from '../../decoding/dialects/openclaw.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { blowsUp } from '../growth.ts'
import { layOut, madeUpLines, realLines, realSecurityEvents } from './fixtures.ts'

const dispatcher = createDispatcher(createOpenclawDecoders())
const lines = [...realLines, ...realSecurityEvents, ...madeUpLines.map(layOut)]

/** Pieces that look like what a reader searches for, to be repeated up to the 4,096 characters of a message. */
const bait = fc.constantFrom(
  ' ',
  ' conn=',
  ' reason=',
  ' suppressed=9',
  ' phase=ready suppressed=',
  ' errorCode=FORBIDDEN errorMessage=',
  ' origin=n/a host=h ua=x code=1000 reason=ok',
  ' blocked by before_tool_call: ',
  ',tools',
  '\u001b[',
  '\u001b[1m',
  '"},"_meta":{',
  '\\',
  '\u2028',
  '\ud800',
  '-',
)

const repeated = fc
  .tuple(bait, fc.integer({ min: 1, max: 4_096 }))
  .map(([piece, length]) => piece.repeat(length).slice(0, 4_096))

/** A real line with hostile text put into each of its texts, message and meta alike. */
const poisoned = fc.record({
  line: fc.constantFrom(...lines),
  text: repeated,
  where: fc.double({ min: 0, max: 1, noNaN: true }),
})

/** A real line with raw damage: cut, spliced, characters replaced. */
const damaged = fc.record({
  line: fc.constantFrom(...lines),
  text: fc.oneof(repeated, fc.string()),
  from: fc.nat(),
  to: fc.nat(),
})

type Poisoned = typeof poisoned extends fc.Arbitrary<infer T> ? T : never
type Damaged = typeof damaged extends fc.Arbitrary<infer T> ? T : never

function bodyOf(hostile: Poisoned | Damaged, text = hostile.text): string {
  const { line } = hostile
  if ('from' in hostile) return line.slice(0, hostile.from % line.length) + text + line.slice(hostile.to % line.length)
  return JSON.stringify(JSON.parse(line), (key, value) => {
    if (typeof value !== 'string' || key === 'name' || key === 'time') return value
    const cut = value.length * hostile.where
    return value.slice(0, cut) + text + value.slice(cut)
  })
}

const decode = (body: string) => dispatcher.decode({ id: '1', body })

describe('hostile lines', () => {
  it('take time in proportion to their length, whatever a caller writes into the fields of a real line', () => {
    // Warm: it is decoding that is measured, not compiling.
    for (const line of lines) decode(line)
    fc.assert(
      fc.property(fc.oneof(poisoned, damaged), hostile => {
        const { text } = hostile
        expect(blowsUp(length => bodyOf(hostile, text.slice(0, length)), decode, text.length)).toBe(false)
      }),
      { numRuns: 1_500 },
    )
  })

  it('that take the square of their length would be noticed', () => {
    const trailing = (text: string) => /\s+$/.test(text)
    expect(blowsUp(length => `${' '.repeat(length)}x`, trailing, 4_096)).toBe(true)
  })

  it('never make a decoder throw, whether they are lines or documents', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      damaged.map(line => bodyOf(line)),
      fc.dictionary(fc.string(), fc.anything()),
    )
    const half = fc.record(
      { _meta: fc.anything(), message: fc.anything(), 0: fc.anything(), 1: fc.anything(), time: fc.anything() },
      { requiredKeys: [] },
    )
    const event = fc.record({
      type: fc.constant('security.event'),
      action: fc.anything(),
      attributes: fc.anything(),
      ts: fc.anything(),
    })
    fc.assert(
      fc.property(fc.oneof(anything, half, event), body => {
        expect(dispatcher.decode({ id: '1', body }).decoding.kind).toMatch(/claim|no_signal|telemetry_lost|undecoded/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('are refused unread when they are longer than any line of a gateway', () => {
    const { decoding } = dispatcher.decode({ id: '1', body: `{"message":"${'x'.repeat(200_000)}"}` })
    expect(decoding).toEqual({ kind: 'undecoded', reason: 'line_too_long' })
  })

  it('take no member of an object for a known word', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      const close = realLines[14]
        ?.replaceAll('token_mismatch', word)
        .replaceAll('"authProvided":"token"', `"authProvided":"${word}"`)
      const { decoding } = dispatcher.decode({ id: '1', body: close ?? '' })
      expect(decoding.kind === 'claim' && decoding.claim.labels).toEqual({
        mechanism: 'shared_secret',
        reason: 'other',
      })
    }
  })
})
