import { DAY_MS, HOUR_MS } from '../../core/clock.ts'
import type { Mode, Playbook } from '../domain/playbook.ts'

/** Playbooks that are there without configuration; one of the same name in the configuration takes its place. */
export function builtInPlaybooks(mode: Mode, destinations: readonly string[]): readonly Playbook[] {
  const requests = destinations.map(destination => ({ type: 'request', destination }) as const)
  const shared = { mode, match: {}, targetLabel: 'source_ip', cooldown: HOUR_MS }
  return [
    {
      ...shared,
      name: 'mtls-unknown-source',
      conditions: { verdict: ['malicious'] },
      steps: [{ type: 'block', ladder: [DAY_MS], resetAfter: 30 * DAY_MS }, ...requests],
    },
    {
      ...shared,
      name: 'brute-force',
      conditions: { verdict: ['malicious', 'unknown'] },
      steps: [{ type: 'block', ladder: [HOUR_MS, 6 * HOUR_MS, DAY_MS], resetAfter: 7 * DAY_MS }, ...requests],
    },
  ]
}
