import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { realLines } from './fixtures.ts'
import { damaged, lineOf, poisoned } from './hostile.ts'

const dispatcher = createDispatcher(dialects)
const names = new Set(['none', ...dialects.map(({ name }) => name)])

/** What a shipper makes of a line; one that parses stores it raw where it is no JSON. */
function inEnvelope(write: (line: string) => Readonly<Record<string, unknown>>, line: string) {
  try {
    return write(line)
  } catch {
    return { message: line }
  }
}

describe('hostile records', () => {
  it('never make decoding throw, whether they are lines or documents, in any envelope', () => {
    const line = fc.oneof(
      fc.string(),
      fc.json(),
      damaged.map(each => lineOf(each)),
      poisoned.map(each => lineOf(each)),
    )
    const half = fc.record(
      {
        _meta: fc.anything(),
        message: fc.anything(),
        0: fc.anything(),
        1: fc.anything(),
        time: fc.anything(),
        level: fc.constantFrom('warn', 'info'),
        subsystem: fc.anything(),
        ssl_client_verify: fc.anything(),
        remote_addr: fc.anything(),
        json: fc.anything(),
      },
      { requiredKeys: [] },
    )
    const event = fc.record({
      type: fc.constant('security.event'),
      action: fc.anything(),
      attributes: fc.anything(),
      event: fc.anything(),
      labels: fc.anything(),
      ts: fc.anything(),
    })
    const shipped = fc
      .tuple(fc.constantFrom(...Object.values(envelopeFixtures)), line)
      .map(([write, text]) => inEnvelope(write, text))
    const document = fc.oneof(fc.dictionary(fc.string(), fc.anything()), half, event, shipped)
    fc.assert(
      fc.property(fc.oneof(line, document), body => {
        const { decoder, decoding } = dispatcher.decode({ id: '1', body })
        expect(decoding.kind).toMatch(
          /^(claim|no_signal|telemetry_lost|certificate|posture_snapshot|configuration_change|device_state|undecoded)$/,
        )
        expect(names).toContain(decoder)
      }),
      { numRuns: 3_000 },
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
