import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/clock.ts'
import type { Mode, Playbook } from '../domain/playbook.ts'
import type { ShippedStep } from './registry.ts'

/**
 * Playbooks that are there without configuration; one of the same name in the configuration takes its place.
 *
 * @param people destinations that notify people
 * @param rotations destinations that rotate certificates
 */
export function builtInPlaybooks(
  mode: Mode,
  people: readonly string[],
  rotations: readonly string[] = [],
): readonly Playbook[] {
  const requestTo = (destination: string): ShippedStep => ({ type: 'request', destination })
  const requests = people.map(requestTo)
  const rotation = [...rotations.map(requestTo), ...requests]
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
    {
      ...shared,
      name: 'certificate-rotation',
      // Without a destination there is nothing to carry out.
      mode: rotation.length === 0 ? 'observe' : mode,
      targetLabel: 'subject',
      conditions: {},
      steps: rotation,
      // The alert fires until the new certificate is seen, which may take days.
      cooldown: DAY_MS,
    },
  ]
}
