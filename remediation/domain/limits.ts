import { parseTarget, widen } from '../../core/net/target.ts'

/** How much may be done without a person. */
export interface Limits {
  /** Networks against which actions are begun: blocks, and requests that follow no block. */
  readonly perMinute: number
  readonly perHour: number
  /** Blocks that are in force together; a person cannot exceed it either. */
  readonly atOnce: number
  /** Least bits of an IPv4 network. */
  readonly prefix4: number
  /** Least bits of an IPv6 network. */
  readonly prefix6: number
  /** Networks with proposals that wait for a person at the same time. */
  readonly waitingApprovals: number
}

/** Which hosts of one network are one attacker, as the exporter counts them. */
export interface SourceNetworks {
  /** Bits of the network: `exporter.source_networks`. */
  readonly prefix4: number
  readonly prefix6: number
  /** Hosts of it that must have offended for it to be blocked whole: `exporter.offenders.network_hosts`. */
  readonly hosts: number
}

/** What counts when one more action is decided on. Networks are those of `countedNetwork`. */
export interface ActionCounts {
  /** Other networks against which actions were begun in the last minute and hour. */
  readonly minute: number
  readonly hour: number
  /** Blocks in force, by address. */
  readonly active: number
  /** Other networks with proposals that wait for a person. */
  readonly proposed: number
  /** The same of the target's own network, by action and by proposal. */
  readonly own: { readonly minute: number; readonly hour: number; readonly proposed: number }
}

/** Who waits for room and has precedence over a target. */
export interface Ahead {
  /** Other networks that would take a place of their own. */
  readonly networks: number
  /** Targets in the target's own network. */
  readonly own: number
}

export const noneAhead: Ahead = { networks: 0, own: 0 }

/** Prefixes of the networks that one offender is assumed to have. */
const COUNTED_PREFIX = { 4: 24, 6: 64 } as const

/**
 * Offenders of one network may do as much as so many offenders of different ones: a network counts as one, and what it
 * has beyond its share waits.
 */
export const NETWORK_SHARE = 16

/**
 * The network whose offenders count as one for the limits: IPv6 /64, IPv4 /24. Empty for a target that is no address,
 * which counts for itself.
 */
export function countedNetwork(targetText: string): string {
  const target = parseTarget(targetText)
  return target === undefined ? '' : widen(target, COUNTED_PREFIX[target.family]).text
}

export const caps = ['per_minute', 'per_hour', 'at_once'] as const
export type Cap = (typeof caps)[number]

/** The cap that one more action would exceed. */
export function exceededCap(counts: ActionCounts, limits: Limits, blocks: boolean): Cap | undefined {
  if (blocks && counts.active >= limits.atOnce) return 'at_once'
  if (counts.minute >= limits.perMinute) return 'per_minute'
  return counts.hour >= limits.perHour ? 'per_hour' : undefined
}

/** True where the target's network has its share of the actions of a minute or an hour, or will have it. */
export function hasActionShare({ own }: ActionCounts, { perMinute, perHour }: Limits, ahead = noneAhead): boolean {
  const minute = own.minute + ahead.own
  const hour = own.hour + ahead.own
  return minute >= Math.min(NETWORK_SHARE, perMinute) || hour >= Math.min(NETWORK_SHARE, perHour)
}

/**
 * Networks of which one more proposal may wait when those with precedence have their places; 0 where the target's
 * network has its share of them.
 */
export function approvalRoom({ proposed, own }: ActionCounts, { waitingApprovals }: Limits, ahead: Ahead): number {
  if (own.proposed + ahead.own >= Math.min(NETWORK_SHARE, waitingApprovals)) return 0
  return Math.max(0, waitingApprovals - proposed - ahead.networks)
}
