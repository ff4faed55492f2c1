import { setTimeout as sleep } from 'node:timers/promises'
import type { RunningProcess } from './process.ts'

const PAUSE_MS = 50
/** A server that does this within a second takes many where four test files and their servers want two cores. */
const LIMIT_MS = 45_000

/**
 * Asks until there is an answer, and gives it: for what another process does in its own time.
 *
 * @param what for the message: `prometheus is ready`
 * @param ask gives undefined, or throws, as long as the answer is not there
 * @param by the process that is waited for; its end ends the waiting, and its output is in the message
 * @throws where there is no answer within the limit, with the last error as cause
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { limitMs = LIMIT_MS, by }: { limitMs?: number; by?: RunningProcess } = {},
): Promise<T> {
  const end = performance.now() + limitMs
  let cause: unknown
  while (performance.now() < end && !by?.hasEnded()) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      cause = error
    }
    await sleep(PAUSE_MS)
  }
  const why = by?.hasEnded() ? 'the process has ended' : `${limitMs / 1000} s have passed`
  throw new Error(`waited in vain until ${what}: ${why}\n${by?.output() ?? ''}`, { cause })
}

/** Waits until a server answers with a 2xx status. */
export async function answersAt(url: string, server: RunningProcess): Promise<void> {
  await eventually(`${url} answers`, async () => (await fetch(url)).ok || undefined, { by: server })
}
