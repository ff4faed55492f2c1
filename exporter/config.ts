import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/clock.ts'
import { byteSize, cidr, duration, listenAddress, path, pattern, text, wholeNumber } from '../core/config/schema.ts'
import { type Stream, streams } from '../decoding/toolkit/record.ts'
import type { SharedSignal } from './pipeline/authority.ts'
import { anomalySchema } from './scoring/config.ts'
import { elasticsearchSourceSchema, resolveElasticsearchPaths } from './sources/elasticsearch/config.ts'

const name = text().describe('Unique among the sources; the value of the label `source`.')
const durableName = name.describe(
  'Unique among the sources; the value of the label `source`. The cursor is stored under it: a renamed source starts again.',
)
const gateway = text().exactOptional().describe('The gateway of the records; without it, the gateway in the record.')

const fileSourceSchema = z
  .strictObject({
    type: z.literal('file').describe('Log files, followed as they grow and rotate.'),
    name: durableName,
    paths: z
      .array(path())
      .min(1)
      .describe(
        'Files, or patterns with `*`, `?`, `[…]`, `{…}` and `**`; files that appear later are read from their beginning.',
      ),
    gateway,
    gateway_pattern: pattern()
      .exactOptional()
      .describe('Matches the whole path of a file; its group `(?<gateway>…)` is the name of the gateway.'),
    start_at: z
      .enum(['end', 'beginning'])
      .exactOptional()
      .describe(
        'Where counting begins in files that exist at the first start. Without it: the end for patterns, the beginning for plain paths.',
      ),
  })
  .superRefine((source, context) => {
    if (source.gateway_pattern === undefined) return
    const complain = (message: string) => context.addIssue({ code: 'custom', path: ['gateway_pattern'], message })
    if (source.gateway !== undefined) complain('conflicts with gateway; remove one of the two')
    else if (!source.gateway_pattern.source.includes('(?<gateway>')) complain('has no group (?<gateway>…); add it')
  })

const recordingSourceSchema = z.strictObject({
  type: z.literal('recording').describe('A bundled recording, for a trial without a gateway.'),
  name,
  recording: z
    .enum(['capture', 'demo'])
    .describe('`capture`: a log of a real OpenClaw, with times moved to now. `demo`: synthetic, with one attack day.'),
  gateway,
  attack_days_ago: z
    .int()
    .min(0)
    .max(14)
    .optional()
    .describe(
      'Number of days between the attack day of the `demo` and the start (UTC); 0: the day of the start. Default: 2.',
    ),
})

const sourceSchema = z.discriminatedUnion('type', [fileSourceSchema, elasticsearchSourceSchema, recordingSourceSchema])

const defaultAuthority = {
  auth_failures: 'file-log',
  auth_successes: 'security-event',
  auth_lockouts: 'file-log',
  posture_drifts: 'file-log',
  policy_decisions: 'file-log',
} as const satisfies Record<SharedSignal, Stream>

const authority = (signal: SharedSignal) =>
  z.enum(streams).prefault(defaultAuthority[signal]).describe(`The authoritative stream of \`${signal}\`.`)

const authoritySchema = z.strictObject({
  auth_failures: authority('auth_failures'),
  auth_successes: authority('auth_successes'),
  auth_lockouts: authority('auth_lockouts'),
  posture_drifts: authority('posture_drifts'),
  policy_decisions: authority('policy_decisions'),
} satisfies Record<SharedSignal, unknown>)

