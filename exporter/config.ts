import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/clock.ts'
import {
  byteSize,
  cidr,
  duration,
  listenAddress,
  nat64Prefix,
  parsed,
  path,
  wholeNumber,
} from '../core/config/schema.ts'
import { codeMeanings } from '../decoding/dialects/entra/codes.ts'
import { type Stream, streams } from '../decoding/toolkit/record.ts'
import { anomalySchema } from './detection/config.ts'
import { enrichmentSchema, resolveEnrichmentPaths } from './enrichment/config.ts'
import type { SharedSignal } from './pipeline/authority.ts'
import { guardsSchema } from './pipeline/guards-config.ts'
import { isDurable, resolveSourcePaths, type SourceConfig, sourceSchema } from './sources/registry.ts'
import { parseTraceUrl } from './web/trace-url.ts'

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
    trace_url: parsed(
      {
        expects: 'a web address with {{trace_id}} in it, such as https://traces.example/trace/{{trace_id}}',
        placeholder: '<url>',
      },
      parseTraceUrl,
    )
      .exactOptional()
      .describe(
        'Address of a trace, with `{{trace_id}}` in the place of its id: the page and `/api/v1/events` give it for events that have a trace.',
      ),
    state_dir: path()
      .prefault('clawtrust-state')
      .describe(
        'State folder. The state database is in its folder `exporter`, which is made with mode 0700; each running exporter needs its own.',
      ),
    state_limit: byteSize()
      .prefault('8GiB')
      .describe('Maximum size of the state folder. At the limit reading pauses, and nothing is lost.'),
    sources: z
      .array(sourceSchema)
      .superRefine(refuseSharedNames)
      .superRefine(refuseReservedNames)
      .superRefine(refuseMixedRecordings)
      .superRefine(refuseSecondReceiver)
      .prefault([])
      .describe(
        "Sources of records. Without any: OpenClaw's log folder and the logs of its containers, otherwise the bundled recordings.",
      ),
    trusted_proxies: z
      .array(cidr())
      .prefault([])
      .describe(
        'Proxies whose X-Forwarded-For header is trusted; without them, only addresses of connections to the gateway are trusted.',
      ),
    nat64_prefixes: z
      .array(nat64Prefix())
      .prefault([])
      .describe(
        'Prefixes of the NAT64 translators of your own network: an address in one of them is a trusted proxy if the IPv4 address in it is, and it is never blocked if that address is protected. Default: none; `64:ff9b::/96` widens protection only.',
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
        network_hosts: wholeNumber(1, 100)
          .prefault(3)
          .describe(
            'Hosts of one network (`exporter.source_networks`) that must offend within the window for `source_ip` to be the network in CIDR form; with fewer, each host is exposed with the count of the network. Playbooks then block the host or the network, and the network too where that number of its hosts offended one after another (`reset_after` of the step `block`). A network that contains a protected address, or that is wider than `remediation.limits` allows, is never exposed: its latest 16 hosts are.',
          ),
      })
      .prefault({})
      .describe('The source addresses with the most events.'),
    enrichment: enrichmentSchema,
    source_networks: z
      .strictObject({
        ipv4_prefix: wholeNumber(8, 32).prefault(32).describe('Prefix of the IPv4 network that counts as one source.'),
        ipv6_prefix: wholeNumber(16, 128)
          .prefault(64)
          .describe('Prefix of the IPv6 network that counts as one source.'),
      })
      .prefault({})
      .describe(
        'Offenders, sprays and first-seen addresses are counted by network, because an attacker may have all of its addresses. Addresses of translators (NAT64, Teredo) are counted one by one. After a prefix was made longer, known networks are first seen once more.',
      ),
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
    guards: guardsSchema,
    entra_codes: z
      .record(z.string(), z.enum(codeMeanings))
      .superRefine(refuseWordsForCodes)
      .prefault({})
      .describe(
        'Meanings of result codes of Entra ID (the digits of `AADSTS…`), in addition to those of docs/decoders.md, or instead of them: a reason of `clawtrust_auth_failures_total`, `locked`, `interrupt` (no failure) or `other`.',
      ),
    anomaly: anomalySchema,
  })
  .prefault({})
  .describe('The exporter: logs in, Prometheus metrics out.')

export type ExporterConfig = z.output<typeof exporterSchema>

/** The same configuration with every relative path taken from this folder. */
export function resolvePaths(config: ExporterConfig, folder: string): ExporterConfig {
  const absolute = (file: string) => (isAbsolute(file) ? file : join(folder, file))
  return {
    ...config,
    state_dir: absolute(config.state_dir),
    ...(config.web_config_file === undefined ? {} : { web_config_file: absolute(config.web_config_file) }),
    sources: config.sources.map(source => resolveSourcePaths(source, absolute)),
    enrichment: resolveEnrichmentPaths(config.enrichment, absolute),
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

function refuseWordsForCodes(codes: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  for (const code of Object.keys(codes)) {
    if (/^\d{1,9}$/.test(code)) continue
    const message = 'is no code of Entra ID; write the digits of AADSTS…, such as 50126'
    context.addIssue({ code: 'custom', path: [code], message })
  }
}

/** In the state, the pairs of a backfill have the name of the source with one of these before it. */
function refuseReservedNames(sources: readonly { readonly name: string }[], context: z.core.$RefinementCtx): void {
  const reserved = new Map(
    sources.flatMap(({ name }, index) => [`history of ${name}`, `backfill of ${name}`].map(taken => [taken, index])),
  )
  sources.forEach(({ name }, index) => {
    const owner = reserved.get(name)
    if (owner === undefined) return
    const message = `is reserved for exporter.sources[${owner}], whose backfill is saved under it; choose another`
    context.addIssue({ code: 'custom', path: [index, 'name'], message })
  })
}

/** Records of a recording are not saved and partly synthetic: they must not be counted with a real gateway. */
function refuseMixedRecordings(sources: readonly Pick<SourceConfig, 'type'>[], context: z.core.$RefinementCtx): void {
  const first = sources.findIndex(source => !isDurable(source))
  if (first < 0 || !sources.some(isDurable)) return
  const message = 'is a recording together with real sources; remove it, or run it in a separate exporter'
  context.addIssue({ code: 'custom', path: [first], message })
}

/** Senders post to one path, whatever the source is called. */
function refuseSecondReceiver(sources: readonly Pick<SourceConfig, 'type'>[], context: z.core.$RefinementCtx): void {
  const first = sources.findIndex(({ type }) => type === 'otlp')
  sources.forEach(({ type }, index) => {
    if (type !== 'otlp' || index === first) return
    const message = `is of type otlp like exporter.sources[${first}], and senders deliver to one of them only; remove it`
    context.addIssue({ code: 'custom', path: [index], message })
  })
}
