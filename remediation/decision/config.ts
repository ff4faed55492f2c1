import { z } from 'zod'
import { DAY_MS, MINUTE_MS } from '../../core/clock.ts'
import { matchers } from '../../core/config/matchers.ts'
import { cidr, duration, parsed, text, wholeNumber } from '../../core/config/schema.ts'
import type { StepConfig } from '../domain/playbook.ts'
import { modes, verdicts } from '../domain/playbook.ts'

/** Section `remediation.never_block`. */
export const neverBlockSchema = z
  .strictObject({
    networks: z
      .array(cidr())
      .prefault([])
      .describe('Networks that are never blocked: bastions, proxies, offices, the identity provider.'),
    hosts: z
      .array(text())
      .prefault([])
      .describe(
        'Names whose addresses are never blocked, resolved every five minutes: Elasticsearch, Prometheus, the identity provider.',
      ),
    private_ranges: z
      .boolean()
      .prefault(true)
      .describe(
        'Whether the special-purpose ranges of IANA (private, link-local, shared, reserved and the like) are on the allowlist too. Loopback always is.',
      ),
  })
  .prefault({})
  .describe(
    "The allowlist. This machine's own addresses, those of the network namespace in which `firewall.command` runs nft, its resolvers, `exporter.trusted_proxies`, the nodes and proxies of `exporter.sources`, the hosts of `destinations` and of threat intelligence, `external_url` and the listen addresses are added automatically.",
  )

/** Section `remediation.limits`. */
export const limitsSchema = z
  .strictObject({
    per_minute: wholeNumber(0, 100_000)
      .prefault(30)
      .describe(
        'Maximum number of networks (IPv4 /24, IPv6 /64) per minute against which actions are executed: blocks, and incidents with requests only.',
      ),
    per_hour: wholeNumber(0, 1_000_000)
      .prefault(300)
      .describe('The same per hour. One network gets up to 16 actions in it.'),
    at_once: wholeNumber(0, 60_000).prefault(5_000).describe('Maximum number of active blocks.'),
    ipv4_prefix: wholeNumber(8, 32).prefault(32).describe('Shortest IPv4 prefix that may be blocked.'),
    ipv6_prefix: wholeNumber(16, 128)
      .prefault(64)
      .describe(
        'Shortest IPv6 prefix that may be blocked. A /64 is blocked once several of its hosts offended (`exporter.offenders.network_hosts`), and never a network that is wider than this.',
      ),
    breaker_reset: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1h')
      .describe(
        'How long the breaker stays open after a limit was reached; until then, actions need an approval. An operator can reset it earlier.',
      ),
    waiting_approvals: wholeNumber(1, 10_000)
      .prefault(200)
      .describe(
        'Maximum number of networks with pending approvals, up to 16 of each; further proposals wait, which is recorded.',
      ),
  })
  .prefault({})
  .describe('Limits for actions without an approval.')

const country = () =>
  parsed({ expects: 'a country of two capital letters, such as DE', placeholder: '<country>' }, value =>
    /^[A-Z]{2}$/.test(value) ? value : undefined,
  )

/** One item of `remediation.playbooks`, with steps of this schema. */
export const playbookSchemaOf = (step: z.ZodDiscriminatedUnion & z.ZodType<StepConfig>, steps: string) =>
  z.strictObject({
    name: text().describe(
      'The value of the label `playbook` of its alerts; replaces a built-in playbook of the same name.',
    ),
    mode: z.enum(modes).exactOptional().describe('Default: `remediation.mode`.'),
    match: z
      .record(z.string(), matchers('Values of this label.').unwrap())
      .prefault({})
      .describe('Labels that an alert must have; without any, `playbook` must be the name of the playbook.'),
    target_label: text().prefault('source_ip').describe('The label that contains the target.'),
    conditions: z
      .strictObject({
        verdict: z
          .array(z.enum(verdicts))
          .min(1)
          .exactOptional()
          .describe('Required verdict of threat intelligence on the address.'),
        countries: z.array(country()).min(1).exactOptional().describe('Countries to which the playbook applies.'),
        not_countries: z
          .array(country())
          .min(1)
          .exactOptional()
          .describe('Countries to which the playbook does not apply; nor does it to addresses of unknown country.'),
      })
      .prefault({})
      .describe('Conditions of the playbook.'),
    steps: z.array(step).min(1).describe(steps),
    cooldown: duration(0, 30 * DAY_MS)
      .prefault('1h')
      .describe(
        'How long after an action no further incident is created for the same playbook and target; then an alert that still fires is decided on again.',
      ),
    alert_range: duration(0, 30 * DAY_MS)
      .prefault('20m')
      .describe(
        'The longest time over which the alert rules that call the playbook count, 18 minutes for the shipped ones. For so long after a block has expired no alert is decided on: it may still count what happened before the block.',
      ),
  })

export type NeverBlockConfig = z.output<typeof neverBlockSchema>
export type LimitsConfig = z.output<typeof limitsSchema>
export type PlaybookConfig = z.output<ReturnType<typeof playbookSchemaOf>>
