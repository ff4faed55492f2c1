import { describe, expect, it } from '@jest/globals'
import { createDecoders } from '../../../decoding/dialects/all.ts'
import { createDispatcher } from '../../../decoding/dispatch.ts'
import { realLines, realSecurityEvents, tells } from '../fixtures.ts'
import { MODE_TIME, mappingModes } from './shapes.ts'

const dispatcher = createDispatcher(createDecoders())
const decode = (body: string | Record<string, unknown>) => dispatcher.decode({ id: '1', body })
const told = (body: string | Record<string, unknown>) => tells(decode(body).decoding)

type Attributes = Record<string, unknown>

/** A record of the file log as `diagnostics-otel` exports it, by its documentation: nothing of this was captured. */
function exported(line: string): { attributes: Attributes; text: string } {
  const record = JSON.parse(line)
  const meta = (Object.values(record).find(value => typeof value === 'object') ?? {}) as Attributes
  const name = record._meta.name.startsWith('{') ? JSON.parse(record._meta.name) : {}
  const simple = Object.entries({ ...name, ...meta }).filter(([, value]) => typeof value !== 'object')
  return {
    attributes: {
      'openclaw.log.level': record._meta.logLevelName,
      ...Object.fromEntries(simple.map(([key, value]) => [`openclaw.${key}`, value])),
    },
    text: record.message,
  }
}

const isClose = (line: string) => line.includes('closed before connect') && line.includes('"cause":')
const closes = realLines.filter(isClose)
const others = realLines.filter(line => JSON.parse(line)._meta.name.startsWith('{') && !isClose(line))

describe.each(Object.entries(mappingModes))('a log record of the Collector in mode %s', (_mode, lay) => {
  it('tells of a refused connection by its attributes where the message is withheld, without a pair', () => {
    for (const line of closes) {
      const { decoder, decoding } = decode(lay(exported(line).attributes, 'log'))
      expect(tells(decoding)).toBe(told(line).replace(/ x\d+$/, ''))
      expect(decoder).toBe('openclaw-otel')
      expect(decoding.kind === 'claim' && decoding.claim.pair).toBeUndefined()
      expect(decoding.time).toBe(MODE_TIME)
    }
  })

  it('tells what the line tells where the message is exported, with its connection for pairing', () => {
    const { attributes, text } = exported(closes[0] ?? '')
    const { decoding } = decode(lay(attributes, text))
    expect(tells(decoding)).toBe(told(closes[0] ?? ''))
    expect(decoding.kind === 'claim' && decoding.claim.pair?.role).toBe('leading')
  })

  it('counts every other withheld message as such', () => {
    for (const line of others) {
      expect(told(lay(exported(line).attributes, 'log'))).toBe('undecoded content_withheld')
    }
  })
})

describe('a security event of the Collector', () => {
  const failed = JSON.parse(realSecurityEvents.find(line => line.includes('gateway.auth.failed')) ?? '').event
  const attributes: Attributes = {
    'openclaw.security.action': failed.action,
    'openclaw.security.outcome': failed.outcome,
    'openclaw.security.severity': failed.severity,
    'openclaw.security.reason': failed.reason,
    ...Object.fromEntries(
      Object.entries(failed.attributes).map(([key, value]) => [`openclaw.security.attribute.${key}`, value]),
    ),
  }

  it.each(Object.entries(mappingModes))('tells what was dispatched inside the gateway, in mode %s', (_mode, lay) => {
    const { decoder, decoding } = decode(lay(attributes, 'openclaw.security.event'))
    expect(decoder).toBe('security-event')
    expect(tells(decoding)).toBe(told(JSON.stringify(failed)))
    expect(decoding.time).toBe(MODE_TIME)
  })

  it('tells the same as a line of the stdout exporter that lies in message', () => {
    const line = { ts: '2026-11-23T00:00:00Z', signal: 'openclaw.diagnostic.log', body: 'openclaw.security.event' }
    expect(told({ message: JSON.stringify({ ...line, attributes }) })).toBe(told(JSON.stringify(failed)))
  })
})
