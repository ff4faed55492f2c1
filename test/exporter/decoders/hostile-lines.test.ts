import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../../exporter/decoders/dispatch.ts'
import { createOpenclawDecoders } from '../../../exporter/decoders/openclaw.ts'
import { layOut, madeUpLines, realLines, realSecurityEvents } from './fixtures.ts'

const dispatcher = createDispatcher(createOpenclawDecoders())
const lines = [...realLines, ...realSecurityEvents, ...madeUpLines.map(layOut)]

const LIMIT_MS = 1
const REPEATS = 12

/** Milliseconds that a line takes: the shortest of several runs, so that a pause of the machine is not held against it. */
function costOf(body: string): number {
  let shortest = Number.POSITIVE_INFINITY
  for (let run = 0; run < REPEATS && shortest > LIMIT_MS; run++) {
    const start = performance.now()
    dispatcher.decode({ id: '1', body })
    shortest = Math.min(shortest, performance.now() - start)
  }
  return shortest
}

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

/** A real line with hostile text put into one of its texts, message and meta alike. */
const poisoned = fc
  .tuple(fc.constantFrom(...lines), repeated, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([line, poison, where]) =>
    JSON.stringify(JSON.parse(line), (key, value) =>
      typeof value === 'string' && key !== 'name' && key !== 'time'
        ? value.slice(0, value.length * where) + poison + value.slice(value.length * where)
        : value,
    ),
  )

/** A real line with raw damage: cut, spliced, characters replaced. */
const damaged = fc
  .tuple(fc.constantFrom(...lines), fc.nat(), fc.nat(), fc.oneof(repeated, fc.string()))
  .map(([line, from, to, text]) => line.slice(0, from % line.length) + text + line.slice(to % line.length))

describe('hostile lines', () => {
  it('take at most a millisecond each, whatever a caller writes into the fields of a real line', () => {
    // Warm: the limit is on decoding, not on compiling.
    for (const line of lines) dispatcher.decode({ id: '1', body: line })
    fc.assert(
      fc.property(fc.oneof(poisoned, damaged), body => {
        expect(costOf(body)).toBeLessThanOrEqual(LIMIT_MS)
      }),
      { numRuns: 1_500 },
    )
  })

  it('never make a decoder throw, whether they are lines or documents', () => {
    const anything = fc.oneof(fc.string(), fc.json(), damaged, fc.dictionary(fc.string(), fc.anything()))
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
