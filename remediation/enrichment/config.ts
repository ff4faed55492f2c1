import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, parsed, path, text, wholeNumber } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { type ListFormat, listFormats } from './list-formats.ts'

const name = text().describe('The name that verdicts give as their origin.')
const maxAge = duration(MINUTE_MS, 365 * DAY_MS)
  .prefault('2d')
  .describe('A list that is older says nothing.')

const listSchema = z.strictObject({
  type: z.literal('list').describe('A file of addresses and networks, read again when it changes.'),
  name,
  file: path().describe('The file, kept fresh by a timer of yours.'),
  format: z
    .enum(Object.keys(listFormats) as [ListFormat])
    .prefault('plain')
    .describe(
      '`plain`: an address or network a line, as netsets are. `csv`: in a column. `feodo`: the JSON of Feodo Tracker.',
    ),
  column: wholeNumber(1, 1_000).prefault(1).describe('The column of a CSV file, counted from 1.'),
  verdict: z.enum(['malicious', 'benign']).prefault('malicious').describe('What being on the list means.'),
  max_age: maxAge,
})

const httpSchema = z
  .strictObject({
    type: z.literal('http').describe('A service that is asked about each address.'),
    name,
    url: parsed({ expects: 'an https address that holds {address}', placeholder: '<url>' }, value =>
      /^https?:\/\/[^{}]*\{address\}[^{}]*$/.test(value) ? value : undefined,
    ).describe('The URL to query; `{address}` is replaced by the address.'),
    header: text().prefault('Authorization').describe('The header that the key goes in.'),
    ...secretKeys('key', 'The key.'),
    score: text().describe('Path of the score in the answer, such as `scores.overall.total`.'),
    malicious_from: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .describe('The least score that means malicious.'),
    benign_to: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .exactOptional()
      .describe('The highest score that means benign; without it nothing is benign.'),
    cache: duration(MINUTE_MS, 30 * DAY_MS)
      .prefault('1h')
      .describe('How long an answer is kept.'),
    budget: wholeNumber(1, 1_000_000).prefault(50).describe('Most questions in a day.'),
    timeout: duration(100, MINUTE_MS).prefault('2s').describe('How long an answer is awaited.'),
  })
  .superRefine(refuseBothSecretKeys('key'))

const threatIntelligenceSchema = z
  .array(z.discriminatedUnion('type', [listSchema, httpSchema]))
  .prefault([])
  .describe('Who is asked; one that says malicious suffices, unless another says benign.')

/** Section `remediation.enrichment`. */
export const enrichmentSchema = z
  .strictObject({
    geoip_file: path()
      .exactOptional()
      .describe('A country or city database in MMDB format; without it no country is known.'),
    geoip_max_age: duration(DAY_MS, 3650 * DAY_MS)
      .prefault('90d')
      .describe('Older databases are used, and the page says that they are old.'),
    deadline: duration(100, MINUTE_MS)
      .prefault('3s')
      .describe('What has not answered by then says `unknown`; the response does not wait for it.'),
    threat_intelligence: threatIntelligenceSchema,
  })
  .prefault({})
  .describe('What is asked about an address before it is decided on.')

export type EnrichmentConfig = z.output<typeof enrichmentSchema>
export type ThreatIntelligenceConfig = z.output<typeof threatIntelligenceSchema>[number]
export type ListConfig = z.output<typeof listSchema>
export type HttpProviderConfig = z.output<typeof httpSchema>
