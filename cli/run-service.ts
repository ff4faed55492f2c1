import type { Logger } from '../service/log/logger.ts'

/** A part of clawtrust while it runs. */
export interface Service {
  /** Resolves when it answers; the address is the one to open. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also where the start failed or is still under way. */
  stop(): Promise<void>
  /** Takes the configuration anew; rejects where it is refused and the old one stays. */
  reload(): Promise<void>
}

/** The process's signals, and its end. */
export interface ServiceProcess {
  on(signal: ServiceSignal, listener: () => void): unknown
  off(signal: ServiceSignal, listener: () => void): unknown
  exit(code: number): void
}

export type ServiceSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

/**
 * Runs a service until SIGTERM or SIGINT; SIGHUP reloads. A second of the ending signals ends the process at once,
 * for when stopping hangs.
 */
export async function runService(
  service: Service,
  host: ServiceProcess,
  logger: Logger,
  started: (url: string) => void,
): Promise<void> {
  const ending = Promise.withResolvers<void>()
  let told = false
  const end = () => {
    if (told) host.exit(1)
    told = true
    ending.resolve()
  }
  const reload = () => {
    service
      .reload()
      .catch(error =>
        logger.error('Configuration reload failed; the previous configuration stays in force.', { error }),
      )
  }
  const listeners = { SIGTERM: end, SIGINT: end, SIGHUP: reload } as const
  const signals = Object.keys(listeners) as ServiceSignal[]
  for (const signal of signals) host.on(signal, listeners[signal])
  try {
    const start = service.start().then(({ url }) => started(url))
    await Promise.race([start, ending.promise])
    await ending.promise
  } finally {
    await service.stop()
    for (const signal of signals) host.off(signal, listeners[signal])
  }
}
