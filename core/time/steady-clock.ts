import type { Clock } from '../clock.ts'

/**
 * A clock that starts with the host's time and from then on only follows what has passed: a jump of the host's clock
 * neither ends a block early nor lengthens it. The kernel's timeouts follow the same passing of time.
 */
export function steadyClock(clock: Clock): Clock {
  const start = clock.now() - clock.monotonic()
  return { now: () => Math.round(start + clock.monotonic()), monotonic: () => clock.monotonic() }
}
