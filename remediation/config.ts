import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/clock.ts'
import { byteSize, cidr, duration, listenAddress, parsed, path, text, wholeNumber } from '../core/config/schema.ts'
import { refuseBothSecretKeys, secretKeys } from '../core/config/secret-keys.ts'
import { destinationSchema, type PlaybookConfig, playbookSchema, threatIntelligenceSchema } from './config-lists.ts'
import { modes } from './decision/playbook.ts'

const SECOND_MS = 1_000

const webhookSchema = z
  .strictObject({
    ...secretKeys('bearer_token', 'What Alertmanager must send as `Authorization: Bearer`.'),
    ...secretKeys('grafana_secret', "The secret of Grafana's HMAC signature."),
    grafana_signature_header: text()
      .prefault('X-Grafana-Alerting-Signature')
      .describe('The header that holds the signature.'),
    grafana_timestamp_header: text()
      .prefault('X-Grafana-Alerting-Timestamp')
      .describe('The header that holds the time, which Grafana must be told to send: without it a request is refused.'),
    replay_window: duration(SECOND_MS, HOUR_MS)
      .prefault('5m')
      .describe('How far the time of a signed request may be from now.'),
    max_body: byteSize().prefault('16MiB').describe('The largest body; Alertmanager drops what is larger.'),
    max_waiting: wholeNumber(1, 100_000)
      .prefault(5_000)
      .describe(
        'Most incidents that wait for their decision; beyond it the answer is 503, so that the sender tries again.',
      ),
  })
  .superRefine(refuseBothSecretKeys('bearer_token'))
  .superRefine(refuseBothSecretKeys('grafana_secret'))
  .prefault({})
  .describe('Who may deliver alerts, beside the client certificates of the web configuration.')

const neverBlockSchema = z
  .strictObject({
    networks: z
      .array(cidr())
      .prefault([])
      .describe('Networks that are never blocked: bastions, proxies, offices, the identity provider.'),
    hosts: z
      .array(text())
      .prefault([])
      .describe(
        'Names whose addresses are never blocked, looked up again and again: Elasticsearch, Prometheus, the identity provider.',
      ),
    private_ranges: z
      .boolean()
      .prefault(true)
      .describe('Whether private, link-local, shared and reserved ranges are never blocked. Loopback never is.'),
  })
  .prefault({})
  .describe(
    "What must stay reachable. This machine's own addresses, its resolvers and `exporter.trusted_proxies` are added by themselves.",
  )

const limitsSchema = z
  .strictObject({
    per_minute: wholeNumber(0, 100_000).prefault(30).describe('Most blocks that are begun in a minute.'),
    per_hour: wholeNumber(0, 1_000_000).prefault(300).describe('Most blocks that are begun in an hour.'),
    at_once: wholeNumber(0, 60_000).prefault(5_000).describe('Most blocks in force together.'),
    ipv4_prefix: wholeNumber(8, 32).prefault(32).describe('Least bits of an IPv4 network that may be blocked.'),
    ipv6_prefix: wholeNumber(16, 128).prefault(128).describe('Least bits of an IPv6 network that may be blocked.'),
    breaker_reset: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1h')
      .describe('How long the breaker stays open after a cap by time was met; so long a person approves.'),
    waiting_approvals: wholeNumber(1, 10_000)
      .prefault(200)
      .describe('Most proposals that wait for a person; what comes beyond is refused and recorded.'),
  })
  .prefault({})
  .describe('How much may be done without a person.')

const firewallSchema = z
  .strictObject({
    command: z
      .array(text())
      .min(1)
      .prefault(['nft'])
      .describe('The program and its first arguments, for instance `ip netns exec gateway nft`.'),
    table: parsed({ expects: 'a name of letters, digits and _', placeholder: '<text>' }, value =>
      /^[A-Za-z]\w{0,30}$/.test(value) ? value : undefined,
    )
      .prefault('clawtrust')
      .describe('Name of the `inet` table, which belongs to clawtrust alone.'),
    priority: z
      .int()
      .min(-400)
      .max(-1)
      .meta({ expects: 'a whole number from -400 to -1', placeholder: '<number>' })
      .prefault(-10)
      .describe('Priority of the chains: below 0, so that established connections are cut too.'),
    reconcile_interval: duration(SECOND_MS, HOUR_MS)
      .prefault('30s')
      .describe('How often what is in the kernel is compared with what should be there.'),
  })
  .prefault({})
  .describe('nftables.')

