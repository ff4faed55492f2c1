import type { TextMatcher } from '../../core/trust-zones.ts'

/**
 * `observe`: records decisions only. `approve`: waits for an approval. `enforce`: executes.
 */
export const modes = ['observe', 'approve', 'enforce'] as const
export type Mode = (typeof modes)[number]

export const verdicts = ['malicious', 'benign', 'unknown'] as const
/** What threat intelligence says of an address. Being on no list is `unknown`, never `benign`. */
export type Verdict = (typeof verdicts)[number]

/** What is done to an alert of a kind: data, from the configuration or built in. */
export interface Playbook {
  readonly name: string
  readonly mode: Mode
  /** Labels that an alert must have; without any, `playbook` must be the playbook's name. */
  readonly match: Readonly<Record<string, readonly TextMatcher[]>>
  /** The label whose value the actions are aimed at. */
  readonly targetLabel: string
  readonly conditions: Conditions
  readonly steps: readonly StepConfig[]
  /** How long after an action no further one begins; milliseconds. */
  readonly cooldown: number
  /**
   * Longest time over which the alert rules that call it count, milliseconds: for so long after the end of a block, an
   * alert may still fire because of what happened before it.
   */
  readonly alertRange: number
}

/** Each that is given must hold. */
export interface Conditions {
  readonly verdict?: readonly Verdict[]
  /** ISO 3166-1 alpha-2; an address whose country is not known is in none. */
  readonly countries?: readonly string[]
  /** An address whose country is not known counts as excluded. */
  readonly notCountries?: readonly string[]
}

/** A step of a playbook as it is configured; all keys beside `type` belong to its kind. */
export interface StepConfig {
  readonly type: string
}
