/**
 * Values of every event: severity, outcome, kinds of entities.
 */

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** ECS `event.outcome`, with `denied` distinguished from a technical failure. */
export const outcomes = ['success', 'failure', 'denied', 'unknown'] as const
export type Outcome = (typeof outcomes)[number]

/** Kinds of entities that can be first-seen. */
export const entityKinds = ['identity', 'address', 'device', 'zone_pair'] as const
export type EntityKind = (typeof entityKinds)[number]
