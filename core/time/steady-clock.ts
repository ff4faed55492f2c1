import type { Clock } from '../clock.ts'

/**
 * A clock that starts with the host's time and then advances with the monotonic clock: a jump of the host's clock
 * neither shortens nor lengthens a block. The kernel's timeouts use monotonic time too.
 */
export function steadyClock(clock: Clock): Clock {
  const start = clock.now() - clock.monotonic()
  return { now: () => Math.round(start + clock.monotonic()), monotonic: () => clock.monotonic() }
}
