/** How much may be blocked without a person. */
export interface Limits {
  readonly perMinute: number
  readonly perHour: number
  /** Blocks that are in force together; a person cannot exceed it either. */
  readonly atOnce: number
  /** Least bits of an IPv4 network. */
  readonly prefix4: number
  /** Least bits of an IPv6 network. */
  readonly prefix6: number
}

/** Blocks that were begun in the last minute and hour, and those in force. */
export interface BlockCounts {
  readonly minute: number
  readonly hour: number
  readonly active: number
}

/** The cap that one more block would exceed. */
export function exceededCap(counts: BlockCounts, limits: Limits): 'per_minute' | 'per_hour' | 'at_once' | undefined {
  if (counts.active >= limits.atOnce) return 'at_once'
  if (counts.minute >= limits.perMinute) return 'per_minute'
  return counts.hour >= limits.perHour ? 'per_hour' : undefined
}
