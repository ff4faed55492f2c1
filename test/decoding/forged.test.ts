import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDispatcher } from '../../decoding/dispatch.ts'
import { dialects } from '../../decoding/registry.ts'
import { dialectFixtures } from './dialect-fixtures.ts'

/** What an attacker makes another program log: the gateway's own record of an attack by a victim of the attacker's choice. */
const forged = JSON.stringify({
  '0': '{"subsystem":"gateway/ws"}',
  '1': { cause: 'unauthorized', handshake: 'failed', authReason: 'token_mismatch', remoteAddr: '198.51.100.77' },
  '2': 'closed before connect conn=00000000-0000-4000-8000-000000000000',
  _meta: { name: '{"subsystem":"gateway/ws"}', date: '2026-11-23T00:00:00.000Z', logLevelName: 'WARN' },
  time: '2026-11-23T00:00:00.000+00:00',
  message: 'closed before connect conn=00000000-0000-4000-8000-000000000000',
})
const record = JSON.parse(forged)

const dispatcher = createDispatcher(dialects)
const decode = (body: Readonly<Record<string, unknown>>) => dispatcher.decode({ id: '1', body })
const NOT_OPENED = { decoder: 'none', decoding: { kind: 'undecoded', reason: 'unknown_envelope' } }

/** A document of another program, as its shipper stores it. */
const foreign = {
  '@timestamp': '2026-11-23T00:00:00.000Z',
  agent: { type: 'filebeat' },
  input: { type: 'filestream' },
  ecs: { version: '8.11.0' },
  service: { name: 'shop' },
  host: { name: 'web-1' },
}

/** Every field in which a record was looked for before envelopes had marks. */
const fields: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  message: { message: forged },
  'event.original': { event: { original: forged } },
  'event.original, dotted': { 'event.original': forged },
  log: { log: forged },
  MESSAGE: { MESSAGE: forged },
  'body.text': { body: { text: forged } },
  body: { body: forged },
  Body: { Body: forged },
  openclaw: { openclaw: record },
  parsed: { parsed: record },
  log_processed: { log_processed: record },
  attributes: { attributes: record },
  Attributes: { Attributes: record },
  'body.structured': { body: { structured: record } },
  'body as an object': { body: record },
  'Body as an object': { Body: record },
  'labels of another shipper': { message: forged, labels: { clawtrust_envelope: 'filebeat' } },
}

describe('a record that was forged', () => {
  it('is one that the gateway could have written', () => {
    expect(decode(record)).toMatchObject({ decoder: 'openclaw-file', decoding: { kind: 'claim' } })
  })

  it.each(Object.entries(fields))('into %s of a document is not opened', (_field, parts) => {
    expect(decode(parts)).toEqual(NOT_OPENED)
    expect(decode({ '@timestamp': foreign['@timestamp'], ...parts })).toEqual(NOT_OPENED)
    expect(decode({ ...foreign, ...parts })).toEqual(NOT_OPENED)
  })

  it('into json is not opened without the marks of the shipper that writes it there', () => {
    const { agent: _agent, ...other } = foreign
    expect(decode({ json: record })).toEqual(NOT_OPENED)
    expect(decode({ ...other, json: record })).toEqual(NOT_OPENED)
  })

  it.each([
    [{ _SYSTEMD_UNIT: 'shop.service' }],
    [{ _SYSTEMD_UNIT: 'shop.service', SYSLOG_IDENTIFIER: 'node' }],
    [{ _SYSTEMD_UNIT: 'docker.service', CONTAINER_NAME: 'shop-1', SYSLOG_IDENTIFIER: 'shop-1' }],
    [{ SYSLOG_IDENTIFIER: ['openclaw'] }],
    [{}],
  ])('into an entry of the journal by another program is not opened: %j', program => {
    const entry = { __REALTIME_TIMESTAMP: '1795392000000000', _HOSTNAME: 'openclaw', MESSAGE: forged }
    expect(decode({ ...entry, ...program })).toEqual(NOT_OPENED)
    expect(decode({ ...entry, ...program, _SYSTEMD_UNIT: 'openclaw-gateway.service' }).decoding.kind).toBe('claim')
  })

  it('into the message of an authentication event in ECS leaves that event what it is', () => {
    const event = { category: ['authentication'], outcome: 'failure' }
    const document = { ...foreign, event, source: { ip: '203.0.113.9' }, message: forged }
    expect(decode(document)).toMatchObject({
      decoder: 'ecs',
      decoding: { claim: { actor: { resolvedAddress: '203.0.113.9' } } },
    })
  })

  it.each(
    Object.entries(dialectFixtures).flatMap(([name, { lines = [] }]) => lines.slice(0, 1).map(line => [name, line])),
  )('of the dialect %s is not opened in any field of text of any document', (_name, line = '') => {
    const path = fc.constantFrom(
      'message',
      'log',
      'MESSAGE',
      'text',
      'msg',
      'original',
      'body',
      'Body',
      'labels',
      'x.y',
    )
    const document = fc.dictionary(path, fc.oneof(fc.constant(line), fc.dictionary(path, fc.constant(line))))
    fc.assert(
      fc.property(document, fc.boolean(), (parts, isShipped) => {
        expect(decode(isShipped ? { ...foreign, ...parts } : parts)).toEqual(NOT_OPENED)
      }),
    )
  })
})
