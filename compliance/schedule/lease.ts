/** The right to make reports, which one process has at a time. */
export interface Lease {
  /** Aborts when the right may be another's: work that is not finished then must not be published. */
  readonly signal: AbortSignal
  /** Periods that another holder has reported, in a folder that this process may not see. */
  readonly reported: readonly string[]
  /** Gives the right up, and tells the next holder what is reported. Never fails: a right that is not given up ends by itself. */
  release(reported: readonly string[]): Promise<void>
}

/** How to get it; undefined while another process has it. */
export type AcquireLease = () => Promise<Lease | undefined>
