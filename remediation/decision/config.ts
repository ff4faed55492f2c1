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
        'Names whose addresses are never blocked, looked up again and again: Elasticsearch, Prometheus, the identity provider.',
      ),
    private_ranges: z
      .boolean()
      .prefault(true)
      .describe('Whether private, link-local, shared and reserved ranges are never blocked. Loopback never is.'),
  })
  .prefault({})
  .describe(
    "What must stay reachable. This machine's own addresses, its resolvers, `exporter.trusted_proxies`, the nodes and proxies of `exporter.sources`, the hosts of `destinations` and of threat intelligence, `external_url` and the addresses listened on are added by themselves.",
  )

/** Section `remediation.limits`. */
export const limitsSchema = z
  .strictObject({
    per_minute: wholeNumber(0, 100_000)
      .prefault(30)
      .describe('Most actions that are begun in a minute: blocks, and requests that follow no block.'),
    per_hour: wholeNumber(0, 1_000_000).prefault(300).describe('Most actions that are begun in an hour.'),
    at_once: wholeNumber(0, 60_000).prefault(5_000).describe('Most blocks in force together.'),
    ipv4_prefix: wholeNumber(8, 32).prefault(32).describe('Least bits of an IPv4 network that may be blocked.'),
    ipv6_prefix: wholeNumber(16, 128).prefault(128).describe('Least bits of an IPv6 network that may be blocked.'),
    breaker_reset: duration(MINUTE_MS, 7 * DAY_MS)
      .prefault('1h')
      .describe(
        'How long the breaker stays open after a cap was met; so long a person approves. An operator can reset it before.',
      ),
    waiting_approvals: wholeNumber(1, 10_000)
      .prefault(200)
      .describe('Most proposals that wait for a person; what comes beyond is refused and recorded.'),
  })
  .prefault({})
  .describe('How much may be done without a person.')

const country = () =>
  parsed({ expects: 'a country of two capital letters, such as DE', placeholder: '<country>' }, value =>
    /^[A-Z]{2}$/.test(value) ? value : undefined,
  )

/** One item of `remediation.playbooks`, with steps of this schema. */
export const playbookSchemaOf = (step: z.ZodDiscriminatedUnion & z.ZodType<StepConfig>, steps: string) =>
  z.strictObject({
    name: text().describe(
      'The value of the label `playbook` of alerts that call it; takes the place of a built-in one of this name.',
    ),
    mode: z.enum(modes).exactOptional().describe('Default: `remediation.mode`.'),
    match: z
      .record(z.string(), matchers('Values of this label.').unwrap())
      .prefault({})
      .describe('Labels that an alert must have; without any, `playbook` must be the name of the playbook.'),
    target_label: text().prefault('source_ip').describe('The label that holds what the steps are aimed at.'),
    conditions: z
      .strictObject({
        verdict: z
          .array(z.enum(verdicts))
          .min(1)
          .exactOptional()
          .describe('What threat intelligence must say of the address.'),
        countries: z.array(country()).min(1).exactOptional().describe('Countries that the address must be of.'),
        not_countries: z.array(country()).min(1).exactOptional().describe('Countries that the address must not be of.'),
      })
      .prefault({})
      .describe('What must hold before anything is done.'),
    steps: z.array(step).min(1).describe(steps),
    cooldown: duration(0, 30 * DAY_MS)
      .prefault('1h')
      .describe(
        'How long after an action the same alert of the same target starts nothing; at least the longest window of its rule.',
      ),
  })

export type NeverBlockConfig = z.output<typeof neverBlockSchema>
export type LimitsConfig = z.output<typeof limitsSchema>
export type PlaybookConfig = z.output<ReturnType<typeof playbookSchemaOf>>
