import { createHash } from 'node:crypto'
import type { Limits } from '../domain/limits.ts'
import type { Mode, Playbook } from '../domain/playbook.ts'
import type { LimitsConfig, NeverBlockConfig, PlaybookConfig } from './config.ts'

/** What the configuration says about deciding. */
export interface Policy {
  readonly playbooks: readonly Playbook[]
  readonly limits: Limits
  /** Changes with whatever a decision rests on; part of each decision's audit record. */
  readonly version: string
}

/** What a policy is made of: keys of section `remediation`. */
export interface PolicyConfig {
  readonly mode: Mode
  readonly limits: LimitsConfig
  readonly never_block: NeverBlockConfig
  readonly playbooks: readonly PlaybookConfig[]
}

/** @param builtIn playbooks that the configuration may replace by name */
export function policyOf({ mode, limits, never_block, playbooks }: PolicyConfig, builtIn: readonly Playbook[]): Policy {
  const own = playbooks.map(playbook => playbookOf(playbook, mode))
  const names = new Set(own.map(({ name }) => name))
  const all = [...own, ...builtIn.filter(({ name }) => !names.has(name))]
  const source = JSON.stringify({ playbooks: all, limits, never_block }, (_, value) =>
    value instanceof RegExp ? value.source : value,
  )
  return {
    playbooks: all,
    limits: {
      perMinute: limits.per_minute,
      perHour: limits.per_hour,
      atOnce: limits.at_once,
      prefix4: limits.ipv4_prefix,
      prefix6: limits.ipv6_prefix,
      waitingApprovals: limits.waiting_approvals,
    },
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
  }
}

/** Types of the steps that some playbook may carry out. */
export function activeSteps({ playbooks }: Policy): ReadonlySet<string> {
  const acting = playbooks.filter(({ mode }) => mode !== 'observe')
  return new Set(acting.flatMap(({ steps }) => steps.map(({ type }) => type)))
}

function playbookOf(config: PlaybookConfig, mode: Mode): Playbook {
  const { verdict, countries, not_countries } = config.conditions
  return {
    name: config.name,
    mode: config.mode ?? mode,
    match: config.match,
    targetLabel: config.target_label,
    conditions: {
      ...(verdict === undefined ? {} : { verdict }),
      ...(countries === undefined ? {} : { countries }),
      ...(not_countries === undefined ? {} : { notCountries: not_countries }),
    },
    steps: config.steps,
    cooldown: config.cooldown,
    alertRange: config.alert_range,
  }
}
