import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/clock.ts'
import { duration, listenAddress, parsed, path } from '../core/config/schema.ts'
import { limitsSchema, neverBlockSchema, type PlaybookConfig, playbookSchema } from './decision/config.ts'
import { modes } from './domain/playbook.ts'
import { enrichmentSchema } from './enrichment/config.ts'
import { webhookSchema } from './intake/config.ts'
import { operatorSchema } from './operator/config.ts'
import { firewallSchema } from './steps/block/config.ts'
import { destinationSchema } from './steps/request/config.ts'

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
    operator: operatorSchema,
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