const enrichmentSchema = z
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

/** Section `remediation`. */
export const remediationSchema = z
  .strictObject({
    listen_address: listenAddress()
      .prefault('127.0.0.1:9848')
      .describe('Where the webhook, the page and /metrics are served.'),
    web_config_file: path()
      .exactOptional()
      .describe(
        "TLS, client certificates and basic authentication, with the keys of exporter-toolkit's web configuration.",
      ),
    external_url: parsed(
      { expects: 'an address such as https://clawtrust.example:9848/', placeholder: '<url>' },
      httpUrl,
    )
      .exactOptional()
      .describe('The address at which a person reaches this service, for the links in messages.'),
    state_dir: path()
      .prefault('clawtrust-remediation')
      .describe('The folder of the ledger; of one running service only.'),
    mode: z
      .enum(modes)
      .prefault('observe')
      .describe(
        'The mode of playbooks that name none. `observe`: only tells what it would do. `approve`: a person decides. `enforce`: acts.',
      ),
    webhook: webhookSchema,
    playbooks: z
      .array(playbookSchema)
      .prefault([])
      .describe('What is done to which alert; `mtls-unknown-source` and `brute-force` are built in.'),
    destinations: z.array(destinationSchema).prefault([]).describe('Where messages, tickets and hooks go.'),
    never_block: neverBlockSchema,
    limits: limitsSchema,
    soft_allow: duration(0, 30 * DAY_MS)
      .prefault('1d')
      .describe('How long an address that a person unblocked is not blocked again.'),
    approval_lifetime: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('4h')
      .describe('How long a proposal and its link are valid.'),
    retention: duration(DAY_MS, 3650 * DAY_MS)
      .prefault('30d')
      .describe('How long closed incidents and delivery keys are kept; the audit trail is never pruned.'),
    firewall: firewallSchema,
    enrichment: enrichmentSchema,
  })
  .superRefine(refuseUnknownDestinations)
  .prefault({})
  .describe('The remediation service: alerts in, blocks, messages and tickets out.')

export type RemediationConfig = z.output<typeof remediationSchema>

/** The same configuration with every relative path taken from this folder. */
export function resolveRemediationPaths(config: RemediationConfig, folder: string): RemediationConfig {
  const absolute = (file: string) => (isAbsolute(file) ? file : join(folder, file))
  return withAbsolutePaths(config, absolute)
}

/** Keys that name a path, wherever they stand. */
const PATH_KEYS = /^(?:file|.*_file|state_dir)$/

function withAbsolutePaths<T>(value: T, absolute: (file: string) => string): T {
  if (Array.isArray(value)) return value.map(item => withAbsolutePaths(item, absolute)) as T
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const entries = Object.entries(value).map(([key, inner]) => {
    const isPath = PATH_KEYS.test(key) && typeof inner === 'string'
    return [key, isPath ? absolute(inner) : withAbsolutePaths(inner, absolute)]
  })
  return Object.fromEntries(entries) as T
}

function httpUrl(value: string): string | undefined {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) ? url.href.replace(/\/?$/, '/') : undefined
}

function refuseUnknownDestinations(
  config: {
    readonly playbooks: readonly PlaybookConfig[]
    readonly destinations: readonly { readonly name: string }[]
  },
  context: z.core.$RefinementCtx,
): void {
  const names = config.destinations.map(({ name }) => name)
  config.playbooks.forEach((playbook, index) => {
    playbook.steps.forEach((step, at) => {
      if (step.type !== 'request' || names.includes(step.destination)) return
      const message = `names no destination; there are: ${names.join(', ') || 'none'}`
      context.addIssue({ code: 'custom', path: ['playbooks', index, 'steps', at, 'destination'], message })
    })
  })
}
