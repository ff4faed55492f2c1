import { setTimeout as sleep } from 'node:timers/promises'

const PAUSE_MS = 100

/**
 * Asks until there is an answer, and gives it: for what another process does in its own time.
 *
 * @param what for the message: `prometheus is ready`
 * @param ask gives undefined, or throws, as long as the answer is not there
 * @throws where there is no answer within the limit, with the last error and what `context` tells
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { limitMs = 30_000, context = () => '' }: { limitMs?: number; context?: () => string } = {},
): Promise<T> {
  const end = performance.now() + limitMs
  let last: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      last = error
    }
    await sleep(PAUSE_MS)
  } while (performance.now() < end)
  throw new Error(`waited ${limitMs / 1000} s in vain: ${what}\n${context()}`, { cause: last })
}

/** Waits until an address answers with a 2xx status. */
export async function answersAt(url: string, context: () => string): Promise<void> {
  await eventually(`${url} answers`, async () => (await fetch(url)).ok || undefined, { context })
}
