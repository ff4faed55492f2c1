import type { SecurityEvent } from '../../core/event.ts'

/** What a person reads as the reason of an event: of drifts their kind, of decisions the decision and its policy. */
export function reasonOf({ labels, signal }: SecurityEvent): string {
  if (signal === 'posture_drifts') return labels.kind ?? ''
  if (signal === 'policy_decisions') return `${labels.decision} by ${labels.policy}`
  return labels.reason ?? labels.mechanism ?? ''
}
