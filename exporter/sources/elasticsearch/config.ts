import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/clock.ts'
import { elasticsearchConnectionKeys, refuseContradictions } from '../../../core/config/elasticsearch.ts'
import { duration, parsed, text, wholeNumber } from '../../../core/config/schema.ts'
import type { EnvelopeChoice } from '../../../decoding/documents.ts'
import { envelopes } from '../../../decoding/registry.ts'
import { isObject } from '../../../decoding/toolkit/fields.ts'
import { sourceKeys } from '../source-kind.ts'

const indexPattern = () =>
  parsed(
    {
      expects:
        'an index, a data stream or a pattern such as logs-openclaw-*, with cluster: before it where it is remote',
      placeholder: '<index>',
    },
    value => (/^[^\s,"\\<>|?#A-Z]+$/.test(value) ? value : undefined),
  )

const shard = () =>
  parsed({ expects: 'a part and the number of parts, such as 2/8', placeholder: '<part>' }, value => {
    const found = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(value)
    const part = Number(found?.[1])
    const of = Number(found?.[2])
    return found !== null && part <= of ? { part, of } : undefined
  })

const envelopeNames = envelopes.map(({ name }) => name)

/** The name of an envelope, or the field with the record: `{ raw: message }` for its line, `{ parsed: json }` for its object. */
const envelope = () =>
  z.custom<EnvelopeChoice>(isEnvelopeChoice, { params: { unparsed: true } }).meta({
    expects: `one of ${envelopeNames.join(', ')}, or { raw: FIELD } or { parsed: FIELD } with the field that holds the record`,
    placeholder: '<envelope>',
  })

function isEnvelopeChoice(value: unknown): boolean {
  if (typeof value === 'string') return envelopeNames.includes(value)
  const [[kind, field] = [], ...more] = isObject(value) ? Object.entries(value) : []
  return (kind === 'raw' || kind === 'parsed') && typeof field === 'string' && field !== '' && more.length === 0
}

/** A source of type `elasticsearch`. */
export const elasticsearchSourceSchema = z
  .strictObject({
    ...sourceKeys({
      type: 'elasticsearch',
      about: 'Documents in Elasticsearch 8.19 or 9, read as they come in.',
      durable: true,
    }),
    index: z.array(indexPattern()).min(1).describe('What is read.'),
    gateway: text()
      .exactOptional()
      .describe('The gateway that the documents come from; without it the document itself tells.'),
    envelope: envelope()
      .exactOptional()
      .describe(
        'Where the record is in documents that are no record at their root. Without it the marks of the known envelopes decide.',
      ),
    ...elasticsearchConnectionKeys,
    cursor_field: text()
      .prefault('event.ingested')
      .describe('Date field with the time at which a document came in. `@timestamp` where there is no such field.'),
    page_size: wholeNumber(10, 10_000).prefault(2_000).describe('Documents in one answer.'),
    slices: wholeNumber(1, 16).prefault(4).describe('Parallel readers while catching up.'),
    interval: duration(100, 5 * MINUTE_MS)
      .prefault('5s')
      .describe('Pause between two looks for new documents.'),
    lag: duration(0, 10 * MINUTE_MS)
      .prefault('10s')
      .describe(
        'How long a document may take until a search finds it: the refresh interval of the index and some more.',
      ),
    overlap: duration(0, HOUR_MS)
      .prefault('10s')
      .describe(
        'How far a look reads back over the last one when it has caught up; what is later is found by comparing minutes.',
      ),
    horizon: duration(2 * MINUTE_MS, DAY_MS)
      .prefault('1h')
      .describe(
        'How far back minutes are compared, and read again where they differ, and ids are recognised. Costs about 15 bytes of memory a document.',
      ),
    reconcile_interval: duration(1_000, HOUR_MS).prefault('1m').describe('Pause between two comparisons.'),
    max_skew: duration(0, HOUR_MS)
      .prefault('5m')
      .describe(
        'How far ahead of the clock of this machine the newest document is followed, and how much older than the first start an event may be that counts.',
      ),
    shard: shard().exactOptional().describe('Which part of the gateways this one of several readers reads.'),
    shard_field: text()
      .exactOptional()
      .describe('Field with the gateway, mapped as keyword, by which the gateways are shared out.'),
    history: duration(0, 365 * DAY_MS)
      .prefault('14d')
      .describe('How far back the past is read at the very first start: into minutes, never into counters.'),
  })
  .superRefine((source, context) => {
    refuseContradictions(source, context)
    const complain = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    if (source.shard !== undefined && source.shard_field === undefined) {
      complain('shard_field', 'is missing; name the keyword field with the gateway')
    }
    if (source.overlap > source.horizon) complain('overlap', 'is longer than horizon; the ids are not kept that long')
  })

export type ElasticsearchSourceConfig = z.output<typeof elasticsearchSourceSchema>
