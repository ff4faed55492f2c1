import { setTimeout as timer } from 'node:timers/promises'

/** Resolves after that many milliseconds by the clock of the machine, or at once when the signal aborts. */
export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal }).catch(() => undefined)
}
