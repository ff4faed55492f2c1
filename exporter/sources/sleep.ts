import { setTimeout as timer } from 'node:timers/promises'

/** How sources wait where they are given nothing else: by the clock of the machine. */
export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await timer(milliseconds, undefined, { signal }).catch(() => undefined)
}
