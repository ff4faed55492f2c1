import type { EpochMs } from '../../core/clock.ts'

/** A block that should be in the kernel. */
export interface Block {
  readonly target: string
  readonly incident: string
  /** `wanted`: decided, not yet confirmed in the kernel. */
  readonly state: 'wanted' | 'applied'
  readonly since: EpochMs
  readonly expiresAt: EpochMs
  /** Milliseconds; no upsert may ever give more. */
  readonly length: number
  /** True if the row cannot be read; its end is then what the rest of the row says, or in the past. */
  readonly damaged?: true
}

/** How often a target was blocked, and until when. */
export interface Offences {
  readonly count: number
  /** Scheduled end of the last block: a blocked address cannot offend, so the quiet time starts there. */
  readonly last: EpochMs
}

export const noOffences: Offences = { count: 0, last: 0 }
