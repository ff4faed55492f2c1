/**
 * Guards beside OpenClaw: programs that decide about what an agent does, and that can fail while everything else works.
 * The sets are closed.
 */

/** The guards whose records are read. */
export const guards = ['openshell', 'defenseclaw'] as const
export type Guard = (typeof guards)[number]

/** What a guard does with a request that its policy denies: refuse it, or only report it. */
export const guardModes = ['enforce', 'observe'] as const
export type GuardMode = (typeof guardModes)[number]

/**
 * What is known of a guard: `up` is in the path and enforces, `observing` only reports, `silent` reports nothing while
 * its gateway is busy, `degraded` and `fail_open` by its own reports, `other_mode` and `other_version` than configured.
 */
export const guardStates = [
  'up',
  'unknown',
  'observing',
  'silent',
  'degraded',
  'fail_open',
  'other_mode',
  'other_version',
] as const
export type GuardState = (typeof guardStates)[number]
