import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { duration, parsed, path, text, wholeNumber } from '../../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../../core/config/secret-keys.ts'
import { threatListSchema } from '../../service/threat-lists/config.ts'

const listSchema = z.strictObject({
  type: z.literal('list').describe('A file of addresses and networks, read again when it changes.'),
  ...threatListSchema.shape,
})

const httpSchema = z
  .strictObject({
    type: z.literal('http').describe('An HTTP service that is queried about each address.'),
    name: threatListSchema.shape.name,
    url: parsed({ expects: 'an https address that holds {address}', placeholder: '<url>' }, value =>
      /^https?:\/\/[^{}]*\{address\}[^{}]*$/.test(value) && isUrl(value) ? value : undefined,
    ).describe('The URL to query; `{address}` is replaced by the address.'),
    allow_http: z
      .boolean()
      .prefault(false)
      .describe(
        'Whether `url` may begin with http://; the key and the answers can then be read and changed on the way.',
      ),
    header: parsed({ expects: 'the name of an HTTP header, such as x-api-key', placeholder: '<text>' }, value =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : undefined,
    )
      .prefault('Authorization')
      .describe('The header that contains the key.'),
    ...secretKeys('key', 'The key.'),
    score: text().describe('Path of the score in the response, such as `scores.overall.total`.'),
    malicious_from: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .describe('The lowest score with the verdict malicious.'),
    benign_to: z
      .number()
      .meta({ expects: 'a number', placeholder: '<number>' })
      .exactOptional()
      .describe('The highest score with the verdict benign; without it, no address is benign.'),
    cache: duration(MINUTE_MS, 30 * DAY_MS)
      .prefault('1h')
      .describe('How long a response is cached.'),
    budget: wholeNumber(1, 1_000_000).prefault(50).describe('Maximum number of queries per day.'),
    timeout: duration(100, MINUTE_MS).prefault('2s').describe('Timeout of a request.'),
  })
  .superRefine(refuseBothSecretKeys('key'))
  .superRefine(({ url, allow_http }, context) => {
    if (allow_http || !url.startsWith('http://')) return
    const message =
      'begins with http://, which anyone on the way can read and change; use https, or set allow_http: true'
    context.addIssue({ code: 'custom', path: ['url'], message })
  })

function isUrl(template: string): boolean {
  const url = URL.parse(template.replace('{address}', '192.0.2.1'))
  return url !== null && url.username === '' && url.password === ''
}

const threatIntelligenceSchema = z
  .array(z.discriminatedUnion('type', [listSchema, httpSchema]))
  .prefault([])
  .describe('Sources of verdicts; one malicious verdict suffices, unless another source says benign.')

/** Section `remediation.enrichment`. */
export const enrichmentSchema = z
  .strictObject({
    geoip_file: path()
      .exactOptional()
      .describe(
        'A country or city database in MMDB format, read again when it changes; without it, countries are unknown, and a playbook with a condition about them is refused.',
      ),
    geoip_max_age: duration(DAY_MS, 3650 * DAY_MS)
      .prefault('90d')
      .describe('Databases that are older are used, and reported as old.'),
    deadline: duration(100, MINUTE_MS)
      .prefault('3s')
      .describe(
        'A source that has not responded by then has the verdict `unknown`; the decision does not wait for it.',
      ),
    threat_intelligence: threatIntelligenceSchema,
  })
  .prefault({})
  .describe('Evidence that is gathered about an address before the decision.')

export type EnrichmentConfig = z.output<typeof enrichmentSchema>
export type ThreatIntelligenceConfig = z.output<typeof threatIntelligenceSchema>[number]
export type HttpProviderConfig = z.output<typeof httpSchema>
