import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../core/clock.ts'
import { withPaths } from '../core/config/paths.ts'
import { duration, listenAddress, parsed, path } from '../core/config/schema.ts'
import { destinationSchema } from '../service/delivery/config.ts'
import { notificationTemplates, type TemplateName } from '../service/delivery/templates/names.ts'
import type { StepKind } from './contracts/step.ts'
import { limitsSchema, neverBlockSchema, type PlaybookConfig, playbookSchemaOf } from './decision/config.ts'
import { type Policy, policyOf } from './decision/policy.ts'
import { modes, type Verdict } from './domain/playbook.ts'
import { enrichmentSchema } from './enrichment/config.ts'
import { webhookSchema } from './intake/config.ts'
import { operatorSchema } from './operator/config.ts'
import { firewallSchema } from './steps/block/config.ts'
import { builtInPlaybooks } from './steps/built-in-playbooks.ts'
import { createStepRegistry, type StepRegistry } from './steps/registry.ts'

/** Section `remediation`, with the steps of a registry. */
export const remediationSchemaOf = (registry: StepRegistry) =>
  z
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
        {
          expects: 'an address such as https://clawtrust.example:9848/, without user and password',
          placeholder: '<url>',
        },
        httpUrl,
      )
        .exactOptional()
        .describe('The external URL of this service, for the links in messages.'),
      state_dir: path()
        .prefault('clawtrust-remediation')
        .describe(
          'State folder. The ledger is in its folder `remediation`, which is made with mode 0700; each running service needs its own.',
        ),
      mode: z
        .enum(modes)
        .prefault('observe')
        .describe(
          'The mode of playbooks that name none. `observe`: records what it would do. `approve`: waits for an approval. `enforce`: executes.',
        ),
      webhook: webhookSchema,
      operator: operatorSchema,
      playbooks: z
        .array(playbookSchemaOf(registry.schema, stepsHelp(registry)))
        .prefault([])
        .describe('Steps for alerts; `mtls-unknown-source`, `brute-force` and `certificate-rotation` are built in.'),
      destinations: z.array(destinationSchema).prefault([]).describe('Receivers of messages, tickets and hooks.'),
      never_block: neverBlockSchema,
      limits: limitsSchema,
      soft_allow: duration(0, 30 * DAY_MS)
        .prefault('1d')
        .describe(
          'How long an address is not blocked again after an operator unblocked it, and a proposal is not repeated after an operator rejected it.',
        ),
      approval_lifetime: duration(MINUTE_MS, 7 * DAY_MS)
        .prefault('4h')
        .describe('How long a pending approval and its link are valid.'),
      retention: duration(DAY_MS, 3650 * DAY_MS)
        .prefault('30d')
        .describe('How long closed incidents and delivery keys are kept; the audit trail is never pruned.'),
      firewall: firewallSchema,
      enrichment: enrichmentSchema,
    })
    .superRefine((config, context) => refuseWrongSteps(config, registry, context))
    .superRefine(refuseUndecidable)
    .prefault({})
    .describe('The remediation service: alerts in, blocks, messages and tickets out.')

/** Section `remediation`, with the steps that are shipped. */
export const remediationSchema = remediationSchemaOf(createStepRegistry())

export type RemediationConfig = z.output<typeof remediationSchema>

/** What the configuration says about deciding, with the built-in playbooks. */
export function policyOfConfig(config: RemediationConfig): Policy {
  const named = (templates: readonly TemplateName[]) =>
    config.destinations.filter(({ template }) => templates.includes(template)).map(({ name }) => name)
  return policyOf(config, builtInPlaybooks(config.mode, named(notificationTemplates), named(['certificate-rotation'])))
}

/** True where a playbook has a condition about countries. */
export const needsCountries = ({ playbooks }: Policy): boolean =>
  playbooks.some(({ conditions: { countries, notCountries } }) => (countries ?? notCountries) !== undefined)

/** Configured playbooks that never act, because no source of threat intelligence can give a verdict that they require. */
export function playbooksWithoutVerdict({ playbooks, enrichment }: RemediationConfig): readonly PlaybookConfig[] {
  const given = new Set<Verdict>(['unknown'])
  for (const source of enrichment.threat_intelligence) {
    given.add(source.type === 'list' ? source.verdict : 'malicious')
    if (source.type === 'http' && source.benign_to !== undefined) given.add('benign')
  }
  return playbooks.filter(
    ({ conditions: { verdict } }) => verdict !== undefined && !verdict.some(one => given.has(one)),
  )
}

/** The same configuration with every relative path taken from this folder. */
export function resolveRemediationPaths(config: RemediationConfig, folder: string): RemediationConfig {
  const absolute = (file: string) => (isAbsolute(file) ? file : join(folder, file))
  return withPaths(config, PATH_KEYS, absolute)
}

/** Keys whose value is a path, at any depth. */
const PATH_KEYS = /^(?:file|.*_file|state_dir)$/

function httpUrl(value: string): string | undefined {
  const url = URL.parse(value)
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  return isUsable ? url.href.replace(/\/?$/, '/') : undefined
}

/** What the page of the configuration says of the steps of a playbook. */
function stepsHelp({ kinds }: StepRegistry): string {
  const types = (which: (kind: StepKind) => boolean) =>
    kinds
      .filter(which)
      .map(({ type }) => `\`${type}\``)
      .join(', ')
  const once = types(({ repeatable }) => !repeatable)
  const last = types(({ stage }) => stage === 'notify')
  return `Steps of the playbook, at most one of: ${once}. Steps of type ${last} run after the others have ended.`
}

/** Without a database every country is unknown: such a playbook would never act, and no alert would say so. */
function refuseUndecidable(
  {
    playbooks,
    enrichment,
  }: {
    readonly playbooks: readonly PlaybookConfig[]
    readonly enrichment: { readonly geoip_file?: string }
  },
  context: z.core.$RefinementCtx,
): void {
  if (enrichment.geoip_file !== undefined) return
  playbooks.forEach(({ conditions }, index) => {
    for (const key of ['countries', 'not_countries'] as const) {
      if (conditions[key] === undefined) continue
      const message =
        'cannot be decided without remediation.enrichment.geoip_file: the playbook would never act; set the file, or remove the condition'
      context.addIssue({ code: 'custom', path: ['playbooks', index, 'conditions', key], message })
    }
  })
}

function refuseWrongSteps(
  {
    playbooks,
    destinations,
  }: { readonly playbooks: readonly PlaybookConfig[]; readonly destinations: readonly { readonly name: string }[] },
  registry: StepRegistry,
  context: z.core.$RefinementCtx,
): void {
  const references = { destinations: destinations.map(({ name }) => name) }
  playbooks.forEach(({ steps }, index) => {
    steps.forEach((step, at) => {
      const kind = registry.get(step.type)
      const isSecond = !kind.repeatable && steps.findIndex(({ type }) => type === step.type) < at
      const wrong = isSecond
        ? { key: 'type', message: `is a second ${step.type} step; a playbook can have one` }
        : kind.check?.(step, references)
      if (wrong === undefined) return
      const { key, message } = wrong
      context.addIssue({ code: 'custom', path: ['playbooks', index, 'steps', at, key], message })
    })
  })
}
