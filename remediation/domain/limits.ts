/** How much may be done without a person. */
export interface Limits {
  /** Actions that are begun: blocks, and requests that follow no block. */
  readonly perMinute: number
  readonly perHour: number
  /** Blocks that are in force together; a person cannot exceed it either. */
  readonly atOnce: number
  /** Least bits of an IPv4 network. */
  readonly prefix4: number
  /** Least bits of an IPv6 network. */
  readonly prefix6: number
  /** Proposals that wait for a person at the same time. */
  readonly waitingApprovals: number
}

/** Actions that were begun in the last minute and hour, blocks in force, and proposals that wait for a person. */
export interface ActionCounts {
  readonly minute: number
  readonly hour: number
  readonly active: number
  readonly proposed: number
}

export type Cap = 'per_minute' | 'per_hour' | 'at_once'

/** The cap that one more action would exceed. */
export function exceededCap(counts: ActionCounts, limits: Limits, blocks: boolean): Cap | undefined {
  if (blocks && counts.active >= limits.atOnce) return 'at_once'
  if (counts.minute >= limits.perMinute) return 'per_minute'
  return counts.hour >= limits.perHour ? 'per_hour' : undefined
}
