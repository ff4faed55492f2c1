import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import type { Mode, Playbook } from '../domain/playbook.ts'
import type { ShippedStep } from './registry.ts'

/** Playbooks that are there without configuration; one of the same name in the configuration takes its place. */
export function builtInPlaybooks(mode: Mode, destinations: readonly string[]): readonly Playbook[] {
  const requests = destinations.map((destination): ShippedStep => ({ type: 'request', destination }))
  const block = (ttl: number[], reset_after: number): ShippedStep => ({ type: 'block', ttl, reset_after })
  const shared = { mode, match: {}, targetLabel: 'source_ip', cooldown: HOUR_MS, alertRange: 20 * MINUTE_MS }
  return [
    {
      ...shared,
      name: 'mtls-unknown-source',
      conditions: { verdict: ['malicious'] },
      steps: [block([DAY_MS], 30 * DAY_MS), ...requests],
    },
    {
      ...shared,
      name: 'brute-force',
      conditions: { verdict: ['malicious', 'unknown'] },
      steps: [block([HOUR_MS, 6 * HOUR_MS, DAY_MS], 7 * DAY_MS), ...requests],
    },
  ]
}