/** Section `exporter`. */
export const exporterSchema = z
  .strictObject({
    listen_address: listenAddress()
      .prefault('127.0.0.1:9847')
      .describe('Address of the page and /metrics; `:9847` is every interface.'),
    web_config_file: path()
      .exactOptional()
      .describe(
        "TLS, client certificates and basic authentication, with the keys of exporter-toolkit's web configuration.",
      ),
    state_dir: path()
      .prefault('clawtrust-state')
      .describe('Folder of the state database; each running exporter needs its own.'),
    state_limit: byteSize()
      .prefault('8GiB')
      .describe('Maximum size of the state folder. At the limit reading pauses, and nothing is lost.'),
    sources: z
      .array(sourceSchema)
      .superRefine(refuseSharedNames)
      .superRefine(refuseMixedRecordings)
      .prefault([])
      .describe(
        "Sources of records. Without any: OpenClaw's log folder if it exists, otherwise the bundled recordings.",
      ),
    trusted_proxies: z
      .array(cidr())
      .prefault([])
      .describe(
        'Proxies whose X-Forwarded-For header is trusted; without them, only addresses of connections to the gateway are trusted.',
      ),
    authority: authoritySchema
      .prefault({})
      .describe(
        'The authoritative stream where two streams report the same events; records of the other are counted as `not_authoritative`.',
      ),
    series: z
      .strictObject({
        limit_per_metric: wholeNumber(100, 1_000_000)
          .prefault(10_000)
          .describe(
            'Maximum number of series of a metric; the values of further series are summed in one overflow series.',
          ),
      })
      .prefault({})
      .describe('Limits of the series store.'),
    offenders: z
      .strictObject({
        k: wholeNumber(1, 1_000).prefault(20).describe('Maximum number of addresses that are exposed for each signal.'),
        window: duration(MINUTE_MS, DAY_MS)
          .prefault('5m')
          .describe('Period in which the events of an address are counted.'),
        linger: duration(0, DAY_MS)
          .prefault('15m')
          .describe('How long an address stays exposed after it left the first k, so that its series does not flap.'),
      })
      .prefault({})
      .describe('The source addresses with the most events.'),
    minutes: z
      .strictObject({
        retention: duration(DAY_MS, 365 * DAY_MS)
          .prefault('14d')
          .describe('Retention of minute series; the scorer learns from them.'),
        series_limit: wholeNumber(100, 1_000_000)
          .prefault(50_000)
          .describe(
            'Maximum number of minute series (gateway, trust zone, signal), about 1 KB each and 3 KB for busy ones; gateways above the limit share one series in each trust zone and signal, without a score.',
          ),
      })
      .prefault({})
      .describe('The minute series.'),
    anomaly: anomalySchema,
  })
  .prefault({})
  .describe('The exporter: logs in, Prometheus metrics out.')

export type ExporterConfig = z.output<typeof exporterSchema>
export type SourceConfig = z.output<typeof sourceSchema>
export type FileSourceConfig = z.output<typeof fileSourceSchema>

/** The same configuration with every relative path taken from this folder. */
export function resolvePaths(config: ExporterConfig, folder: string): ExporterConfig {
  const absolute = (file: string) => (isAbsolute(file) ? file : join(folder, file))
  return {
    ...config,
    state_dir: absolute(config.state_dir),
    ...(config.web_config_file === undefined ? {} : { web_config_file: absolute(config.web_config_file) }),
    sources: config.sources.map(source => {
      if (source.type === 'file') return { ...source, paths: source.paths.map(absolute) }
      return source.type === 'elasticsearch' ? resolveElasticsearchPaths(source, absolute) : source
    }),
  }
}

function refuseSharedNames(sources: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  sources.forEach((source, index) => {
    const first = sources.findIndex(other => other.name === source.name)
    if (first === index) return
    const message = `is already the name of exporter.sources[${first}]; give each source its own`
    context.addIssue({ code: 'custom', path: [index, 'name'], message })
  })
}

/** What a recording tells is not saved and partly made up: it must not stand among the counts of a real gateway. */
function refuseMixedRecordings(sources: readonly { readonly type: string }[], context: z.core.$RefinementCtx): void {
  const first = sources.findIndex(({ type }) => type === 'recording')
  if (first < 0 || sources.every(({ type }) => type === 'recording')) return
  const message = 'is a recording together with real sources; remove it, or run it in a separate exporter'
  context.addIssue({ code: 'custom', path: [first], message })
}
