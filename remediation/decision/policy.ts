import { createHash } from 'node:crypto'
import type { RemediationConfig } from '../config.ts'
import type { Limits } from '../domain/limits.ts'
import { blockStep, type Mode, type Playbook } from '../domain/playbook.ts'
import { tellingTemplates } from '../steps/request/templates/names.ts'
import { builtInPlaybooks } from './built-in.ts'
import type { PlaybookConfig } from './config.ts'

/** What the configuration says about deciding. */
export interface Policy {
  readonly playbooks: readonly Playbook[]
  readonly limits: Limits
  /** Changes with whatever a decision rests on; stands in each record of the audit trail. */
  readonly version: string
}

export function policyOf(config: RemediationConfig): Policy {
  const { mode, limits, never_block } = config
  const own = config.playbooks.map(playbook => playbookOf(playbook, mode))
  const names = new Set(own.map(({ name }) => name))
  const telling = config.destinations.filter(({ template }) => tellingTemplates.includes(template))
  const destinations = telling.map(({ name }) => name)
  const playbooks = [...own, ...builtInPlaybooks(mode, destinations).filter(({ name }) => !names.has(name))]
  const source = JSON.stringify({ playbooks, limits, never_block }, (_, value) =>
    value instanceof RegExp ? value.source : value,
  )
  return {
    playbooks,
    limits: {
      perMinute: limits.per_minute,
      perHour: limits.per_hour,
      atOnce: limits.at_once,
      prefix4: limits.ipv4_prefix,
      prefix6: limits.ipv6_prefix,
    },
    version: createHash('sha256').update(source).digest('hex').slice(0, 12),
  }
}

/** True where some alert could change the firewall. */
export function touchesFirewall({ playbooks }: Policy): boolean {
  return playbooks.some(playbook => playbook.mode !== 'observe' && blockStep(playbook) !== undefined)
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
    steps: config.steps.map(step =>
      step.type === 'block' ? { type: 'block', ladder: step.ttl, resetAfter: step.reset_after } : step,
    ),
    cooldown: config.cooldown,
  }
}
