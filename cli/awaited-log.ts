import { setTimeout as timer } from 'node:timers/promises'
import type { Logger } from '../service/log/logger.ts'
import type { Service } from './run-service.ts'

const LOOK_MS = 10_000

export interface AwaitedLog {
  /** Whether recordings are played because there was no log of OpenClaw when the configuration was loaded. */
  readonly isAwaited: () => boolean
  /** Looks for a log again; rejects where one of the places cannot be read. */
  readonly isThere: () => Promise<boolean>
  readonly logger: Logger
  /** Resolves when it is time to look again; rejects when the signal ends the wait. */
  readonly pause?: (signal: AbortSignal) => Promise<unknown>
}

const tenSeconds = (signal: AbortSignal) => timer(LOOK_MS, undefined, { signal, ref: false })

/**
 * The service, reloaded when a log of OpenClaw appears while it plays recordings: an exporter that starts before its
 * gateway, as after a boot, reads the log without a restart.
 */
export function reloadedWhenLogAppears(service: Service, awaited: AwaitedLog): Service {
  const { isAwaited, isThere, logger, pause = tenSeconds } = awaited
  const ending = new AbortController()
  const isNext = () =>
    pause(ending.signal).then(
      () => !ending.signal.aborted,
      () => false,
    )
  const look = async () => {
    while (await isNext()) {
      if (!isAwaited()) continue
      // A place that cannot be read now is looked at again.
      if (!(await isThere().catch(() => false)) || ending.signal.aborted) continue
      await service
        .reload()
        .catch(error => logger.error('A log of OpenClaw appeared, but the configuration was not reloaded.', { error }))
    }
  }
  return {
    start: async () => {
      const started = await service.start()
      void look()
      return started
    },
    reload: () => service.reload(),
    stop: () => {
      ending.abort()
      return service.stop()
    },
  }
}
