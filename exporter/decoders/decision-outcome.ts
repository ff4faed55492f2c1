import type { Decision, Outcome } from '../../core/vocabulary.ts'

/** Outcome of an event by what was decided; open where nothing was refused or granted yet. */
export const decisionOutcome: Readonly<Record<Decision, Outcome>> = {
  allow: 'success',
  deny: 'denied',
  ask: 'unknown',
  audit: 'unknown',
}
