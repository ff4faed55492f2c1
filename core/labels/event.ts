/**
 * Values of every event: severity, outcome, kinds of entities.
 */

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** ECS `event.outcome`, with `denied` distinguished from a technical failure. */
export const outcomes = ['success', 'failure', 'denied', 'unknown'] as const
export type Outcome = (typeof outcomes)[number]

/**
 * Why the source address of an event is unknown: the proxy in front of the gateway forwards none, the X-Forwarded-For
 * list may have been truncated by the gateway's log, its right-most entry that is not of a proxy is no address, it names
 * proxies only, the peer of the connection has no IP address, the record is a line of a console in plain text, which a
 * client can write as a whole, or it comes from a text in which a user can write a second address.
 */
export const unknownAddressReasons = [
  'forwarded_missing',
  'forwarded_truncated',
  'forwarded_invalid',
  'forwarded_proxies_only',
  'peer_invalid',
  'console_text',
  'forgeable_text',
] as const
export type UnknownAddressReason = (typeof unknownAddressReasons)[number]

/** Kinds of entities that can be first-seen. */
export const entityKinds = ['identity', 'address', 'device', 'zone_pair'] as const
export type EntityKind = (typeof entityKinds)[number]
