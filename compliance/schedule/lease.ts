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

/** The right where two things have to be had for it: what only one of them knows or loses counts. */
export function bothLeases(outer: AcquireLease, inner: AcquireLease): AcquireLease {
  return async () => {
    const first = await outer()
    if (first === undefined) return undefined
    const second = await inner().catch(async error => {
      await first.release([])
      throw error
    })
    if (second === undefined) {
      await first.release([])
      return undefined
    }
    return {
      signal: AbortSignal.any([first.signal, second.signal]),
      reported: [...first.reported, ...second.reported],
      async release(reported) {
        await second.release(reported)
        await first.release(reported)
      },
    }
  }
}
