import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { documentReading } from '../../decoding/documents.ts'
import { dialects } from '../../decoding/registry.ts'
import type { Fields } from '../../decoding/toolkit/fields.ts'
import { dialectFixtures } from './dialect-fixtures.ts'
import { realLines, realSecurityEvents } from './fixtures.ts'
import { securityEventForms } from './security-event-forms.ts'
import { filtered } from './source-filter.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const W3C = { traceId: TRACE, spanId: SPAN }

const dispatcher = createDispatcher(dialects)
const decodingOf = (body: string | Fields) => dispatcher.decode({ id: '1', body }).decoding
const traceOf = (body: string | Fields) => {
  const decoding = decodingOf(body)
  return decoding.kind === 'claim' ? decoding.claim.trace : decoding.kind
}

/** The first fixture of a dialect that claims something; of a proxy, of a request: a handshake is part of no trace. */
function claimOf(dialect: string): Fields {
  const { lines = [], documents = [] } = dialectFixtures[dialect] ?? {}
  const records: readonly Fields[] = [...lines.map(line => JSON.parse(line)), ...documents]
  const found = records.find(record => {
    const decoding = decodingOf(record)
    return decoding.kind === 'claim' && decoding.claim.signal !== 'mtls_handshake_failures'
  })
  if (found === undefined) throw new Error(`${dialect} has no fixture with a claim`)
  return found
}

/** Where the records of a dialect name their trace. */
const places: readonly (readonly [dialect: string, place: Fields])[] = [
  ['openclaw-file', { traceId: TRACE, spanId: SPAN }],
  ['openclaw-otel', { trace_id: TRACE, span_id: SPAN }],
  ['openclaw-otel', { TraceId: TRACE, SpanId: SPAN }],
  ['openclaw-otel', { trace: { id: TRACE }, span: { id: SPAN } }],
  ['ecs', { trace: { id: TRACE }, span: { id: SPAN } }],
  ['ecs', { 'trace.id': TRACE, 'span.id': SPAN }],
  ['nginx-access', { traceparent: `00-${TRACE}-${SPAN}-01` }],
  ['envoy', { traceparent: `00-${TRACE}-${SPAN}-01` }],
  ['caddy', { traceID: TRACE, spanID: SPAN }],
  ['traefik', { TraceId: TRACE, SpanId: SPAN }],
]

describe('the trace of a record', () => {
  it.each(places)('of %s is read from %j', (dialect, place) => {
    expect(traceOf({ ...claimOf(dialect), ...place })).toEqual(W3C)
  })

  it.each(places)('of %s is still there in the fields that are asked of Elasticsearch: %j', (dialect, place) => {
    const { sourceFields } = documentReading()
    expect(traceOf(filtered({ ...claimOf(dialect), ...place }, sourceFields))).toEqual(W3C)
  })

  it.each(places)('of %s is none where the id is none of W3C, as in %j', (dialect, place) => {
    const forged = JSON.parse(JSON.stringify(place).replaceAll(TRACE, `${TRACE.slice(1)}g`))
    expect(traceOf({ ...claimOf(dialect), ...forged })).toBeUndefined()
  })

  it('changes nothing else of a claim', () => {
    for (const [dialect, place] of places) {
      const record = claimOf(dialect)
      const { trace: _before, ...before } = claimIn(record)
      const { trace: _after, ...after } = claimIn({ ...record, ...place })
      expect(after).toEqual(before)
    }
  })

  it.each([
    ['nginx-access', { request_id: TRACE }],
    ['envoy', { request_id: TRACE, 'x-request-id': TRACE }],
    ['traefik', { RequestId: TRACE }],
  ])('of %s is not that of an id of a request: %j', (dialect, place) => {
    expect(traceOf({ ...claimOf(dialect), ...place })).toBeUndefined()
  })

  it('is the same in each form of a security event', () => {
    const line = realSecurityEvents.find(one => typeof traceOf(one) === 'object') ?? ''
    const expected = traceOf(line)
    expect(expected).toEqual({
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    })
    const { event = JSON.parse(line) } = JSON.parse(line)
    for (const layOut of Object.values(securityEventForms)) expect(traceOf(layOut(event))).toEqual(expected)
  })

  it('is in captured lines of the file log', () => {
    expect(realLines.filter(line => typeof traceOf(line) === 'object').length).toBeGreaterThan(5)
  })
})

function claimIn(record: Fields) {
  const decoding = decodingOf(record)
  if (decoding.kind !== 'claim') throw new Error(`a ${decoding.kind}`)
  return decoding.claim
}
