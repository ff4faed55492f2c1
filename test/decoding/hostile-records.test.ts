import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { signals } from '../../core/signals.ts'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { type Decoding, undecodedReasons } from '../../decoding/toolkit/record.ts'
import { dialectFixtures } from './dialect-fixtures.ts'
import { envelopeFixtures } from './envelope-fixtures.ts'
import { realLines } from './fixtures.ts'
import { damaged, lineOf, poisoned } from './hostile.ts'

const dispatcher = createDispatcher(dialects)
const names = new Set(['none', ...dialects.map(({ name }) => name)])

/** Every kind of decoding: one that is left out does not compile. */
const kinds: Readonly<Record<Decoding['kind'], true>> = {
  claim: true,
  no_signal: true,
  telemetry_lost: true,
  certificate: true,
  posture_snapshot: true,
  configuration_change: true,
  device_state: true,
  device_tokens: true,
  tunnel: true,
  undecoded: true,
}

/** A copy with another value at one of its places, counted from the outside in. */
function withValueAt(document: Readonly<Record<string, unknown>>, place: number, value: unknown) {
  const copy = structuredClone(document)
  const places: (readonly [holder: Record<string, unknown>, key: string])[] = []
  const collect = (holder: Record<string, unknown>) => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key])
      const inner = holder[key]
      if (typeof inner === 'object' && inner !== null) collect(inner as Record<string, unknown>)
    }
  }
  collect(copy)
  const [holder, key] = places[place % places.length] ?? [copy, '']
  holder[key] = value
  return copy
}

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
        response_flags: fc.anything(),
        downstream_remote_address: fc.string(),
        downstream_transport_failure_reason: fc.anything(),
        response_code: fc.anything(),
        start_time: fc.anything(),
        haproxy_log: fc.constantFrom('request', 'error'),
        ssl_c_verify: fc.string(),
        ssl_c_err: fc.double(),
        status: fc.anything(),
        ts: fc.anything(),
        logger: fc.constantFrom('http.log.access', 'http.stdlib', 'tls.x'),
        msg: fc.string(),
        request: fc.anything(),
        ClientAddr: fc.string(),
        DownstreamStatus: fc.double(),
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
        expect(decoding.kind in kinds).toBe(true)
        expect(names).toContain(decoder)
      }),
      { numRuns: 3_000 },
    )
  })

  it('claim nothing outside of the closed sets as documents with any value in any place', () => {
    const documents = Object.values(dialectFixtures).flatMap(fixtures => fixtures.documents ?? [])
    const changed = fc
      .tuple(fc.constantFrom(...documents), fc.nat(), fc.anything())
      .map(([document, place, value]) => withValueAt(document, place, value))
    fc.assert(
      fc.property(changed, document => {
        const { decoding } = dispatcher.decode({ id: '1', body: document })
        if (decoding.kind === 'undecoded') expect(Object.keys(undecodedReasons)).toContain(decoding.reason)
        if (decoding.kind !== 'claim') return
        for (const { signal, labels } of [decoding.claim, ...(decoding.claim.also ?? [])]) {
          const closed = signals[signal].labels as Readonly<Record<string, readonly string[] | null>>
          for (const [label, text] of Object.entries(labels)) expect(closed[label]).toContain(text)
        }
        const { actor, account, code } = decoding.claim
        for (const text of [...Object.values(actor), account?.id, account?.name, code]) {
          expect(['string', 'undefined']).toContain(typeof text)
        }
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
