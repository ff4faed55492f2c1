import { setTimeout as timer } from 'node:timers/promises'

const LOOK_MS = 10_000

export interface AwaitedLog {
  /** Looks for a log again; rejects where one of the places cannot be read. */
  readonly isThere: () => Promise<boolean>
  /** Resolves when it is time to look again; rejects when the signal ends the wait. */
  readonly pause?: (signal: AbortSignal) => Promise<unknown>
}

const tenSeconds = (signal: AbortSignal) => timer(LOOK_MS, undefined, { signal, ref: false })

/** Resolves to true when a log of OpenClaw is there, and to false when the signal ends the wait. */
export async function logAppears({ isThere, pause = tenSeconds }: AwaitedLog, signal: AbortSignal): Promise<boolean> {
  const isNext = () =>
    pause(signal).then(
      () => !signal.aborted,
      () => false,
    )
  while (await isNext()) {
    // A place that cannot be read now is looked at again.
    if ((await isThere().catch(() => false)) && !signal.aborted) return true
  }
  return false
}
