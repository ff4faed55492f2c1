import type { Logger } from '../service/log/logger.ts'

/** A part of clawtrust while it runs. */
export interface Service {
  /** Resolves when the service listens; the address to open in a browser. */
  start(): Promise<{ readonly url: string }>
  /** Resolves when everything is written; also if the start failed or is still in progress. */
  stop(): Promise<void>
  /** Reloads the configuration; rejects if it is refused, and the previous one stays in force. */
  reload(): Promise<void>
}

/** Signals of the process, and its exit. */
export interface ServiceProcess {
  on(signal: ServiceSignal, listener: () => void): unknown
  off(signal: ServiceSignal, listener: () => void): unknown
  exit(code: number): void
}

export type ServiceSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP'

/**
 * Runs a service until SIGTERM or SIGINT, or until a promise resolves; SIGHUP reloads. Resolves to true if a signal came. A second SIGTERM or SIGINT ends the process immediately, in
 * case the stop hangs.
 */
export async function runService(
  service: Service,
  host: ServiceProcess,
  logger: Logger,
  started: (url: string) => void,
  until?: Promise<void>,
): Promise<boolean> {
  const ending = Promise.withResolvers<void>()
  let stopping = false
  const end = () => {
    if (stopping) host.exit(1)
    stopping = true
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
    const ended = until === undefined ? ending.promise : Promise.race([ending.promise, until])
    await Promise.race([start, ended])
    await ended
  } finally {
    await service.stop()
    for (const signal of signals) host.off(signal, listeners[signal])
  }
  return stopping
}
