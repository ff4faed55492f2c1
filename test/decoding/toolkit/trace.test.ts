import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { traceOf, traceOfHeader } from '../../../decoding/toolkit/trace.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

describe('a trace', () => {
  it('is named by a W3C trace id, with a span where there is one', () => {
    expect(traceOf(TRACE, SPAN)).toEqual({ traceId: TRACE, spanId: SPAN })
    expect(traceOf(TRACE)).toEqual({ traceId: TRACE })
  })

  it.each([
    ['an id of a request', 'b3f1c9a2-7d0e-4c31-9a54-0f6c2f3f8d11'],
    ['upper case', TRACE.toUpperCase()],
    ['zeros alone', '0'.repeat(32)],
    ['half an id', TRACE.slice(16)],
    ['one digit more', `${TRACE}0`],
    ['a line break', `${TRACE}\n`],
    ['no text', 42],
    ['a list', [TRACE]],
    ['nothing', undefined],
  ])('is not named by %s', (_, value) => {
    expect(traceOf(value, SPAN)).toBeUndefined()
  })

  it.each([['0'.repeat(16)], ['00F067AA0BA902B7'], [`${SPAN} `], [1], [undefined]])('has no span by %p', value => {
    expect(traceOf(TRACE, value)).toEqual({ traceId: TRACE })
  })

  it('holds nothing of a text but hexadecimal digits, whatever an attacker writes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[0-9a-fA-F\n"{} -]{30,60}$/),
      fc.stringMatching(/^[0-9a-f]{32}$/),
    )
    fc.assert(
      fc.property(text, text, (one, other) => {
        for (const trace of [traceOf(one, other), traceOfHeader(one), traceOfHeader(`00-${one}-${other}-01`)]) {
          if (trace === undefined) continue
          expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/)
          expect(trace.spanId ?? SPAN).toMatch(/^[0-9a-f]{16}$/)
        }
      }),
    )
  })
})

describe('the header traceparent', () => {
  it.each([
    `00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-00`,
    `cc-${TRACE}-${SPAN}-01-later`,
    `01-${TRACE}-${SPAN}-09`,
    `01-${TRACE}-${SPAN}-09-${'x'.repeat(100_000)}`,
  ])('names a trace and a span: %s', header => {
    expect(traceOfHeader(header)).toEqual({ traceId: TRACE, spanId: SPAN })
  })

  it.each([
    '',
    '-',
    `00-${TRACE}-${SPAN}`,
    `00-${TRACE}-${SPAN}-01-later`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    ` 00-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01x`,
    `0-${TRACE}-${SPAN}-01`,
  ])('names none where it is malformed: %p', header => {
    expect(traceOfHeader(header)).toBeUndefined()
  })
})
