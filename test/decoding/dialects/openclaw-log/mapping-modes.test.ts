import { describe, expect, it } from '@jest/globals'
import { createDispatcher } from '../../../../decoding/dispatch.ts'
import { documentReading } from '../../../../decoding/documents.ts'
import { dialects } from '../../../../decoding/registry.ts'
import { realLines, summaryOf } from '../../fixtures.ts'
import { otelAttributes } from '../../layouts.ts'
import { MODE_TIME, mappingModes } from '../../shapes.ts'
import { filtered } from '../../source-filter.ts'

const { sourceFields } = documentReading()
const dispatcher = createDispatcher(dialects)
const decode = (body: string | Attributes) => dispatcher.decode({ id: '1', body })
const summary = (body: string | Attributes) => summaryOf(decode(body).decoding)

type Attributes = Readonly<Record<string, unknown>>

const isClose = (line: string) => line.includes('closed before connect') && line.includes('"cause":')
const closes = realLines.filter(isClose)
const others = realLines.filter(line => JSON.parse(line)._meta.name.startsWith('{') && !isClose(line))

describe.each(Object.entries(mappingModes))('a log record of the Collector in mode %s', (_mode, lay) => {
  it('counts a refused connection by its attributes where the message is withheld, without a pair', () => {
    for (const line of closes) {
      const { decoder, decoding } = decode(lay(otelAttributes(line).attributes, 'log'))
      expect(summaryOf(decoding)).toBe(summary(line).replace(/ x\d+$/, ''))
      expect(decoder).toBe('openclaw-otel')
      expect(decoding.kind === 'claim' && decoding.claim.pair).toBeUndefined()
      expect(decoding.time).toBe(MODE_TIME)
    }
  })

  it('decodes to the same as the line where the message is exported, with its connection for pairing', () => {
    const { attributes, text } = otelAttributes(closes[0] ?? '')
    const { decoding } = decode(lay(attributes, text))
    expect(summaryOf(decoding)).toBe(summary(closes[0] ?? ''))
    expect(decoding.kind === 'claim' && decoding.claim.pair?.role).toBe('leading')
  })

  it('decodes to the same after the source filter', () => {
    for (const line of [...closes, ...others]) {
      const { attributes, text } = otelAttributes(line)
      const document = lay(attributes, text)
      expect(decode(filtered(document, sourceFields))).toEqual(decode(document))
    }
  })

  it('counts every other withheld message as such', () => {
    for (const line of others) {
      expect(summary(lay(otelAttributes(line).attributes, 'log'))).toBe('undecoded content_withheld')
    }
  })
})
